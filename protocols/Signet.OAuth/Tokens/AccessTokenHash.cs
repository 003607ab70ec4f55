using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Signet.OAuth.Tokens;

/// <summary>Binds an access token to the ID token it came with (OIDC Core §3.1.3.6).</summary>
public static class AccessTokenHash
{
    /// <summary>OIDC Core §3.1.3.6: base64url of the left half of the token's hash, by the hash function of the ID token's algorithm.</summary>
    /// <param name="accessToken">The token as sent.</param>
    /// <param name="algorithm">The JWS algorithm that signs the ID token.</param>
    /// <exception cref="ArgumentException">The algorithm is not one of those Signet signs with.</exception>
    public static string Compute(string accessToken, string algorithm)
    {
        var token = Encoding.ASCII.GetBytes(accessToken);
        var hash = algorithm switch
        {
            "RS256" or "PS256" or "ES256" => SHA256.HashData(token),
            "RS384" or "PS384" or "ES384" => SHA384.HashData(token),
            // RFC 8032 §5.1: SHA-512 is the hash inside Ed25519.
            "RS512" or "PS512" or "ES512" or "EdDSA" or "Ed25519" => SHA512.HashData(token),
            // RFC 8032 §5.2: SHAKE256 with 114 bytes is the hash inside Ed448.
            "Ed448" => Shake256.HashData(token, 114),
            _ => throw new ArgumentException("No hash function is known for the algorithm.", nameof(algorithm)),
        };
        return Base64Url.EncodeToString(hash.AsSpan(..(hash.Length / 2)));
    }
}
