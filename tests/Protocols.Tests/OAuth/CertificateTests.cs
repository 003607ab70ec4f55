using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Signet.Jose;
using Signet.OAuth.MutualTls;
using Xunit;

namespace Protocols.Tests.OAuth;

/// <summary>Certificates are made here, by .NET; the names and keys in them are known.</summary>
public sealed class CertificateTests
{
    // RFC 8705 §A: the certificate, and the thumbprint that is in the claims and the JWK there.
    private const string Example =
        "MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAxODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwIDSQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOVbUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=";

    private const string ExampleJwk =
        """{"keys":[{"kty":"EC","x":"1yfLHCpXqFjxCeHHHMVDTcLscpb07KUxudBmOMn8C7Q","y":"8_coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8","crv":"P-256","x5c":["MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAxODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwIDSQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOVbUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY="]}]}""";

    private static readonly byte[] Certificate = Make(Client(), names =>
    {
        names.AddDnsName("client.example.com");
        names.AddDnsName("*.wild.example.com");
        names.AddUri(new Uri("spiffe://example.com/agent"));
        names.AddEmailAddress("ops@example.com");
        names.AddIpAddress(IPAddress.Parse("192.0.2.7"));
        names.AddIpAddress(IPAddress.Parse("2001:db8::7"));
        names.AddUserPrincipalName("upn@example.com");
    });

    [Fact]
    public void The_thumbprint_of_RFC_8705_appendix_A_comes_out() =>
        Assert.Equal("A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0", CertificateThumbprint.Of(Convert.FromBase64String(Example)));

    [Fact]
    public void The_certificate_of_RFC_8705_appendix_A_is_the_registered_one()
    {
        Assert.True(SelfSignedCertificate.IsRegistered(Convert.FromBase64String(Example), Json(ExampleJwk)));
        Assert.True(new CertificateName.SubjectDn("CN=mtls").Matches(Convert.FromBase64String(Example)));
    }

    public static TheoryData<CertificateName, bool> Cases => new()
    {
        { new CertificateName.SubjectDn("CN=client,O=Example\\, Inc.,C=US"), true },
        { new CertificateName.SubjectDn("CN=client, O=Example\\, Inc., C=US"), true },
        { new CertificateName.SubjectDn("cn=client,2.5.4.10=\\45xample\\2C Inc.,c=US"), true },
        { new CertificateName.SubjectDn("CN=client,O=\"Example, Inc.\",C=US"), false },
        { new CertificateName.SubjectDn("C=US,O=Example\\, Inc.,CN=client"), false },
        { new CertificateName.SubjectDn("CN=Client,O=Example\\, Inc.,C=US"), false },
        { new CertificateName.SubjectDn("CN=client"), false },
        { new CertificateName.SubjectDn("CN=client,O=Example\\, Inc.,C=US,L=Here"), false },
        { new CertificateName.SubjectDn("OU=client,O=Example\\, Inc.,C=US"), false },
        { new CertificateName.SubjectDn("client"), false },
        { new CertificateName.SanDns("client.example.com"), true },
        { new CertificateName.SanDns("CLIENT.example.com"), true },
        { new CertificateName.SanDns("example.com"), false },
        { new CertificateName.SanDns("a.wild.example.com"), false },
        { new CertificateName.SanDns("*.wild.example.com"), false },
        { new CertificateName.SanDns("client"), false },
        { new CertificateName.SanDns("ops@example.com"), false },
        { new CertificateName.SanUri("spiffe://example.com/agent"), true },
        { new CertificateName.SanUri("spiffe://example.com/Agent"), false },
        { new CertificateName.SanUri("spiffe://example.com/agent/"), false },
        { new CertificateName.SanUri("client.example.com"), false },
        { new CertificateName.SanEmail("ops@example.com"), true },
        { new CertificateName.SanEmail("OPS@example.com"), false },
        { new CertificateName.SanEmail("upn@example.com"), false },
        { new CertificateName.SanIp("192.0.2.7"), true },
        { new CertificateName.SanIp("2001:0db8:0:0:0:0:0:7"), true },
        { new CertificateName.SanIp("192.0.2.8"), false },
        { new CertificateName.SanIp("client.example.com"), false },
    };

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void A_certificate_has_the_names_it_has(CertificateName name, bool matches) => Assert.Equal(matches, name.Matches(Certificate));

