using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Signet.Testing;

/// <summary>What a certificate is to be like; what is not said is as it should be.</summary>
public sealed record TestCertificateWish(string Subject)
{
    public Action<SubjectAlternativeNameBuilder>? Names { get; init; }

    /// <summary>Null: without the extension.</summary>
    public string? Purpose { get; init; } = TestCertificates.ClientAuth;

    public bool IsAuthority { get; init; }

    public int? PathLength { get; init; }

    public X509KeyUsageFlags Usage { get; init; } = X509KeyUsageFlags.DigitalSignature;

    /// <summary>Relative to now.</summary>
    public TimeSpan From { get; init; } = TimeSpan.FromDays(-1);

    /// <summary>Relative to now.</summary>
    public TimeSpan Until { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Where it says its issuer's certificate is to be had.</summary>
    public string? IssuerAddress { get; init; }
}

/// <summary>Makes certificates and authorities, whose keys are ECDSA on P-256.</summary>
public static class TestCertificates
{
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    private static readonly TestCertificateWish Root = new("CN=Root")
    {
        IsAuthority = true, Purpose = null, Usage = X509KeyUsageFlags.KeyCertSign, From = TimeSpan.FromDays(-2), Until = TimeSpan.FromDays(3650),
    };

    /// <summary>An authority's root.</summary>
    public static X509Certificate2 MakeRoot(DateTimeOffset now, string subject = "CN=Root", Func<TestCertificateWish, TestCertificateWish>? change = null)
    {
        var wish = Root with { Subject = subject };
        return SelfSign(now, change?.Invoke(wish) ?? wish);
    }

    public static X509Certificate2 MakeIntermediate(X509Certificate2 issuer, DateTimeOffset now, string subject = "CN=Between", Func<TestCertificateWish, TestCertificateWish>? change = null)
    {
        var wish = Root with { Subject = subject, From = TimeSpan.FromDays(-1), Until = TimeSpan.FromDays(300) };
        return Issue(issuer, now, change?.Invoke(wish) ?? wish);
    }

    public static X509Certificate2 SelfSign(DateTimeOffset now, TestCertificateWish wish, ECDsa? key = null)
    {
        using var own = key is null ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        return RequestOf(wish, key ?? own!).CreateSelfSigned(now + wish.From, now + wish.Until);
    }

    /// <summary>A certificate with its key, signed by the issuer's.</summary>
    public static X509Certificate2 Issue(X509Certificate2 issuer, DateTimeOffset now, TestCertificateWish wish, bool withSha1 = false)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signer = issuer.GetECDsaPrivateKey()!;
        using var bare = RequestOf(wish, own).Create(
            issuer.SubjectName, withSha1 ? new Sha1Signer(signer) : X509SignatureGenerator.CreateForECDsa(signer), now + wish.From, now + wish.Until,
            RandomNumberGenerator.GetBytes(16));
        return bare.CopyWithPrivateKey(own);
    }

    public static string PemOf(params IEnumerable<X509Certificate2> certificates) => string.Join('\n', certificates.Select(one => one.ExportCertificatePem()));

    private static CertificateRequest RequestOf(TestCertificateWish wish, ECDsa key)
    {
        var request = new CertificateRequest(new X500DistinguishedName(wish.Subject), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(wish.IsAuthority, wish.PathLength is not null, wish.PathLength ?? 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(wish.Usage, critical: true));
        if (wish.Purpose is { } purpose)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        }

        if (wish.Names is { } addNames)
        {
            var names = new SubjectAlternativeNameBuilder();
            addNames(names);
            request.CertificateExtensions.Add(names.Build());
        }

        if (wish.IssuerAddress is { } address)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [address]));
        }

        return request;
    }

    // What .NET itself signs no certificate with any more: ecdsa-with-SHA1 (RFC 5758 §3.2).
    private sealed class Sha1Signer(ECDsa key) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => [0x30, 0x09, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01];

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
            key.SignData(data, new HashAlgorithmName("SHA1"), DSASignatureFormat.Rfc3279DerSequence);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
