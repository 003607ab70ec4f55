using System.Security.Cryptography;
using Signet.Jose;

namespace Signet.OAuth.MutualTls;

/// <summary>RFC 8705 §3.1: what binds a token to a TLS certificate.</summary>
public static class CertificateThumbprint
{
    /// <summary>The <c>x5t#S256</c>: base64url of the SHA-256 of the certificate's DER, 43 characters. The bytes are not looked into.</summary>
    public static string Of(ReadOnlySpan<byte> der) => StrictBase64Url.Encode(SHA256.HashData(der));
}
