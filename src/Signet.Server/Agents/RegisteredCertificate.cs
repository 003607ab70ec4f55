using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Signet.Jose;
using Signet.OAuth.MutualTls;

namespace Signet.Server.Agents;

/// <summary>How the certificate of a credential is known when it is shown (RFC 8705 §2).</summary>
public abstract record RegisteredCertificate
{
    private RegisteredCertificate()
    {
    }

    /// <summary>This certificate and no other, whoever issued it.</summary>
    /// <param name="Thumbprint">Its <c>x5t#S256</c>.</param>
    public sealed record Exact(string Thumbprint) : RegisteredCertificate;

    /// <summary>Any certificate for this key, whoever issued it (RFC 8705 §2.2).</summary>
    public sealed record OfKey(Jwk Key) : RegisteredCertificate;

    /// <summary>Any certificate with this name that the authority issued (RFC 8705 §2.1).</summary>
    public sealed record Issued(AuthorityId Authority, CertificateName Name) : RegisteredCertificate;

    /// <summary>Whether a certificate is the one, as far as it says itself: who issued it is another question.</summary>
    public bool IsMeantBy(TlsCertificate shown) => this switch
    {
        Exact exact => exact.Thumbprint == shown.Thumbprint,
        OfKey key => key.Key.IsSameKeyAs(shown.Key),
        Issued issued => issued.Name.Matches(shown.Der.Span),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The same for all that know the same certificates; 43 characters.</summary>
    internal string Digest => StrictBase64Url.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(this switch
    {
        Exact exact => $"x5t {exact.Thumbprint}",
        OfKey key => $"jkt {key.Key.Thumbprint}",
        Issued issued => $"ca {issued.Authority} {issued.Name.Canonical}",
        _ => throw new System.Diagnostics.UnreachableException(),
    })));

    /// <summary>A name under the word for its kind.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    internal static CertificateName? NameOf(string? kind, string? value) => (kind, value) switch
    {
        (_, null) => null,
        ("subject_dn", _) => new CertificateName.SubjectDn(value),
        ("san_dns", _) => new CertificateName.SanDns(value),
        ("san_uri", _) => new CertificateName.SanUri(value),
        ("san_ip", _) => new CertificateName.SanIp(value),
        ("san_email", _) => new CertificateName.SanEmail(value),
        _ => throw new FormatException("Names of certificates are of no such kind."),
    };

    internal static (string Kind, string Value) Describe(CertificateName name) => name switch
    {
        CertificateName.SubjectDn dn => ("subject_dn", dn.Value),
        CertificateName.SanDns dns => ("san_dns", dns.Value),
        CertificateName.SanUri uri => ("san_uri", uri.Value),
        CertificateName.SanIp ip => ("san_ip", ip.Value),
        CertificateName.SanEmail email => ("san_email", email.Value),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