    public static TheoryData<CertificateName> Malformed =>
    [
        new CertificateName.SubjectDn(""),
        new CertificateName.SubjectDn("client"),
        new CertificateName.SubjectDn("CN=a+OU=b"),
        new CertificateName.SubjectDn("CN="),
        new CertificateName.SubjectDn("CN=a,"),
        new CertificateName.SubjectDn("CN=a,,O=b"),
        new CertificateName.SubjectDn("CN=a;O=b"),
        new CertificateName.SubjectDn("CN=a "),
        new CertificateName.SubjectDn("CN=#0401"),
        new CertificateName.SubjectDn("CN=a\\"),
        new CertificateName.SubjectDn("CN=a\\x"),
        new CertificateName.SubjectDn("CN=\\FF"),
        new CertificateName.SubjectDn("XX=a"),
        new CertificateName.SubjectDn(new string('x', 2000)),
        new CertificateName.SanDns("*.example.com"),
        new CertificateName.SanDns("192.0.2.7"),
        new CertificateName.SanUri("/agent"),
        new CertificateName.SanIp("192.0.2.7/24"),
        new CertificateName.SanEmail("example.com"),
        new CertificateName.SanEmail("ops@"),
    ];

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public void A_name_nobody_can_have_is_not_well_formed(CertificateName name) => Assert.False(name.IsWellFormed);

    [Fact]
    public void A_certificate_without_names_has_none()
    {
        var bare = Make("CN=client", null);

        Assert.True(new CertificateName.SubjectDn("CN=client").Matches(bare));
        Assert.False(new CertificateName.SanDns("client.example.com").Matches(bare));
    }

