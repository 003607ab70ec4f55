using System.Text.Json;

namespace Signet.OpenIdFederation.Policy;

/// <summary>
/// Reads the lists operators work with. The parameter <c>scope</c> is text with spaces between its values and counts as a list of them
/// (OIDFed §6.1.3.1.8).
/// </summary>
internal static class Operand
{
    private const string Scope = "scope";

    public static bool IsScope(string parameter) => string.Equals(parameter, Scope, StringComparison.Ordinal);

    /// <summary>Arrays of strings, of objects or of numbers: what list operators support. Equal elements are one. Null for anything else.</summary>
    public static JsonElement[]? TryReadList(JsonElement value, bool isScope)
    {
        if (isScope && value.ValueKind is JsonValueKind.String)
        {
            return [.. Split(value.GetString()!).Distinct(StringComparer.Ordinal).Select(Json.Text)];
        }

        if (value.ValueKind is not JsonValueKind.Array)
        {
            return null;
        }

        List<JsonElement> items = new(value.GetArrayLength());
        HashSet<JsonElement> seen = new(ElementEquality.Instance);
        JsonValueKind? kind = isScope ? JsonValueKind.String : null;
        foreach (var item in value.EnumerateArray())
        {
            kind ??= item.ValueKind;
            if (item.ValueKind != kind || kind is not (JsonValueKind.String or JsonValueKind.Object or JsonValueKind.Number))
            {
                return null;
            }

            if (seen.Add(item))
            {
                items.Add(item);
            }
        }

        return [.. items];
    }

    /// <summary>
    /// Equality of the values of <c>value</c> and <c>default</c>: of JSON values, so with the order of arrays. For <c>scope</c> text and array
    /// are the same.
    /// </summary>
    public static bool AreEqual(JsonElement one, JsonElement other, bool isScope) =>
        JsonElement.DeepEquals(one, other)
        || (isScope && TryReadList(one, isScope: true) is { } first && TryReadList(other, isScope: true) is { } second
            && first.SequenceEqual(second, ElementEquality.Instance));

    /// <summary>The text of a scope, for operators that compare whole values.</summary>
    public static JsonElement Join(IEnumerable<JsonElement> scopes) => Json.Text(string.Join(' ', scopes.Select(scope => scope.GetString())));

    private static string[] Split(string scope) => scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
