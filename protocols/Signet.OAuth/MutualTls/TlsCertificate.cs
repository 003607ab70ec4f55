using System.Security.Cryptography;
using Signet.Jose;

namespace Signet.OAuth.MutualTls;

/// <summary>A client's certificate: what a credential can be made of, and what is compared when one is shown.</summary>
public sealed record TlsCertificate
{
    private const string Label = "CERTIFICATE";

    private TlsCertificate(ReadOnlyMemory<byte> der, Jwk key, string subject, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        (Der, Key, Subject, NotBefore, NotAfter) = (der, key, subject, notBefore, notAfter);
        Thumbprint = CertificateThumbprint.Of(der.Span);
    }

    /// <summary>The whole certificate, and nothing around it.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>RFC 8705 §3.1: its <c>x5t#S256</c>.</summary>
    public string Thumbprint { get; }

    /// <summary>The key it is for.</summary>
    public Jwk Key { get; }

    /// <summary>The subject for people to read; the order and the spaces are those of no specification.</summary>
    public string Subject { get; }

    /// <summary>It says nothing before this.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>Nor after this.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Reads DER; null where it is no certificate, or its key is too weak or of a kind that no <see cref="Jwk"/> has.</summary>
    public static TlsCertificate? TryRead(ReadOnlyMemory<byte> der)
    {
        if (SelfSignedCertificate.TryReadKey(der.Span) is not { } key || Certificates.TryLoad(der.Span) is not { } certificate)
        {
            return null;
        }

        using (certificate)
        {
            return new TlsCertificate(
                der, key, certificate.Subject, new DateTimeOffset(certificate.NotBefore.ToUniversalTime()), new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
        }
    }

    /// <summary>Reads PEM (RFC 7468) that holds certificates and nothing else, white space aside; null otherwise, or where there are more than <paramref name="most"/>.</summary>
    public static IReadOnlyList<byte[]>? TryReadPem(string pem, int most)
    {
        List<byte[]> read = [];
        var rest = pem.AsSpan().Trim();
        while (rest.Length > 0)
        {
            if (read.Count == most || !PemEncoding.TryFind(rest, out var found) || !rest[found.Label].SequenceEqual(Label)
                || rest[..found.Location.Start.GetOffset(rest.Length)].Length > 0)
            {
                return null;
            }

            var bytes = new byte[found.DecodedDataLength];
            if (!Convert.TryFromBase64Chars(rest[found.Base64Data], bytes, out var length) || length != bytes.Length)
            {
                return null;
            }

            read.Add(bytes);
            rest = rest[found.Location.End.GetOffset(rest.Length)..].Trim();
        }

        return read.Count > 0 ? read : null;
    }

    /// <summary>Without the bytes.</summary>
    public override string ToString() => $"TlsCertificate {Thumbprint}";
}
