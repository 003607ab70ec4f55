using System.Net;
using System.Security.Cryptography.X509Certificates;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>What can't be registered as a certificate or trusted as an authority, and what discovery says of it.</summary>
public sealed class CertificateDraftTests(CertificateEstate estate) : IClassFixture<CertificateEstate>
{
    [Theory]
    [InlineData("nothing")]
    [InlineData("pem and thumbprint")]
    [InlineData("pem and a name")]
    [InlineData("a name without authority")]
    [InlineData("an authority without name")]
    [InlineData("two names")]
    [InlineData("a wildcard")]
    [InlineData("an unknown authority")]
    [InlineData("two certificates")]
    [InlineData("a private key")]
    [InlineData("no PEM")]
    [InlineData("a short thumbprint")]
    [InlineData("of another kind")]
    public async Task What_names_no_certificate_is_refused(string what)
    {
        var agent = await estate.Desk.RegisterAsync();
        var pem = estate.SelfSigned().ExportCertificatePem();
        var authority = await estate.AddAuthorityAsync(TestCertificates.MakeRoot(estate.Now));
        (string, object)[] certificate = what switch
        {
            "pem and thumbprint" => [("pem", pem), ("thumbprint", new string('A', 43))],
            "pem and a name" => [("pem", pem), ("subjectDn", "CN=a")],
            "a name without authority" => [("subjectDn", "CN=a")],
            "an authority without name" => [("authorityId", authority)],
            "two names" => [("authorityId", authority), ("subjectDn", "CN=a"), ("sanDns", "a.example.com")],
            "a wildcard" => [("authorityId", authority), ("sanDns", "*.example.com")],
            "an unknown authority" => [("authorityId", Guid.CreateVersion7()), ("sanDns", "a.example.com")],
            "two certificates" => [("pem", $"{pem}\n{estate.SelfSigned().ExportCertificatePem()}")],
            "a private key" => [("pem", estate.SelfSigned().GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())],
            "no PEM" => [("pem", "MIIB")],
            "a short thumbprint" => [("thumbprint", "abc")],
            "of another kind" => [("pem", pem)],
            _ => [],
        };

        var answer = what is "of another kind"
            ? await estate.Desk.GiveAsync(agent, ("kind", "client_secret"), ("certificate", certificate.ToDictionary(one => one.Item1, one => one.Item2)))
            : await estate.GiveAsync(agent, certificate);

        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (answer.Status, answer["code"]));
        Assert.DoesNotContain("BEGIN", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_name_of_an_authority_in_another_spelling_is_the_same()
    {
        var authority = await estate.AddAuthorityAsync(TestCertificates.MakeRoot(estate.Now));
        var (one, other) = (await estate.Desk.RegisterAsync(), await estate.Desk.RegisterAsync());

        Assert.Equal(HttpStatusCode.Created, (await estate.GiveAsync(one, ("authorityId", authority), ("subjectDn", "CN=a,O=b"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await estate.GiveAsync(other, ("authorityId", authority), ("subjectDn", "cn=a, o=b"))).Status);
    }

    [Fact]
    public async Task A_certificate_is_not_rotated_and_an_agent_has_ten_at_most()
    {
        var (agent, _) = await estate.RegisterAsync();
        var credential = (await estate.Desk.CredentialAsync(agent)).GetProperty("credentialId").GetString();

        Assert.Equal(HttpStatusCode.Conflict, (await estate.Signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/credentials/{credential}/rotate", estate.Desk.ApiKey)).Status);
        for (var made = 1; made < 10; made++)
        {
            Assert.Equal(HttpStatusCode.Created, (await estate.GiveAsync(agent, ("pem", estate.SelfSigned().ExportCertificatePem()))).Status);
        }

        Assert.Equal(HttpStatusCode.Conflict, (await estate.GiveAsync(agent, ("pem", estate.SelfSigned().ExportCertificatePem()))).Status);
    }

    [Fact]
    public async Task An_authority_is_listed_and_trusted_once()
    {
        var root = TestCertificates.MakeRoot(estate.Now);
        var authority = await estate.AddAuthorityAsync(root);

        var again = await estate.Signet.CallAsync(HttpMethod.Post, "/api/v1/certificate-authorities", estate.Desk.ApiKey, CertificateEstate.AuthorityBody(root.ExportCertificatePem()));
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        var found = await estate.Signet.CallAsync(HttpMethod.Get, $"/api/v1/certificate-authorities/{authority}", estate.Desk.ApiKey);
        Assert.Equal(CertificateEstate.ThumbprintOf(root), found["thumbprint"]);
        Assert.Contains(authority, (await estate.Signet.CallAsync(HttpMethod.Get, "/api/v1/certificate-authorities", estate.Desk.ApiKey)).Text, StringComparison.Ordinal);
        foreach (var pem in (string[])["", "nothing", estate.SelfSigned().ExportCertificatePem(), root.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()])
        {
            var refused = await estate.Signet.CallAsync(HttpMethod.Post, "/api/v1/certificate-authorities", estate.Desk.ApiKey, CertificateEstate.AuthorityBody(pem));
            Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (refused.Status, refused["code"]));
        }

        var reader = await estate.Signet.CreateApiKeyAsync(Role.Auditor);
        Assert.Equal(HttpStatusCode.Forbidden, (await estate.Signet.CallAsync(HttpMethod.Delete, $"/api/v1/certificate-authorities/{authority}", reader)).Status);
    }

    [Fact]
    public async Task Discovery_says_so_where_certificates_get_through()
    {
        var tenant = await estate.Signet.CreateTenantAsync();
        var document = (await estate.Signet.CallAsync(HttpMethod.Get, "/.well-known/oauth-authorization-server")).Json;
        var theirs = (await estate.Signet.CallAsync(HttpMethod.Get, $"/t/{tenant.Slug}/.well-known/oauth-authorization-server")).Json;
        await using var without = await TestSignet.StartAsync();
        var plain = (await without.CallAsync(HttpMethod.Get, "/.well-known/oauth-authorization-server")).Json;

        Assert.True(document.GetProperty("tls_client_certificate_bound_access_tokens").GetBoolean());
        var methods = document.GetProperty("token_endpoint_auth_methods_supported").EnumerateArray().Select(method => method.GetString()!).ToList();
        Assert.Contains("tls_client_auth", methods);
        Assert.Contains("self_signed_tls_client_auth", methods);
        Assert.Equal("https://mtls.example.test/oauth2/token", document.GetProperty("mtls_endpoint_aliases").GetProperty("token_endpoint").GetString());
        Assert.Equal($"https://mtls.example.test/t/{tenant.Slug}/oauth2/token", theirs.GetProperty("mtls_endpoint_aliases").GetProperty("token_endpoint").GetString());
        Assert.False(plain.TryGetProperty("tls_client_certificate_bound_access_tokens", out _));
        Assert.False(plain.TryGetProperty("mtls_endpoint_aliases", out _));
        Assert.DoesNotContain("tls_client_auth", plain.GetProperty("token_endpoint_auth_methods_supported").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_other_name_leads_to_the_default_tenant()
    {
        var (agent, certificate) = await estate.RegisterAsync();

        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("http://mtls.example.test/oauth2/token"))
        {
            Content = TestAnswer.FormOf([("grant_type", "client_credentials"), ("client_id", agent)]),
            Headers = { { CertificateEstate.Header, CertificateEstate.HeaderOf(certificate) } },
        };

        Assert.Equal(HttpStatusCode.OK, (await estate.Signet.SendAsync(request)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await estate.Signet.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri("http://other.example.test/.well-known/openid-configuration")))).Status);
    }
}