    [Fact]
    public void Only_the_bare_DER_is_a_certificate()
    {
        var name = new CertificateName.SanDns("client.example.com");

        Assert.True(name.Matches(Certificate));
        Assert.False(name.Matches([.. Certificate, 0]));
        Assert.False(name.Matches(Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", Certificate))));
    }

    [Fact]
    public void A_broken_extension_has_no_names()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", [0x30, 0x05, 0x82, 0x63, 0x61], critical: false));
        using var broken = request.CreateSelfSigned(Tokens.Now, Tokens.Now.AddDays(1));

        Assert.False(new CertificateName.SanDns("a").Matches(broken.RawData));
    }

    [Fact]
    public void A_registered_key_is_enough_where_no_certificate_is_registered()
    {
        var key = SelfSignedCertificate.TryReadKey(Certificate)!;

        Assert.True(SelfSignedCertificate.IsRegistered(Certificate, Set(key)));
        Assert.False(SelfSignedCertificate.IsRegistered(Convert.FromBase64String(Example), Set(key)));
    }

    [Fact]
    public void Another_certificate_for_the_same_key_is_not_the_registered_one()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var one = Make(key, new X500DistinguishedName("CN=one"), null);
        var two = Make(key, new X500DistinguishedName("CN=two"), null);
        var members = Encoding.UTF8.GetString(SelfSignedCertificate.TryReadKey(one)!.ToUtf8Json())[..^1];
        var jwks = Json($$"""{"keys":[{{members}},"x5c":["{{Convert.ToBase64String(one)}}"]}]}""");

        Assert.True(SelfSignedCertificate.IsRegistered(one, jwks));
        Assert.False(SelfSignedCertificate.IsRegistered(two, jwks));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[7,null,{}]}""")]
    public void A_set_without_keys_has_none(string jwks) => Assert.False(SelfSignedCertificate.IsRegistered(Certificate, Json(jwks)));

    [Theory]
    [InlineData("""x5c":7""")]
    [InlineData("""x5c":[]""")]
    [InlineData("""x5c":[7]""")]
    [InlineData("""x5c":["!"]""")]
    public void A_certificate_that_cannot_be_read_is_not_the_registered_one(string chain)
    {
        var members = Encoding.UTF8.GetString(SelfSignedCertificate.TryReadKey(Certificate)!.ToUtf8Json())[..^1];

        Assert.False(SelfSignedCertificate.IsRegistered(Certificate, Json($$"""{"keys":[{{members}},"{{chain}}}]}""")));
    }

    [Fact]
    public void A_key_of_2048_bits_will_do_and_a_shorter_one_not()
    {
        using var strong = RSA.Create(2048);
        using var weak = RSA.Create(1024);

        Assert.Equal(KeyType.Rsa, SelfSignedCertificate.TryReadKey(Make(strong))!.KeyType);
        Assert.Null(SelfSignedCertificate.TryReadKey(Make(weak)));
    }

    [Fact]
    public void Any_bytes_get_an_answer() =>
        Prop.ForAll<byte[], byte, NonNegativeInt>((bytes, value, position) =>
        {
            var altered = (byte[])Certificate.Clone();
            altered[position.Get % altered.Length] = value;
            foreach (var der in (byte[][])[bytes, altered])
            {
                _ = CertificateThumbprint.Of(der);
                _ = SelfSignedCertificate.TryReadKey(der);
                _ = new CertificateName.SubjectDn("CN=client").Matches(der);
                _ = new CertificateName.SanDns("client.example.com").Matches(der);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Any_text_is_a_name_or_not() =>
        Prop.ForAll<string>(text =>
        {
            var value = text ?? "";
            return ((CertificateName[])[
                new CertificateName.SubjectDn(value), new CertificateName.SubjectDn($"CN={value}"), new CertificateName.SanDns(value),
                new CertificateName.SanUri(value), new CertificateName.SanIp(value), new CertificateName.SanEmail(value)])
                .All(name => !name.Matches(Certificate));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    // The examples of RFC 4514 §4, as far as their parts have one value each.
    [Theory]
    [InlineData("UID=jsmith,DC=example,DC=net", "net|example|jsmith")]
    [InlineData("CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net", "net|example|James \"Jim\" Smith, III")]
    [InlineData("CN=Before\\0dAfter,DC=example,DC=net", "net|example|Before\rAfter")]
    [InlineData("CN=Lu\\C4\\8Di\\C4\\87", "Lučić")]
    public void The_names_of_RFC_4514_section_4_are_read(string text, string values)
    {
        var parts = values.Split('|').Zip(text.Split('=').Length == 2 ? ["2.5.4.3"] : new[] {
            "0.9.2342.19200300.100.1.25", "0.9.2342.19200300.100.1.25", text.StartsWith("UID", StringComparison.Ordinal) ? "0.9.2342.19200300.100.1.1" : "2.5.4.3" });
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var (value, attribute) in parts)
            {
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(attribute);
                    writer.WriteCharacterString(UniversalTagNumber.UTF8String, value);
                }
            }
        }

        Assert.True(new CertificateName.SubjectDn(text).Matches(Make(new X500DistinguishedName(writer.Encode()), null)));
    }

    private static X500DistinguishedName Client()
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName("client");
        name.AddOrganizationName("Example, Inc.");
        name.AddCountryOrRegion("US");
        return name.Build();
    }

    private static byte[] Make(string subject, Action<SubjectAlternativeNameBuilder>? addNames) => Make(new X500DistinguishedName(subject), addNames);

    private static byte[] Make(X500DistinguishedName subject, Action<SubjectAlternativeNameBuilder>? addNames)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Make(key, subject, addNames);
    }

    private static byte[] Make(ECDsa key, X500DistinguishedName subject, Action<SubjectAlternativeNameBuilder>? addNames)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (addNames is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            addNames(names);
            request.CertificateExtensions.Add(names.Build());
        }

        using var certificate = request.CreateSelfSigned(Tokens.Now, Tokens.Now.AddDays(1));
        return certificate.RawData;
    }

    private static byte[] Make(RSA key)
    {
        var request = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(Tokens.Now, Tokens.Now.AddDays(1));
        return certificate.RawData;
    }

    private static JsonElement Set(Jwk key) => Json(Encoding.UTF8.GetString(new Jwks([key]).ToUtf8Json()));

    private static JsonElement Json(string text) => StrictJson.TryParseElement(Encoding.UTF8.GetBytes(text))!.Value;
}
