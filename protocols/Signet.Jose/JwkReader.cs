using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using Signet.Jose.Primitives;

namespace Signet.Jose;

/// <summary>Reads the members of one JWK; the first defect found stays, and nothing is returned beside it.</summary>
internal sealed class JwkReader(JsonElement members)
{
    private const int MinModulusBits = 2048;
    private const int MaxModulusBits = 8192;
    private const int MaxMemberBytes = MaxModulusBits / 8;

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    public JwkDefect? Defect { get; private set; }

    public Jwk? ReadPublic()
    {
        if (members.ValueKind is not JsonValueKind.Object)
        {
            return Refuse(JwkDefect.NotStrictJson);
        }

        return Array.Exists(PrivateMembers, name => members.TryGetProperty(name, out _))
            ? Refuse(JwkDefect.PrivateKeyExposed)
            : ReadKey("verify");
    }

    /// <summary>The public half of a private key. What the private members must be, <see cref="PrivateJwkReader"/> says.</summary>
    public Jwk? ReadPublicHalf() => members.ValueKind is JsonValueKind.Object ? ReadKey("sign") : Refuse(JwkDefect.NotStrictJson);

    /// <summary>A base64url member of exactly <paramref name="length"/> octets, or of any length when null.</summary>
    public byte[]? Octets(string name, int? length = null)
    {
        if (Defect is not null)
        {
            return null;
        }

        if (!members.TryGetProperty(name, out var member) || member.ValueKind is not JsonValueKind.String)
        {
            Defect = JwkDefect.MissingOrWrongMember;
            return null;
        }

        // Read from the raw token, so that private members never become strings the collector moves about.
        var text = JsonMarshal.GetRawUtf8Value(member)[1..^1];
        if (text.Length > Base64Url.GetEncodedLength(MaxMemberBytes) || StrictBase64Url.TryDecode(text) is not { Length: > 0 } octets)
        {
            Defect = JwkDefect.BadEncoding;
            return null;
        }

        if (length is { } exact && octets.Length != exact)
        {
            Defect = JwkDefect.WrongLength;
            return null;
        }

        return octets;
    }

    /// <summary>Base64urlUInt: big-endian in the fewest octets (RFC 7518 §2).</summary>
    public byte[]? UnsignedInteger(string name)
    {
        if (Octets(name) is not { } octets)
        {
            return null;
        }

        if (octets[0] != 0)
        {
            return octets;
        }

        Defect = JwkDefect.BadEncoding;
        return null;
    }

    private Jwk? ReadKey(string operation)
    {
        var keyType = Text("kty", required: true);
        var kid = Text("kid");
        var algorithmName = Text("alg");
        if (Defect is not null)
        {
            return null;
        }

        if (!IsFor(operation))
        {
            return Refuse(JwkDefect.NotForSignatures);
        }

        var key = keyType switch
        {
            "RSA" => ReadRsa(kid),
            "EC" => ReadEc(kid),
            "OKP" => ReadOkp(kid),
            _ => Refuse(JwkDefect.UnsupportedKeyType),
        };
        return key is null || algorithmName is null ? key : Bind(key, algorithmName);
    }

    private Jwk? Bind(Jwk key, string algorithmName)
    {
        // RFC 8037 §3.1 keys may still say "EdDSA"; their curve tells which.
        var algorithm = key.KeyType is KeyType.Okp && algorithmName is "EdDSA" ? key.Algorithm : JwsAlgorithm.TryParse(algorithmName);
        if (algorithm is null)
        {
            return Refuse(JwkDefect.UnsupportedAlgorithm);
        }

        return algorithm.KeyType == key.KeyType && string.Equals(algorithm.Curve, key.Curve, StringComparison.Ordinal)
            ? new Jwk(key.KeyType, key.Curve, key.First, key.Second, algorithm, key.Kid)
            : Refuse(JwkDefect.AlgorithmDoesNotFit);
    }

    private Jwk? ReadRsa(string? kid)
    {
        if (UnsignedInteger("n") is not { } modulus || UnsignedInteger("e") is not { } exponent)
        {
            return null;
        }

        var bits = (modulus.Length * 8) - int.LeadingZeroCount(modulus[0]) + 24;
        if (bits is < MinModulusBits or > MaxModulusBits || (modulus[^1] & 1) == 0 || RocaFingerprint.Matches(modulus))
        {
            return Refuse(JwkDefect.WeakModulus);
        }

        // FIPS 186-5 §A.1.1: odd and greater than 2^16; the upper bound keeps verification cheap.
        return exponent.Length is 3 or 4 && (exponent[^1] & 1) == 1
            ? new Jwk(KeyType.Rsa, null, modulus, exponent, null, kid)
            : Refuse(JwkDefect.WeakExponent);
    }

    private Jwk? ReadEc(string? kid)
    {
        if (Text("crv", required: true) is not { } name)
        {
            return null;
        }

        if (EcCurve.TryParse(name) is not { } curve)
        {
            return Refuse(JwkDefect.UnsupportedCurve);
        }

        // RFC 7518 §6.2.1.2: the full size of a coordinate, leading zeros kept.
        if (Octets("x", curve.CoordinateBytes) is not { } x || Octets("y", curve.CoordinateBytes) is not { } y)
        {
            return null;
        }

        return curve.Contains(x, y) ? new Jwk(KeyType.Ec, curve.Name, x, y, null, kid) : Refuse(JwkDefect.NotOnCurve);
    }

    private Jwk? ReadOkp(string? kid)
    {
        if (Text("crv", required: true) is not { } name)
        {
            return null;
        }

        if (name is not ("Ed25519" or "Ed448"))
        {
            return Refuse(JwkDefect.UnsupportedCurve);
        }

        if (Octets("x", name is "Ed25519" ? Sodium.PublicKeyBytes : Edwards448.PublicKeyBytes) is not { } x)
        {
            return null;
        }

        return (name is "Ed25519" ? Sodium.IsPublicKey(x) : Edwards448.IsPublicKey(x))
            ? new Jwk(KeyType.Okp, name, x, [], null, kid)
            : Refuse(JwkDefect.NotOnCurve);
    }

    /// <summary>RFC 7517 §4.2 and §4.3: what the key's owner reserved it for is binding.</summary>
    private bool IsFor(string operation)
    {
        if (members.TryGetProperty("use", out var use) && !(use.ValueKind is JsonValueKind.String && use.ValueEquals("sig"u8)))
        {
            return false;
        }

        return !members.TryGetProperty("key_ops", out var operations)
            || (operations.ValueKind is JsonValueKind.Array
                && operations.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.String && item.ValueEquals(operation)));
    }

    private string? Text(string name, bool required = false)
    {
        if (!members.TryGetProperty(name, out var member))
        {
            Defect ??= required ? JwkDefect.MissingOrWrongMember : null;
            return null;
        }

        if (member.ValueKind is JsonValueKind.String)
        {
            return member.GetString();
        }

        Defect ??= JwkDefect.MissingOrWrongMember;
        return null;
    }

    private Jwk? Refuse(JwkDefect defect)
    {
        Defect ??= defect;
        return null;
    }
}
