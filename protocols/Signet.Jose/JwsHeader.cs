using System.Text.Json;

namespace Signet.Jose;

/// <summary>A protected header as it was read: an object without duplicate members, whose <c>alg</c>, <c>kid</c> and <c>typ</c> are strings.</summary>
/// <param name="Algorithm">The <c>alg</c> text, which nothing trusts.</param>
/// <param name="Kid">The <c>kid</c>, if any.</param>
/// <param name="Type">The <c>typ</c>, if any, as written.</param>
/// <param name="Members">All members. Keys and addresses of keys in them (<c>jwk</c>, <c>jku</c>, <c>x5u</c>, <c>x5c</c>) were not looked at.</param>
public sealed record JwsHeader(string Algorithm, string? Kid, string? Type, JsonElement Members)
{
    /// <summary>Whether <c>typ</c> is this media type; case is ignored and <c>application/</c> may be left out (RFC 7515 §4.1.9).</summary>
    public bool IsType(string mediaType) => Type is { } type && Bare(type).Equals(Bare(mediaType), StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a header, whose size the token around it has bounded.</summary>
    internal static JwsHeader? TryRead(ReadOnlySpan<byte> json)
    {
        if (StrictJson.TryParseElement(json, json.Length) is not { ValueKind: JsonValueKind.Object } members)
        {
            return null;
        }

        // RFC 7515 §4.1.11: no extension is understood here, so any list of critical ones is refused; an unencoded payload
        // (RFC 7797 §3) is refused too where its sender forgot to call it critical.
        if (members.TryGetProperty("crit", out _)
            || (members.TryGetProperty("b64", out var b64) && b64.ValueKind is not JsonValueKind.True))
        {
            return null;
        }

        return TryText(members, "alg", out var algorithm) && algorithm is not null
            && TryText(members, "kid", out var kid) && TryText(members, "typ", out var type)
            ? new JwsHeader(algorithm, kid, type, members)
            : null;
    }

    private static bool TryText(JsonElement members, string name, out string? text)
    {
        text = null;
        if (!members.TryGetProperty(name, out var member))
        {
            return true;
        }

        if (member.ValueKind is not JsonValueKind.String)
        {
            return false;
        }

        text = member.GetString();
        return true;
    }

    private static ReadOnlySpan<char> Bare(string type)
    {
        const string Prefix = "application/";
        return type.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !type.AsSpan(Prefix.Length).Contains('/')
            ? type.AsSpan(Prefix.Length)
            : type;
    }
}
