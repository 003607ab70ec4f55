using System.Text.Json;

namespace Signet.OpenIdFederation;

/// <summary>
/// Equality of JSON values, with hashes nobody outside can steer: lists in metadata may be as long as a statement, and comparing each element
/// with each would let a subject keep us busy.
/// </summary>
internal sealed class ElementEquality : IEqualityComparer<JsonElement>
{
    public static readonly ElementEquality Instance = new();

    public bool Equals(JsonElement x, JsonElement y) => JsonElement.DeepEquals(x, y);

    public int GetHashCode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => StringComparer.Ordinal.GetHashCode(element.GetString()!),
        JsonValueKind.Number => Hash(element.TryGetDouble(out var number) ? number : 0),
        // In any order, so added up.
        JsonValueKind.Object => element.EnumerateObject().Aggregate(
            0, (sum, member) => unchecked(sum + HashCode.Combine(StringComparer.Ordinal.GetHashCode(member.Name), GetHashCode(member.Value)))),
        JsonValueKind.Array => element.EnumerateArray().Aggregate(0, (sum, item) => HashCode.Combine(sum, GetHashCode(item))),
        var kind => HashCode.Combine(kind),
    };

    /// <summary>By all 64 bits: the hash of a double folds them, and could be chosen.</summary>
    private static int Hash(double number)
    {
        var bits = BitConverter.DoubleToInt64Bits(number == 0 ? 0 : number);
        return HashCode.Combine((int)bits, (int)(bits >> 32));
    }
}
