using System.Text.Json;

namespace Signet.Jose;

/// <summary>
/// The signature keys of a JWK Set (RFC 7517 §5). Keys that can't be used are left out rather than making the set unusable, and are
/// reported. Made once and kept: it holds the native form of its keys, and is safe on any thread.
/// </summary>
public sealed class Jwks
{
    /// <summary>Most keys read from one set.</summary>
    public const int MaxKeys = 100;

    private readonly VerificationKey[] verificationKeys;

    /// <summary>A set of these keys.</summary>
    public Jwks(IEnumerable<Jwk> keys)
        : this([.. keys], [])
    {
    }

    private Jwks(IReadOnlyList<Jwk> keys, IReadOnlyList<JwkDefect> leftOut)
    {
        Keys = keys;
        LeftOut = leftOut;
        verificationKeys = [.. keys.Select(key => new VerificationKey(key))];
    }

    /// <summary>The usable keys, in the order of the document.</summary>
    public IReadOnlyList<Jwk> Keys { get; }

    /// <summary>One reason for each key that was left out. A caller that registers keys should refuse the set when there is any.</summary>
    public IReadOnlyList<JwkDefect> LeftOut { get; }

    /// <summary>Reads a JWK Set document; null when it is not strict JSON with a <c>keys</c> array of at most <see cref="MaxKeys"/> objects.</summary>
    public static Jwks? TryParse(ReadOnlySpan<byte> utf8) =>
        StrictJson.TryParseElement(utf8, maxBytes: 512 * 1024) is { } document ? TryParse(document) : null;

    /// <summary>Reads a JWK Set from JSON that <see cref="StrictJson"/> has parsed.</summary>
    public static Jwks? TryParse(JsonElement document)
    {
        if (document.ValueKind is not JsonValueKind.Object || !document.TryGetProperty("keys", out var entries)
            || entries.ValueKind is not JsonValueKind.Array || entries.GetArrayLength() > MaxKeys)
        {
            return null;
        }

        List<Jwk> keys = [];
        List<JwkDefect> leftOut = [];
        foreach (var entry in entries.EnumerateArray())
        {
            if (Jwk.TryParse(entry, out var defect) is { } key)
            {
                keys.Add(key);
            }
            else
            {
                leftOut.Add(defect ?? JwkDefect.NotStrictJson);
            }
        }

        return new Jwks(keys, leftOut);
    }

    /// <summary>Writes the set as an object with the one member <c>keys</c>.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("keys"u8);
        foreach (var key in Keys)
        {
            key.WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The set as compact JSON.</summary>
    public byte[] ToUtf8Json() => JsonBytes.Compact(WriteTo);

    /// <summary>
    /// The one key a header can mean: of its <c>kid</c> and fit for its <c>alg</c>; without <c>kid</c>, the only key fit for the <c>alg</c>
    /// (OIDC Core §10.1). Null when there is none, and when there are several.
    /// </summary>
    internal VerificationKey? Find(string? kid, string alg)
    {
        VerificationKey? found = null;
        foreach (var candidate in verificationKeys)
        {
            if ((kid is null || string.Equals(candidate.Key.Kid, kid, StringComparison.Ordinal)) && candidate.Fits(alg))
            {
                if (found is not null)
                {
                    return null;
                }

                found = candidate;
            }
        }

        return found;
    }
}
