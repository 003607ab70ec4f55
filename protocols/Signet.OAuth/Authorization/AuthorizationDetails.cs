using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Signet.Jose;

namespace Signet.OAuth.Authorization;

/// <summary>
/// What a client asks for in more detail than a scope can say: objects, each of a <c>type</c>, which the server must know. Bounded in size, number
/// and depth. <see href="https://www.rfc-editor.org/rfc/rfc9396"/>
/// </summary>
public sealed class AuthorizationDetails
{
    /// <summary>The most objects in one array.</summary>
    public const int MaxCount = 20;

    /// <summary>The most characters of a <c>type</c>.</summary>
    public const int MaxTypeLength = 256;

    private const int MaxBytes = 16_384;
    private const int MaxDepth = 8;

    // RFC 9396 §2.2: the common fields that are lists of strings. Less of them is less authority.
    private static readonly string[] Lists = ["locations", "actions", "datatypes", "privileges"];

    private AuthorizationDetails(IReadOnlyList<JsonElement> items) => Items = items;

    /// <summary>The objects, in the order they came; what is in them beside <c>type</c> and the common fields is for the type to judge.</summary>
    public IReadOnlyList<JsonElement> Items { get; }

    /// <summary>The distinct types: all must be known to the server, and allowed to the client (RFC 9396 §5).</summary>
    public IReadOnlySet<string> Types => Items.Select(item => item.GetProperty("type").GetString()!).ToHashSet(StringComparer.Ordinal);

    /// <summary>
    /// RFC 9396 §2: a JSON array of objects with a <c>type</c> each, at most <see cref="MaxCount"/>, 16 KiB and 8 levels deep. An empty array is refused:
    /// it asks for nothing, and could be taken for no limit at all.
    /// </summary>
    public static bool TryParse(string? json, [NotNullWhen(true)] out AuthorizationDetails? details)
    {
        details = json is { Length: <= MaxBytes } && StrictJson.TryParseElement(Encoding.UTF8.GetBytes(json), MaxBytes, MaxDepth) is { } array
            ? TryRead(array)
            : null;
        return details is not null;
    }

    /// <summary>Reads an array that <see cref="StrictJson"/> has parsed, such as the claim of an access token (RFC 9396 §9.1).</summary>
    public static AuthorizationDetails? TryRead(JsonElement array) =>
        array.ValueKind is JsonValueKind.Array && array.GetArrayLength() is > 0 and <= MaxCount && array.EnumerateArray().All(IsDetail)
            ? new([.. array.EnumerateArray().Select(item => item.Clone())])
            : null;

    /// <summary>
    /// Whether every object is no more than one of those granted: of the same type, with the same members, where the lists of RFC 9396 §2.2 may be
    /// shorter and all else must be equal. A member more or less may mean more authority, which only its type could tell, so it is refused.
    /// </summary>
    public bool IsWithin(AuthorizationDetails granted) => Items.All(item => granted.Items.Any(other => IsWithin(item, other)));

    /// <summary>Writes the array, for a response (RFC 9396 §7) or a token.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var item in Items)
        {
            item.WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    /// <summary>The array as compact JSON, to be kept and parsed again.</summary>
    public override string ToString() => Encoding.UTF8.GetString(ClaimsJson.ToUtf8(WriteTo));

    private static bool IsDetail(JsonElement item) =>
        item.ValueKind is JsonValueKind.Object
        && item.TryGetProperty("type", out var type) && type.ValueKind is JsonValueKind.String && type.GetString() is { Length: > 0 and <= MaxTypeLength }
        && Array.TrueForAll(Lists, name => !item.TryGetProperty(name, out var list) || IsListOfStrings(list))
        && (!item.TryGetProperty("identifier", out var identifier) || identifier.ValueKind is JsonValueKind.String);

    // An empty list is refused for the same reason as an empty array.
    private static bool IsListOfStrings(JsonElement list) =>
        list.ValueKind is JsonValueKind.Array && list.GetArrayLength() > 0
        && list.EnumerateArray().All(value => value.ValueKind is JsonValueKind.String);

    private static bool IsWithin(JsonElement wanted, JsonElement granted) =>
        wanted.GetPropertyCount() == granted.GetPropertyCount()
        && wanted.EnumerateObject().All(member => granted.TryGetProperty(member.Name, out var other)
            && (Lists.Contains(member.Name) ? IsSubset(member.Value, other) : JsonElement.DeepEquals(member.Value, other)));

    private static bool IsSubset(JsonElement wanted, JsonElement granted) =>
        wanted.EnumerateArray().All(value => granted.EnumerateArray().Any(other => other.ValueEquals(value.GetString())));
}
