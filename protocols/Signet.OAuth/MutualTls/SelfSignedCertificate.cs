using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Signet.Jose;

namespace Signet.OAuth.MutualTls;

/// <summary>
/// RFC 8705 §2.2: a client known by its certificate (<c>self_signed_tls_client_auth</c>), whoever issued it. The chain and its times count for nothing;
/// that the sender holds the key is proven in the TLS handshake.
/// </summary>
public static class SelfSignedCertificate
{
    // RFC 8410 §3.
    private const string IdOfEd25519 = "1.3.101.112";
    private const string IdOfEd448 = "1.3.101.113";

    /// <summary>
    /// Whether the certificate is one registered for the client: its key is in the set, and where that entry has an <c>x5c</c>, the first certificate
    /// there is this very one. False for what is no certificate, and for keys that are too weak for a <see cref="Jwk"/>.
    /// </summary>
    /// <param name="der">The certificate that was proven in the TLS handshake.</param>
    /// <param name="jwks">The client's JWK Set, read by <see cref="StrictJson"/>.</param>
    public static bool IsRegistered(ReadOnlySpan<byte> der, JsonElement jwks)
    {
        if (TryReadKey(der) is not { } key
            || jwks.ValueKind is not JsonValueKind.Object || !jwks.TryGetProperty("keys", out var entries) || entries.ValueKind is not JsonValueKind.Array
            || entries.GetArrayLength() > Jwks.MaxKeys)
        {
            return false;
        }

        foreach (var entry in entries.EnumerateArray())
        {
            if (Jwk.TryParse(entry, out _) is { } registered && registered.IsSameKeyAs(key)
                && (!entry.TryGetProperty("x5c", out var chain) || IsFirst(der, chain)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The key a certificate is for; null where it is no certificate or its key can't be a <see cref="Jwk"/>.</summary>
    public static Jwk? TryReadKey(ReadOnlySpan<byte> der)
    {
        if (Certificates.TryLoad(der) is not { } certificate)
        {
            return null;
        }

        using (certificate)
        {
            try
            {
                return Jwk.TryParse(ClaimsJson.ToUtf8(writer => WriteKey(writer, certificate)));
            }
            catch (CryptographicException)
            {
                return null;
            }
        }
    }

    // RFC 7517 §4.7: plain base64, not base64url, and the key's own certificate first.
    private static bool IsFirst(ReadOnlySpan<byte> der, JsonElement chain) =>
        chain.ValueKind is JsonValueKind.Array && chain.GetArrayLength() > 0 && chain[0].ValueKind is JsonValueKind.String
        && chain[0].TryGetBytesFromBase64(out var first) && der.SequenceEqual(first);

    private static void WriteKey(Utf8JsonWriter writer, X509Certificate2 certificate)
    {
        writer.WriteStartObject();
        using var rsa = certificate.GetRSAPublicKey();
        using var ecdsa = certificate.GetECDsaPublicKey();
        if (rsa is not null)
        {
            var parameters = rsa.ExportParameters(includePrivateParameters: false);
            writer.WriteString("kty"u8, "RSA"u8);
            writer.WriteString("n"u8, StrictBase64Url.Encode(parameters.Modulus));
            writer.WriteString("e"u8, StrictBase64Url.Encode(parameters.Exponent));
        }
        else if (ecdsa is not null)
        {
            var parameters = ecdsa.ExportParameters(includePrivateParameters: false);
            writer.WriteString("kty"u8, "EC"u8);
            writer.WriteString("crv"u8, CurveOf(parameters.Curve));
            writer.WriteString("x"u8, StrictBase64Url.Encode(parameters.Q.X));
            writer.WriteString("y"u8, StrictBase64Url.Encode(parameters.Q.Y));
        }
        else if (certificate.PublicKey.Oid.Value is IdOfEd25519 or IdOfEd448)
        {
            writer.WriteString("kty"u8, "OKP"u8);
            writer.WriteString("crv"u8, certificate.PublicKey.Oid.Value is IdOfEd25519 ? "Ed25519"u8 : "Ed448"u8);
            writer.WriteString("x"u8, StrictBase64Url.Encode(certificate.PublicKey.EncodedKeyValue.RawData));
        }

        writer.WriteEndObject();
    }

    // RFC 5480 §2.1.1.1. Any other curve is one no Jwk has.
    private static string CurveOf(ECCurve curve) => curve.Oid?.Value switch
    {
        "1.2.840.10045.3.1.7" => "P-256",
        "1.3.132.0.34" => "P-384",
        "1.3.132.0.35" => "P-521",
        _ => "",
    };
}
