using System.Security.Cryptography;
using System.Text;
using Signet.Jose;

namespace Server.Tests;

/// <summary>Compact tokens with a header of one's own, as those make them who mean harm.</summary>
internal static class ForgedJwt
{
    /// <summary>One part, encoded.</summary>
    public static string Part(string json) => StrictBase64Url.Encode(Encoding.UTF8.GetBytes(json));

    /// <param name="payload">Encoded already.</param>
    public static string Signed(SigningKey key, string header, string payload)
    {
        var input = $"{Part(header)}.{payload}";
        return $"{input}.{StrictBase64Url.Encode(key.Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    /// <summary>As if the bytes were a shared secret: a verifier that believes the header takes a public key for one.</summary>
    public static string Hmac(string header, string payload, byte[] secret)
    {
        var input = $"{Part(header)}.{payload}";
        return $"{input}.{StrictBase64Url.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}";
    }
}
