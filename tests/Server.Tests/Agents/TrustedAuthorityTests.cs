using System.Security.Cryptography.X509Certificates;
using Signet.OAuth.MutualTls;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>Certificates of clients and who issued them (RFC 5280 §6), without the machine's own roots.</summary>
public sealed class TrustedAuthorityTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly X509Certificate2 Root = TestCertificates.MakeRoot(Now);
    private static readonly X509Certificate2 Between = TestCertificates.MakeIntermediate(Root, Now);
    private static readonly TestCertificateWish Client = new("CN=client");

    private static readonly TrustedAuthority Authority = TrustedAuthority.TryRead([Between.RawData, Root.RawData], Now, out _)!;

    [Fact]
    public void A_client_of_the_root_and_one_of_what_stands_below_it_are_the_authoritys()
    {
        Assert.Null(Authority.Check(TestCertificates.Issue(Root, Now, Client).RawData, Now));
        Assert.Null(Authority.Check(TestCertificates.Issue(Between, Now, Client).RawData, Now));
        Assert.Equal(Root.RawData, Authority.Certificates[0]);
    }

    [Theory]
    [InlineData("self-signed", CertificateDefect.Untrusted)]
    [InlineData("another root of the same name", CertificateDefect.Untrusted)]
    [InlineData("of a certificate nobody handed in", CertificateDefect.Untrusted)]
    [InlineData("of another client", CertificateDefect.Untrusted)]
    [InlineData("below the path length", CertificateDefect.Untrusted)]
    [InlineData("altered", CertificateDefect.Untrusted)]
    [InlineData("signed with SHA-1", CertificateDefect.Untrusted)]
    [InlineData("over", CertificateDefect.Expired)]
    [InlineData("not begun", CertificateDefect.NotYetValid)]
    [InlineData("for servers", CertificateDefect.WrongUse)]
    [InlineData("for nothing in particular", CertificateDefect.WrongUse)]
    [InlineData("an authority", CertificateDefect.WrongUse)]
    [InlineData("for encryption alone", CertificateDefect.WrongUse)]
    [InlineData("no certificate", CertificateDefect.Unreadable)]
    [InlineData("with bytes behind it", CertificateDefect.Unreadable)]
    public void What_is_not_the_authoritys_is_refused(string what, CertificateDefect defect)
    {
        var good = TestCertificates.Issue(Root, Now, Client);
        using var narrow = TestCertificates.MakeIntermediate(Root, Now, "CN=Narrow", wish => wish with { PathLength = 0 });
        var authority = what is "below the path length"
            ? TrustedAuthority.TryRead([Root.RawData, narrow.RawData], Now, out _)!
            : Authority;
        var der = what switch
        {
            "self-signed" => TestCertificates.SelfSign(Now, Client).RawData,
            "another root of the same name" => TestCertificates.Issue(TestCertificates.MakeRoot(Now), Now, Client).RawData,
            "of a certificate nobody handed in" => TestCertificates.Issue(TestCertificates.MakeIntermediate(Root, Now, "CN=Elsewhere"), Now, Client).RawData,
            "of another client" => TestCertificates.Issue(good, Now, Client with { Until = TimeSpan.FromDays(20) }).RawData,
            "below the path length" => TestCertificates.Issue(TestCertificates.MakeIntermediate(narrow, Now, "CN=Deeper"), Now, Client).RawData,
            "altered" => Alter(good.RawData),
            "signed with SHA-1" => TestCertificates.Issue(Root, Now, Client, withSha1: true).RawData,
            "over" => TestCertificates.Issue(Root, Now, Client with { Until = TimeSpan.FromSeconds(-1) }).RawData,
            "not begun" => TestCertificates.Issue(Root, Now, Client with { From = TimeSpan.FromMinutes(1) }).RawData,
            "for servers" => TestCertificates.Issue(Root, Now, Client with { Purpose = TestCertificates.ServerAuth }).RawData,
            "for nothing in particular" => TestCertificates.Issue(Root, Now, Client with { Purpose = null }).RawData,
            "an authority" => TestCertificates.Issue(Root, Now, Client with { IsAuthority = true, Usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign }).RawData,
            "for encryption alone" => TestCertificates.Issue(Root, Now, Client with { Usage = X509KeyUsageFlags.KeyEncipherment }).RawData,
            "with bytes behind it" => [.. good.RawData, 0],
            _ => [1, 2, 3],
        };

        Assert.Equal(defect, authority.Check(der, Now));
    }

    [Fact]
    public void It_ends_with_its_root()
    {
        var old = TestCertificates.MakeRoot(Now, change: wish => wish with { Until = TimeSpan.FromDays(10) });
        var authority = TrustedAuthority.TryRead([old.RawData], Now, out _)!;
        var client = TestCertificates.Issue(old, Now, Client with { Until = TimeSpan.FromDays(10) });

        Assert.Null(authority.Check(client.RawData, Now.AddDays(9)));
        Assert.NotNull(authority.Check(client.RawData, Now.AddDays(11)));
        Assert.Null(TrustedAuthority.TryRead([old.RawData], Now.AddDays(11), out var defect));
        Assert.Equal(AuthorityDefect.OutOfTime, defect);
    }

    [Theory]
    [InlineData("nothing", AuthorityDefect.WrongNumber)]
    [InlineData("six", AuthorityDefect.WrongNumber)]
    [InlineData("no root", AuthorityDefect.WrongRoot)]
    [InlineData("two roots", AuthorityDefect.WrongRoot)]
    [InlineData("a client", AuthorityDefect.NotAnAuthority)]
    [InlineData("a self-signed client", AuthorityDefect.NotAnAuthority)]
    [InlineData("may sign no certificates", AuthorityDefect.NotAnAuthority)]
    [InlineData("not begun", AuthorityDefect.OutOfTime)]
    [InlineData("of another root", AuthorityDefect.Unlinked)]
    [InlineData("no certificate", AuthorityDefect.Unreadable)]
    public void What_is_no_authority_is_refused(string what, AuthorityDefect defect)
    {
        IReadOnlyList<byte[]> certificates = what switch
        {
            "nothing" => [],
            "six" => [.. Enumerable.Repeat(Root.RawData, 6)],
            "no root" => [Between.RawData],
            "two roots" => [Root.RawData, TestCertificates.MakeRoot(Now, "CN=Second").RawData],
            "a client" => [Root.RawData, TestCertificates.Issue(Root, Now, Client).RawData],
            "a self-signed client" => [TestCertificates.SelfSign(Now, Client).RawData],
            "may sign no certificates" => [TestCertificates.MakeRoot(Now, change: wish => wish with { Usage = X509KeyUsageFlags.DigitalSignature }).RawData],
            "not begun" => [TestCertificates.MakeRoot(Now, change: wish => wish with { From = TimeSpan.FromDays(1) }).RawData],
            "of another root" => [Root.RawData, TestCertificates.MakeIntermediate(TestCertificates.MakeRoot(Now, "CN=Other"), Now).RawData],
            _ => [[1, 2, 3]],
        };

        Assert.Null(TrustedAuthority.TryRead(certificates, Now, out var found));
        Assert.Equal(defect, found);
    }

    [Fact]
    public void Pem_holds_certificates_and_nothing_else()
    {
        var pem = TestCertificates.PemOf(Root, Between);

        Assert.Equal([Root.RawData, Between.RawData], TlsCertificate.TryReadPem(pem, 2));
        Assert.Equal(2, TlsCertificate.TryReadPem($"\r\n {pem.ReplaceLineEndings("\r\n")} \n", 2)!.Count);
        foreach (var text in (string[])["", "nothing", pem + "more", "before " + pem, pem + Root.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), pem[..^30]])
        {
            Assert.Null(TlsCertificate.TryReadPem(text, 2));
        }

        Assert.Null(TlsCertificate.TryReadPem(pem, 1));
    }

    [Theory]
    [InlineData("CN=a,O=b", "CN=a, O=b", true)]
    [InlineData("cn=a,2.5.4.10=b", "CN=a,O=b", true)]
    [InlineData("CN=a,O=b", "O=b,CN=a", false)]
    [InlineData("CN=a\\,O=b", "CN=a,O=b", false)]
    public void A_name_has_one_canonical_spelling(string one, string other, bool same) =>
        Assert.Equal(same, new CertificateName.SubjectDn(one).Canonical == new CertificateName.SubjectDn(other).Canonical);

    // Within the subject, so that the certificate can still be read.
    private static byte[] Alter(byte[] der)
    {
        var altered = (byte[])der.Clone();
        altered[der.AsSpan().LastIndexOf("client"u8)] = (byte)'k';
        return altered;
    }
}
