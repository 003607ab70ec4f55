using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Signet.OAuth.MutualTls;

/// <summary>
/// The one name a client is registered under for <c>tls_client_auth</c> (RFC 8705 §2.1.2). The certificate's chain, its times and the possession of its
/// key are proven in the TLS layer; here only the name is compared.
/// </summary>
public abstract record CertificateName
{
    private const int MaxLength = 1024;

    private CertificateName() { }

    /// <summary><c>tls_client_auth_subject_dn</c>: the whole subject, in the string form of RFC 4514.</summary>
    /// <param name="Value">Such as <c>CN=client,O=Example,C=US</c>.</param>
    public sealed record SubjectDn(string Value) : CertificateName;

    /// <summary><c>tls_client_auth_san_dns</c></summary>
    /// <param name="Value">A host name without wildcard; case does not count.</param>
    public sealed record SanDns(string Value) : CertificateName;

    /// <summary><c>tls_client_auth_san_uri</c></summary>
    /// <param name="Value">A URI, compared octet by octet.</param>
    public sealed record SanUri(string Value) : CertificateName;

    /// <summary><c>tls_client_auth_san_ip</c></summary>
    /// <param name="Value">An IPv4 or IPv6 address; its spelling does not count.</param>
    public sealed record SanIp(string Value) : CertificateName;

    /// <summary><c>tls_client_auth_san_email</c></summary>
    /// <param name="Value">A mail address, compared octet by octet.</param>
    public sealed record SanEmail(string Value) : CertificateName;

    /// <summary>Whether a client can be registered under this name.</summary>
    public bool IsWellFormed => this switch
    {
        SubjectDn { Value: var dn } => IsShort(dn) && DistinguishedName.TryParse(dn) is { Count: > 0 },
        SanDns { Value: var dns } => IsShort(dns) && Uri.CheckHostName(dns) is UriHostNameType.Dns && Ascii(dns),
        SanUri { Value: var uri } => IsShort(uri) && Ascii(uri) && Uri.IsWellFormedUriString(uri, UriKind.Absolute),
        SanIp { Value: var ip } => IsShort(ip) && IPAddress.TryParse(ip, out _),
        SanEmail { Value: var email } => IsShort(email) && Ascii(email) && email.IndexOf('@') is > 0 and var at && at < email.Length - 1,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>One spelling for all that match the same certificates, with its kind before it; of a name that is not well formed, no more than the text.</summary>
    public string Canonical => this switch
    {
        SubjectDn { Value: var dn } => "dn " + (DistinguishedName.TryParse(dn) is { } parts ? string.Join(' ', parts.Select(part => $"{part.Attribute}={part.Value.Length}:{part.Value}")) : dn),
        SanDns { Value: var dns } => "dns " + dns.ToLowerInvariant(),
        SanUri { Value: var uri } => "uri " + uri,
        SanIp { Value: var ip } => "ip " + (IPAddress.TryParse(ip, out var address) ? address.ToString() : ip),
        SanEmail { Value: var email } => "email " + email,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Whether the certificate has this name. False for what is no certificate, and for a name that is not well formed.</summary>
    /// <param name="der">The certificate that was proven in the TLS handshake.</param>
    public bool Matches(ReadOnlySpan<byte> der)
    {
        if (!IsWellFormed || Certificates.TryLoad(der) is not { } certificate)
        {
            return false;
        }

        using (certificate)
        {
            return this switch
            {
                // RFC 8705 §2.1.2 with RFC 5280 §7.1: the same attributes with the same values, in the same order.
                SubjectDn { Value: var dn } => DistinguishedName.TryRead(certificate.SubjectName) is { } subject
                    && subject.SequenceEqual(DistinguishedName.TryParse(dn)!),
                SanDns { Value: var dns } => Names(certificate).Dns.Contains(dns, StringComparer.OrdinalIgnoreCase),
                SanUri { Value: var uri } => Names(certificate).Uris.Contains(uri, StringComparer.Ordinal),
                SanIp { Value: var ip } => Names(certificate).Addresses.Contains(IPAddress.Parse(ip)),
                SanEmail { Value: var email } => Names(certificate).Emails.Contains(email, StringComparer.Ordinal),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
    }

    private static AlternativeNames Names(X509Certificate2 certificate) => AlternativeNames.Read(certificate);

    private static bool IsShort(string text) => text.Length is > 0 and <= MaxLength;

    private static bool Ascii(string text) => text.All(c => c is > ' ' and < (char)0x7F);
}

/// <summary>Certificates as they came over the wire.</summary>
internal static class Certificates
{
    private const int MaxBytes = 16 * 1024;
    private const byte Sequence = 0x30;

    /// <summary>A certificate in DER, with nothing around it: PEM or bytes behind it would have another thumbprint than the certificate has.</summary>
    public static X509Certificate2? TryLoad(ReadOnlySpan<byte> der)
    {
        if (der is not [Sequence, ..] || der.Length > MaxBytes)
        {
            return null;
        }

        try
        {
            var certificate = X509CertificateLoader.LoadCertificate(der);
            if (certificate.RawDataMemory.Span.SequenceEqual(der))
            {
                return certificate;
            }

            certificate.Dispose();
            return null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
