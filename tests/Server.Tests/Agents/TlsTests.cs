using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Signet.Platform.Http;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>Certificates over our own TLS: real handshakes, in which who has no key of a certificate can't show it.</summary>
public sealed class TlsTests(CertificateEstate estate) : IClassFixture<CertificateEstate>, IAsyncLifetime
{
    private TestSignet node = null!;
    private IPEndPoint tls = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Of a proxy the certificate would be the proxy's own; here clients come by themselves.
    public async ValueTask InitializeAsync() => (node, tls) = await estate.StartNodeAsync(settings => settings with { TrustedProxies = TrustedProxies.None });

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task A_client_gets_and_uses_a_token_over_its_own_connection()
    {
        var (agent, certificate) = await estate.RegisterAsync();
        var (_, others) = await estate.RegisterAsync();
        using var client = estate.Connect(certificate, tls);
        using var thief = estate.Connect(others, tls);
        using var nobody = estate.Connect(null, tls);

        var token = (await AskAsync(client, agent)).Token!;

        Assert.Equal(HttpStatusCode.OK, await UseAsync(client, agent, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await UseAsync(thief, agent, token));
        Assert.Equal("token_with_other_certificate", await estate.Desk.ReasonAsync(agent));
        Assert.Equal(HttpStatusCode.Unauthorized, await UseAsync(nobody, agent, token));
        Assert.Equal("token_without_certificate", await estate.Desk.ReasonAsync(agent));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(thief, agent)).Status);
        Assert.Equal("certificate_unknown", await estate.Desk.ReasonAsync(agent));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(nobody, agent)).Status);
        Assert.Equal("certificate_missing", await estate.Desk.ReasonAsync(agent));
    }

    [Fact]
    public async Task A_header_beside_the_connection_is_nothing()
    {
        var (agent, certificate) = await estate.RegisterAsync();
        var (_, others) = await estate.RegisterAsync();
        using var thief = estate.Connect(others, tls);
        using var nobody = estate.Connect(null, tls);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(thief, agent, CertificateEstate.HeaderOf(certificate))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(nobody, agent, CertificateEstate.HeaderOf(certificate))).Status);
    }

    [Fact]
    public async Task Of_a_proxy_the_connections_certificate_is_not_its_clients()
    {
        var (agent, certificate) = await estate.RegisterAsync();
        // The first node trusts this machine's address.
        using var proxy = estate.Connect(certificate);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(proxy, agent)).Status);
        Assert.Equal("certificate_missing", await estate.Desk.ReasonAsync(agent));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(proxy, agent, CertificateEstate.HeaderOf(certificate))).Status);
    }

    [Fact]
    public async Task Issued_by_an_authority_and_over_is_told_apart_from_issued_by_nobody()
    {
        var root = TestCertificates.MakeRoot(estate.Now);
        var between = TestCertificates.MakeIntermediate(root, estate.Now);
        var authority = await estate.AddAuthorityAsync(root, between);
        var agent = await estate.Desk.RegisterAsync();
        await estate.GiveAsync(agent, ("authorityId", authority), ("sanUri", "spiffe://example.com/worker"));
        var wish = new TestCertificateWish("CN=worker") { Names = names => names.AddUri(new Uri("spiffe://example.com/worker")) };

        foreach (var (shown, status, reason) in ((X509Certificate2, HttpStatusCode, string?)[])
        [
            (TestCertificates.Issue(between, estate.Now, wish), HttpStatusCode.OK, null),
            (TestCertificates.Issue(root, estate.Now, wish with { Until = TimeSpan.FromSeconds(-1) }), HttpStatusCode.Unauthorized, "certificate_expired"),
            (TestCertificates.SelfSign(estate.Now, wish), HttpStatusCode.Unauthorized, "certificate_untrusted"),
        ])
        {
            using var client = estate.Connect(shown, tls);
            Assert.Equal(status, (await AskAsync(client, agent)).Status);
            Assert.True(reason is null || reason == await estate.Desk.ReasonAsync(agent));
        }
    }

    [Fact]
    public async Task Nothing_is_fetched_from_where_a_certificate_says_its_issuer_is()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var agent = await estate.Desk.RegisterAsync();
        var authority = await estate.AddAuthorityAsync(TestCertificates.MakeRoot(estate.Now));
        await estate.GiveAsync(agent, ("authorityId", authority), ("subjectDn", "CN=lure"));
        var elsewhere = TestCertificates.MakeRoot(estate.Now, "CN=Elsewhere");
        using var client = estate.Connect(TestCertificates.Issue(elsewhere, estate.Now, new TestCertificateWish("CN=lure")
        {
            IssuerAddress = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/issuer.cer",
        }), tls);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(client, agent)).Status);

        Assert.Equal("certificate_untrusted", await estate.Desk.ReasonAsync(agent));
        Assert.False(listener.Pending());
    }

    private async Task<(HttpStatusCode Status, string? Token)> AskAsync(HttpClient client, string agent, string? header = null)
    {
        // Of two records of one moment nobody could say which is the last.
        estate.Signet.Clock.Advance(TimeSpan.FromMilliseconds(2));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/oauth2/token", UriKind.Relative))
        {
            Content = TestAnswer.FormOf([("grant_type", "client_credentials"), ("client_id", agent)]),
        };
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(CertificateEstate.Header, header);
        }

        using var answer = await client.SendAsync(request, Ct);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        return (answer.StatusCode, body.RootElement.TryGetProperty("access_token", out var token) ? token.GetString() : null);
    }

    private async Task<HttpStatusCode> UseAsync(HttpClient client, string agent, string token)
    {
        estate.Signet.Clock.Advance(TimeSpan.FromMilliseconds(2));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/v1/agents/{agent}", UriKind.Relative));
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.SendAsync(request, Ct);
        return answer.StatusCode;
    }
}
