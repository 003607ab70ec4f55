using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Signet.OAuth.MutualTls;

/// <summary>Why certificates are no authority.</summary>
public enum AuthorityDefect
{
    /// <summary>One is no certificate, or has a key that is too weak or of an unknown kind.</summary>
    Unreadable,

    /// <summary>None, or more than <see cref="TrustedAuthority.MaxCertificates"/>.</summary>
    WrongNumber,

    /// <summary>Not exactly one issued itself.</summary>
    WrongRoot,

    /// <summary>One may not issue certificates (RFC 5280 §4.2.1.9 and §4.2.1.3).</summary>
    NotAnAuthority,

    /// <summary>One has ended, or has not begun.</summary>
    OutOfTime,

    /// <summary>One does not lead to the root, or is signed with an algorithm that holds no more.</summary>
    Unlinked,
}

/// <summary>Why a client's certificate is not one of an authority's.</summary>
public enum CertificateDefect
{
    /// <summary>It is no certificate, or its key is too weak.</summary>
    Unreadable,

    /// <summary>Its time has not come.</summary>
    NotYetValid,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It does not say that it is for clients (RFC 5280 §4.2.1.12: id-kp-clientAuth), or may issue others.</summary>
    WrongUse,

    /// <summary>No chain leads from it to the root (RFC 5280 §6).</summary>
    Untrusted,
}

/// <summary>
/// A root and the certificates between it and those of clients, against which <c>tls_client_auth</c> (RFC 8705 §2.1) checks a certificate. Nothing but
/// these is trusted, and nothing is fetched: neither certificates nor lists of revoked ones.
/// </summary>
public sealed class TrustedAuthority
{
    /// <summary>Root included.</summary>
    public const int MaxCertificates = 5;

    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    // RSA with SHA-2 and RSASSA-PSS (RFC 8017), ECDSA with SHA-2 (RFC 5758), Ed25519 and Ed448 (RFC 8410).
    private static readonly SearchValues<string> Signatures = SearchValues.Create(
        [
            "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", "1.2.840.113549.1.1.10",
            "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", "1.3.101.112", "1.3.101.113",
        ], StringComparison.Ordinal);

    private TrustedAuthority(IReadOnlyList<byte[]> certificates, TlsCertificate root)
    {
        Certificates = certificates;
        Root = root;
    }

    /// <summary>In DER, the root first.</summary>
    public IReadOnlyList<byte[]> Certificates { get; }

    /// <summary>What everything hangs on.</summary>
    public TlsCertificate Root { get; }

    /// <summary>Reads an authority as an administrator hands it in, in any order; null with what is wrong.</summary>
    public static TrustedAuthority? TryRead(IReadOnlyList<byte[]> certificates, DateTimeOffset now, out AuthorityDefect? defect)
    {
        if (certificates.Count is 0 or > MaxCertificates)
        {
            defect = AuthorityDefect.WrongNumber;
            return null;
        }

        var loaded = certificates.Select(der => MutualTls.Certificates.TryLoad(der)).ToList();
        try
        {
            defect = Find(certificates, loaded, now, out var root);
            return defect is null ? Read([root!.RawData, .. certificates.Where(der => !der.AsSpan().SequenceEqual(root.RawDataMemory.Span))]) : null;
        }
        finally
        {
            loaded.ForEach(certificate => certificate?.Dispose());
        }
    }

    /// <summary>Reads one that was taken in before.</summary>
    /// <param name="certificates">The root first.</param>
    public static TrustedAuthority Read(IReadOnlyList<byte[]> certificates) => new(
        certificates, TlsCertificate.TryRead(certificates[0]) ?? throw new ArgumentException("The root can't be read.", nameof(certificates)));

    /// <summary>Null where the certificate is a client's of this authority, now.</summary>
    /// <param name="der">The certificate that was proven in the TLS handshake.</param>
    /// <param name="now">The moment it is to hold.</param>
    public CertificateDefect? Check(ReadOnlySpan<byte> der, DateTimeOffset now)
    {
        if (SelfSignedCertificate.TryReadKey(der) is null || MutualTls.Certificates.TryLoad(der) is not { } client)
        {
            return CertificateDefect.Unreadable;
        }

        var known = new X509Certificate2Collection();
        using (client)
        {
            try
            {
                known.AddRange(Certificates.Select(own => X509CertificateLoader.LoadCertificate(own)).ToArray());
                return client.NotBefore.ToUniversalTime() > now.UtcDateTime ? CertificateDefect.NotYetValid
                    : client.NotAfter.ToUniversalTime() < now.UtcDateTime ? CertificateDefect.Expired
                    : !IsForClients(client) ? CertificateDefect.WrongUse
                    : Leads(client, known[0], known, now) ? null
                    : CertificateDefect.Untrusted;
            }
            finally
            {
                foreach (var own in known)
                {
                    own.Dispose();
                }
            }
        }
    }

    private static AuthorityDefect? Find(IReadOnlyList<byte[]> certificates, List<X509Certificate2?> loaded, DateTimeOffset now, out X509Certificate2? root)
    {
        root = null;
        if (loaded.Contains(null) || !certificates.All(der => SelfSignedCertificate.TryReadKey(der) is not null))
        {
            return AuthorityDefect.Unreadable;
        }

        if (loaded.FindAll(one => one!.SubjectName.RawData.AsSpan().SequenceEqual(one.IssuerName.RawData)) is not [var only])
        {
            return AuthorityDefect.WrongRoot;
        }

        root = only;
        var known = new X509Certificate2Collection(loaded.OfType<X509Certificate2>().ToArray());
        return !loaded.TrueForAll(one => MayIssue(one!)) ? AuthorityDefect.NotAnAuthority
            : !loaded.TrueForAll(one => one!.NotBefore.ToUniversalTime() <= now.UtcDateTime && one.NotAfter.ToUniversalTime() >= now.UtcDateTime) ? AuthorityDefect.OutOfTime
            : !loaded.TrueForAll(one => Leads(one!, only!, known, now)) ? AuthorityDefect.Unlinked
            : null;
    }

    // RFC 5280 §6.1, and that every link holds what we ask of keys and signatures.
    private static bool Leads(X509Certificate2 end, X509Certificate2 root, X509Certificate2Collection known, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.Add(root);
        policy.ExtraStore.AddRange(known);
        policy.DisableCertificateDownloads = true;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.VerificationTime = now.UtcDateTime;
        policy.VerificationTimeIgnored = false;
        try
        {
            return chain.Build(end)
                && chain.ChainElements[^1].Certificate.RawDataMemory.Span.SequenceEqual(root.RawDataMemory.Span)
                && chain.ChainElements.All(link => SelfSignedCertificate.TryReadKey(link.Certificate.RawDataMemory.Span) is not null
                    && Signatures.Contains(link.Certificate.SignatureAlgorithm.Value ?? ""));
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            foreach (var link in chain.ChainElements)
            {
                link.Certificate.Dispose();
            }
        }
    }

    private static bool MayIssue(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraint => constraint.CertificateAuthority)
        && certificate.Extensions.OfType<X509KeyUsageExtension>().All(usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign));

    // RFC 5280 §4.2.1.12 lets a certificate without the extension be for anything; an authority that issues for servers too must not make clients by that.
    private static bool IsForClients(X509Certificate2 certificate) =>
        !certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraint => constraint.CertificateAuthority)
        && certificate.Extensions.OfType<X509KeyUsageExtension>().All(usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
        && certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(usage => usage.EnhancedKeyUsages.Cast<Oid>().Any(purpose => purpose.Value == ClientAuth));
}
