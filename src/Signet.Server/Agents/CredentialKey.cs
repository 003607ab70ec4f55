using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Signet.Jose;

namespace Signet.Server.Agents;

/// <summary>The public key of a credential, as it is taken in and kept. A key without a name gets its thumbprint for one (RFC 7638).</summary>
internal static class CredentialKey
{
    private const int MaxKid = 128;
    private const int MaxLength = 4096;

    /// <summary>The key as it will be kept and the name assertions call it by; or what is wrong with it.</summary>
    public static (string? Json, string Hint, string? Fault) Take(JsonElement offered)
    {
        if (Jwk.TryParse(JsonMarshal.GetRawUtf8Value(offered), out var defect) is not { } key)
        {
            return (null, "", Describe(defect));
        }

        if (key.Kid is { } named && (named.Length is 0 or > MaxKid || named.Any(c => char.IsControl(c) || char.IsSurrogate(c))))
        {
            return (null, "", $"kid is to have 1 to {MaxKid} characters, none of them a control character");
        }

        var members = JsonNode.Parse(key.ToUtf8Json())!.AsObject();
        members["kid"] ??= key.Thumbprint;
        var json = members.ToJsonString();
        return json.Length <= MaxLength ? (json, (string)members["kid"]!, null) : (null, "", "is too long");
    }

    public static Jwks Read(string json) =>
        new([Jwk.TryParse(Encoding.UTF8.GetBytes(json)) ?? throw new InvalidOperationException("A key that is kept can't be read.")]);

    private static string Describe(JwkDefect? defect) => defect switch
    {
        // Whoever sees the request has the key now.
        JwkDefect.PrivateKeyExposed => "has private members; register the public half, of a new key: this one has been shown",
        JwkDefect.UnsupportedKeyType => "kty is to be EC, OKP or RSA; a shared secret is no key here",
        JwkDefect.UnsupportedCurve => "crv is to be P-256, P-384, P-521, Ed25519 or Ed448",
        JwkDefect.UnsupportedAlgorithm or JwkDefect.AlgorithmDoesNotFit => "alg is none that this key can sign with",
        JwkDefect.NotForSignatures => "use or key_ops reserve it for something else than signatures",
        JwkDefect.WeakModulus or JwkDefect.WeakExponent => "an RSA key is to have 2048 to 8192 bits and an odd exponent of at least 65537",
        _ => "is to be one public JWK (RFC 7517)",
    };
}
