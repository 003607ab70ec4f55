using System.Security.Cryptography;
using System.Text.Json;

namespace Signet.Jose;

/// <summary>
/// A public signature key that passed every check: strong enough, on its curve, in its one encoding, and meant for signatures.
/// It never holds or writes private members. <see href="https://www.rfc-editor.org/rfc/rfc7517"/>
/// </summary>
public sealed class Jwk
{
    internal Jwk(KeyType keyType, string? curve, byte[] first, byte[] second, JwsAlgorithm? algorithm, string? kid)
    {
        KeyType = keyType;
        Curve = curve;
        First = first;
        Second = second;
        Algorithm = algorithm ?? (curve is null ? null : JwsAlgorithm.ForCurve(curve));
        Kid = kid;
    }

    /// <summary>The <c>kty</c>.</summary>
    public KeyType KeyType { get; }

    /// <summary>The <c>crv</c>; null for RSA.</summary>
    public string? Curve { get; }

    /// <summary>The algorithm the key is bound to: its <c>alg</c>, else the one of its curve. Null only for an RSA key without <c>alg</c>.</summary>
    public JwsAlgorithm? Algorithm { get; }

    /// <summary>The <c>kid</c> the key came with, if any.</summary>
    public string? Kid { get; }

    /// <summary>RFC 7638 SHA-256 thumbprint, base64url without padding (43 characters).</summary>
    public string Thumbprint => field ??= StrictBase64Url.Encode(SHA256.HashData(ThumbprintInput()));

    /// <summary>RSA: modulus; EC and OKP: x.</summary>
    internal byte[] First { get; }

    /// <summary>RSA: exponent; EC: y; OKP: empty.</summary>
    internal byte[] Second { get; }

    /// <summary>Reads a public key; null when refused.</summary>
    public static Jwk? TryParse(ReadOnlySpan<byte> utf8) => TryParse(utf8, out _);

    /// <summary>Reads a public key; null, with the reason, when refused. Members this library has no use for are ignored (RFC 7517 §4).</summary>
    public static Jwk? TryParse(ReadOnlySpan<byte> utf8, out JwkDefect? defect)
    {
        if (StrictJson.TryParseElement(utf8) is { } members)
        {
            return TryParse(members, out defect);
        }

        defect = JwkDefect.NotStrictJson;
        return null;
    }

    /// <summary>Reads a public key from JSON that <see cref="StrictJson"/> has parsed; null, with the reason, when refused.</summary>
    public static Jwk? TryParse(JsonElement members, out JwkDefect? defect)
    {
        var reader = new JwkReader(members);
        var key = reader.ReadPublic();
        defect = reader.Defect;
        return key;
    }

    /// <summary>Writes the public key as an object: key members, then <c>use</c>, <c>alg</c> and <c>kid</c>.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteMembers(writer);
        writer.WriteEndObject();
    }

    /// <summary>The public key as compact JSON.</summary>
    public byte[] ToUtf8Json() => JsonBytes.Compact(WriteTo);

    /// <summary>The public key as indented JSON with a trailing newline, for files people read.</summary>
    public byte[] ToIndentedUtf8Json() => JsonBytes.Indented(WriteTo);

    /// <summary>Same key material, whatever metadata surrounds it.</summary>
    public bool IsSameKeyAs(Jwk other) =>
        KeyType == other.KeyType && string.Equals(Curve, other.Curve, StringComparison.Ordinal)
        && First.AsSpan().SequenceEqual(other.First) && Second.AsSpan().SequenceEqual(other.Second);

    internal void WriteMembers(Utf8JsonWriter writer)
    {
        WriteKeyMembers(writer);
        writer.WriteString("use"u8, "sig"u8);
        if (Algorithm is { } algorithm)
        {
            writer.WriteString("alg"u8, algorithm.Name);
        }

        if (Kid is { } kid)
        {
            writer.WriteString("kid"u8, kid);
        }
    }

    internal Jwk With(JwsAlgorithm algorithm, string kid) => new(KeyType, Curve, First, Second, algorithm, kid);

    /// <summary>RFC 7638 §3.2, RFC 8037 §2: the required members, in lexicographic order, without white space.</summary>
    private byte[] ThumbprintInput() => JsonBytes.Compact(writer =>
    {
        writer.WriteStartObject();
        WriteKeyMembers(writer);
        writer.WriteEndObject();
    });

    /// <summary>Exactly the members of the thumbprint, in its order.</summary>
    private void WriteKeyMembers(Utf8JsonWriter writer)
    {
        switch (KeyType)
        {
            case KeyType.Rsa:
                writer.WriteString("e"u8, StrictBase64Url.Encode(Second));
                writer.WriteString("kty"u8, "RSA"u8);
                writer.WriteString("n"u8, StrictBase64Url.Encode(First));
                break;
            case KeyType.Ec:
                writer.WriteString("crv"u8, Curve);
                writer.WriteString("kty"u8, "EC"u8);
                writer.WriteString("x"u8, StrictBase64Url.Encode(First));
                writer.WriteString("y"u8, StrictBase64Url.Encode(Second));
                break;
            case KeyType.Okp:
                writer.WriteString("crv"u8, Curve);
                writer.WriteString("kty"u8, "OKP"u8);
                writer.WriteString("x"u8, StrictBase64Url.Encode(First));
                break;
        }
    }
}
