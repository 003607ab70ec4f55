using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Signet.OAuth.MutualTls;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>Agents that show themselves by certificates (RFC 8705), which a trusted proxy says in a header.</summary>
public sealed class CertificateTests(CertificateEstate estate) : IClassFixture<CertificateEstate>
{
    private TestSignet Signet => estate.Signet;

    [Fact]
    public async Task A_registered_certificate_gets_a_token_that_is_bound_to_it()
    {
        var (agent, certificate) = await estate.RegisterAsync();

        var answer = await estate.AskAsync(agent, certificate);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal("Bearer", answer["token_type"]);
        var seen = await estate.IntrospectAsync(agent, certificate, answer["access_token"]);
        Assert.Equal("True", seen["active"]);
        Assert.Equal(CertificateEstate.ThumbprintOf(certificate), seen.Json.GetProperty("cnf").GetProperty("x5t#S256").GetString());
        Assert.Equal(HttpStatusCode.OK, (await estate.CallAsync($"/api/v1/agents/{agent}", answer["access_token"], certificate)).Status);
        var listed = await estate.Desk.CredentialAsync(agent);
        Assert.Equal(("certificate", CertificateEstate.ThumbprintOf(certificate)), (listed.GetProperty("kind").GetString(), listed.GetProperty("certificate").GetProperty("thumbprint").GetString()));
        Assert.Equal(certificate.Subject, listed.GetProperty("hint").GetString());
    }

    [Fact]
    public async Task A_thumbprint_and_a_key_do_as_well()
    {
        var (first, second) = (await estate.Desk.RegisterAsync(), await estate.Desk.RegisterAsync());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var one = TestCertificates.SelfSign(estate.Now, new TestCertificateWish("CN=one"), key);
        var renewed = TestCertificates.SelfSign(estate.Now, new TestCertificateWish("CN=one") { Until = TimeSpan.FromDays(60) }, key);

        var exact = await estate.GiveAsync(first, ("thumbprint", CertificateEstate.ThumbprintOf(one)));
        var byKey = await estate.Desk.GiveAsync(
            second, ("kind", "certificate"), ("jwk", JsonNode.Parse(SelfSignedCertificate.TryReadKey(one.RawData)!.ToUtf8Json())!));

        Assert.True(exact.Status == HttpStatusCode.Created && byKey.Status == HttpStatusCode.Created, exact.Text + byKey.Text);
        Assert.Equal(HttpStatusCode.OK, (await estate.AskAsync(first, one)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await estate.AskAsync(first, renewed)).Status);
        Assert.Equal(HttpStatusCode.OK, (await estate.AskAsync(second, one)).Status);
        Assert.Equal(HttpStatusCode.OK, (await estate.AskAsync(second, renewed)).Status);
    }

    [Theory]
    [InlineData("subjectDn", "CN=worker,O=Example\\, Inc.")]
    [InlineData("sanDns", "worker.example.com")]
    [InlineData("sanUri", "spiffe://example.com/worker")]
    [InlineData("sanIp", "192.0.2.7")]
    [InlineData("sanEmail", "worker@example.com")]
    public async Task A_name_of_an_authority_does_for_each_certificate_that_has_it(string kind, string name)
    {
        var root = TestCertificates.MakeRoot(estate.Now);
        var between = TestCertificates.MakeIntermediate(root, estate.Now);
        var authority = await estate.AddAuthorityAsync(between, root);
        var agent = await estate.Desk.RegisterAsync();
        var made = await estate.GiveAsync(agent, ("authorityId", authority), (kind, name));
        Assert.True(made.Status == HttpStatusCode.Created, made.Text);

        var wish = new TestCertificateWish("CN=worker, O=\"Example, Inc.\"")
        {
            Names = names =>
            {
                names.AddDnsName("worker.example.com");
                names.AddUri(new Uri("spiffe://example.com/worker"));
                names.AddIpAddress(IPAddress.Parse("192.0.2.7"));
                names.AddEmailAddress("worker@example.com");
            },
        };
        var (first, renewed) = (TestCertificates.Issue(root, estate.Now, wish), TestCertificates.Issue(between, estate.Now, wish));
        Assert.Equal(HttpStatusCode.OK, (await estate.AskAsync(agent, first)).Status);
        var token = (await estate.AskAsync(agent, renewed))["access_token"];
        Assert.Equal(HttpStatusCode.OK, (await estate.CallAsync($"/api/v1/agents/{agent}", token, renewed)).Status);
        // Bound to the one that was shown, not to the name.
        Assert.Equal(HttpStatusCode.Unauthorized, (await estate.CallAsync($"/api/v1/agents/{agent}", token, first)).Status);
    }

    [Theory]
    [InlineData("none", "certificate_missing")]
    [InlineData("another", "certificate_unknown")]
    [InlineData("another agent's", "certificate_unknown")]
    [InlineData("over", "certificate_expired")]
    [InlineData("not begun", "certificate_not_yet_valid")]
    [InlineData("malformed", "certificate_malformed")]
    [InlineData("no certificate", "certificate_unreadable")]
    [InlineData("a weak key", "certificate_unreadable")]
    [InlineData("two headers", "certificate_several")]
    [InlineData("huge", "certificate_too_long")]
    [InlineData("revoked", "credential_revoked")]
    [InlineData("suspended", "suspended")]
    [InlineData("credential over", "credential_expired")]
    public async Task Every_refusal_is_the_same_and_the_record_has_the_reason(string what, string reason)
    {
        var agent = await estate.Desk.RegisterAsync();
        var own = what switch
        {
            "over" => estate.SelfSigned(wish => wish with { Until = TimeSpan.FromDays(-0.5) }),
            "not begun" => estate.SelfSigned(wish => wish with { From = TimeSpan.FromMinutes(5) }),
            _ => estate.SelfSigned(),
        };
        using var weak = RSA.Create(1024);
        // One whose time is over is registered by its thumbprint alone, which does not tell.
        var made = await estate.Desk.GiveAsync(
            agent, [("kind", "certificate"), ("certificate", Map("thumbprint", CertificateEstate.ThumbprintOf(own))), .. Ending(what)]);
        Assert.True(made.Status == HttpStatusCode.Created, made.Text);
        var (_, others) = await estate.RegisterAsync();
        string[] headers = what switch
        {
            "none" => [],
            "another" => [CertificateEstate.HeaderOf(estate.SelfSigned())],
            "another agent's" => [CertificateEstate.HeaderOf(others)],
            "malformed" => ["not a certificate"],
            "no certificate" => [":AAAA:"],
            "a weak key" => [CertificateEstate.HeaderOf(new CertificateRequest("CN=weak", weak, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(estate.Now, estate.Now.AddDays(1)))],
            "two headers" => [CertificateEstate.HeaderOf(own), CertificateEstate.HeaderOf(own)],
            "huge" => [new string('A', 20_000)],
            _ => [CertificateEstate.HeaderOf(own)],
        };
        switch (what)
        {
            case "revoked":
                await Signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent}/credentials/{CertificateEstate.CredentialOf(made)}", estate.Desk.ApiKey);
                break;
            case "suspended":
                await Signet.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{agent}", estate.Desk.ApiKey, Map("status", "suspended"));
                break;
            case "credential over":
                Signet.Clock.Advance(TimeSpan.FromMinutes(10));
                break;
        }

        var answer = await estate.PostAsync("/oauth2/token", agent, headers, null, [("grant_type", "client_credentials")]);
        var unknown = await estate.PostAsync("/oauth2/token", Guid.CreateVersion7().ToString(), headers, null, [("grant_type", "client_credentials")]);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer["error"]));
        Assert.Equal(unknown.Text, answer.Text);
        Assert.Equal(reason, await estate.Desk.ReasonAsync(agent));
    }

    [Theory]
    [InlineData("another authority of the same name", "certificate_untrusted")]
    [InlineData("another authority of the tenant", "certificate_untrusted")]
    [InlineData("self-signed", "certificate_untrusted")]
    [InlineData("over", "certificate_expired")]
    [InlineData("for servers", "certificate_wrong_use")]
    [InlineData("another name", "certificate_unknown")]
    [InlineData("a name with more in it", "certificate_unknown")]
    public async Task Only_what_the_authority_issued_for_the_name_will_do(string what, string reason)
    {
        var root = TestCertificates.MakeRoot(estate.Now);
        var second = TestCertificates.MakeRoot(estate.Now);
        var authority = await estate.AddAuthorityAsync(root);
        await estate.AddAuthorityAsync(second);
        var agent = await estate.Desk.RegisterAsync();
        Assert.Equal(HttpStatusCode.Created, (await estate.GiveAsync(agent, ("authorityId", authority), ("subjectDn", "CN=worker"))).Status);
        var wish = new TestCertificateWish(what switch { "another name" => "CN=Worker", "a name with more in it" => "O=Example, CN=worker", _ => "CN=worker" });
        var shown = what switch
        {
            "another authority of the same name" => TestCertificates.Issue(TestCertificates.MakeRoot(estate.Now), estate.Now, wish),
            "another authority of the tenant" => TestCertificates.Issue(second, estate.Now, wish),
            "self-signed" => TestCertificates.SelfSign(estate.Now, wish),
            "over" => TestCertificates.Issue(root, estate.Now, wish with { Until = TimeSpan.FromSeconds(-1) }),
            "for servers" => TestCertificates.Issue(root, estate.Now, wish with { Purpose = TestCertificates.ServerAuth }),
            _ => TestCertificates.Issue(root, estate.Now, wish),
        };

        Assert.Equal(HttpStatusCode.Unauthorized, (await estate.AskAsync(agent, shown)).Status);
        Assert.Equal(reason, await estate.Desk.ReasonAsync(agent));
    }

    [Fact]
    public async Task A_header_from_anybody_but_a_proxy_is_nothing()
    {
        var (agent, certificate) = await estate.RegisterAsync();
        var (open, _) = await estate.StartNodeAsync(settings => settings with { TrustedProxies = global::Signet.Platform.Http.TrustedProxies.None });
        await using var node = open;

        Assert.Equal(HttpStatusCode.OK, (await estate.AskAsync(agent, certificate)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await estate.AskAsync(agent, certificate, node)).Status);
        Assert.Equal("certificate_missing", await estate.Desk.ReasonAsync(agent));
    }

    [Theory]
    [InlineData(false, "token_without_certificate")]
    [InlineData(true, "token_with_other_certificate")]
    public async Task A_bound_token_is_nothing_without_its_certificate(bool showsAnother, string reason)
    {
        var (agent, certificate) = await estate.RegisterAsync();
        var (thief, others) = await estate.RegisterAsync();
        var token = (await estate.AskAsync(agent, certificate))["access_token"];
        Assert.NotEqual(agent, thief);

        foreach (var path in (string[])[$"/api/v1/agents/{agent}", $"/api/v1/agents/{agent}/credentials", "/api/v1/audit"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await estate.CallAsync(path, token, showsAnother ? others : null)).Status);
        }

        Assert.Equal(reason, await estate.Desk.ReasonAsync(agent));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Signet.UserInfoAsync(token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await estate.CallAsync($"/api/v1/agents/{agent}", token, certificate)).Status);
    }

    [Fact]
    public async Task Revoking_ends_its_tokens_at_once_on_every_node_and_those_of_the_next_live_on()
    {
        var (agent, old) = await estate.RegisterAsync();
        var credential = (await estate.Desk.CredentialAsync(agent)).GetProperty("credentialId").GetString();
        var next = estate.SelfSigned();
        Assert.Equal(HttpStatusCode.Created, (await estate.GiveAsync(agent, ("pem", next.ExportCertificatePem()))).Status);
        var (before, after) = ((await estate.AskAsync(agent, old))["access_token"], (await estate.AskAsync(agent, next))["access_token"]);
        var (other, _) = await estate.StartNodeAsync();
        await using var second = other;
        Assert.Equal(HttpStatusCode.OK, (await estate.CallAsync($"/api/v1/agents/{agent}", before, old, second)).Status);

        var revoked = await Signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent}/credentials/{credential}", estate.Desk.ApiKey);

        Assert.Equal(HttpStatusCode.NoContent, revoked.Status);
        await Until.TrueAsync(async () => (await estate.CallAsync($"/api/v1/agents/{agent}", before, old, second)).Status == HttpStatusCode.Unauthorized, TestContext.Current.CancellationToken);
        Assert.Equal("False", (await estate.IntrospectAsync(agent, next, before, second))["active"]);
        Assert.Equal(HttpStatusCode.OK, (await estate.CallAsync($"/api/v1/agents/{agent}", after, next, second)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await estate.AskAsync(agent, old, second)).Status);
    }

    [Fact]
    public async Task Removing_an_authority_revokes_what_rests_on_it()
    {
        var root = TestCertificates.MakeRoot(estate.Now);
        var authority = await estate.AddAuthorityAsync(root);
        var agent = await estate.Desk.RegisterAsync();
        await estate.GiveAsync(agent, ("authorityId", authority), ("subjectDn", "CN=worker"));
        var certificate = TestCertificates.Issue(root, estate.Now, new TestCertificateWish("CN=worker"));
        var token = (await estate.AskAsync(agent, certificate))["access_token"];

        var removed = await Signet.CallAsync(HttpMethod.Delete, $"/api/v1/certificate-authorities/{authority}", estate.Desk.ApiKey);

        Assert.Equal(HttpStatusCode.NoContent, removed.Status);
        await Until.TrueAsync(async () => (await estate.CallAsync($"/api/v1/agents/{agent}", token, certificate)).Status == HttpStatusCode.Unauthorized, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, (await estate.AskAsync(agent, certificate)).Status);
        Assert.Equal("credential_revoked", await estate.Desk.ReasonAsync(agent));
        Assert.Contains("credential.revoked", await Signet.ActionsAsync(agent));
        Assert.Equal(["certificate_authority.added", "certificate_authority.removed"], (await Signet.ActionsAsync(authority)).Order());
        Assert.Equal(HttpStatusCode.NotFound, (await Signet.CallAsync(HttpMethod.Delete, $"/api/v1/certificate-authorities/{authority}", estate.Desk.ApiKey)).Status);
    }

    [Fact]
    public async Task Of_sixteen_agents_that_register_one_certificate_at_once_one_gets_it()
    {
        var agents = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => estate.Desk.RegisterAsync()));
        var certificate = estate.SelfSigned();

        var answers = await Task.WhenAll(agents.Select(agent => estate.GiveAsync(agent, ("pem", certificate.ExportCertificatePem()))));

        var winner = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Except([winner]), answer => Assert.Equal((HttpStatusCode.Conflict, "CERTIFICATE_TAKEN"), (answer.Status, answer["code"])));
        var got = await Task.WhenAll(agents.Select(agent => estate.AskAsync(agent, certificate)));
        Assert.Single(got, answer => answer.Status == HttpStatusCode.OK);
        // Once it is revoked, another may have it.
        var owner = agents[Array.IndexOf(answers, winner)];
        await Signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{owner}/credentials/{CertificateEstate.CredentialOf(winner)}", estate.Desk.ApiKey);
        Assert.Equal(HttpStatusCode.Created, (await estate.GiveAsync(agents.First(agent => agent != owner), ("pem", certificate.ExportCertificatePem()))).Status);
    }

    [Fact]
    public async Task A_credential_ends_with_its_certificate_at_the_latest()
    {
        var agent = await estate.Desk.RegisterAsync();
        var certificate = estate.SelfSigned(wish => wish with { Until = TimeSpan.FromDays(3) });

        var made = await estate.Desk.GiveAsync(
            agent, ("kind", "certificate"), ("certificate", Map("pem", certificate.ExportCertificatePem())), ("expiresAt", estate.Now.AddDays(300)));
        Assert.Equal(new DateTimeOffset(certificate.NotAfter.ToUniversalTime()), made.Json.GetProperty("credential").GetProperty("expiresAt").GetDateTimeOffset());

        var over = estate.SelfSigned(wish => wish with { Until = TimeSpan.FromSeconds(-1) });
        Assert.Equal(HttpStatusCode.BadRequest, (await estate.GiveAsync(agent, ("pem", over.ExportCertificatePem()))).Status);
    }

    [Fact]
    public async Task It_holds_after_a_restart_and_is_nothing_in_another_tenant()
    {
        var (agent, certificate) = await estate.RegisterAsync();
        var token = (await estate.AskAsync(agent, certificate))["access_token"];
        var (restarted, _) = await estate.StartNodeAsync();
        await using var node = restarted;
        var tenant = await Signet.CreateTenantAsync();

        Assert.Equal(HttpStatusCode.OK, (await estate.AskAsync(agent, certificate, node)).Status);
        Assert.Equal(HttpStatusCode.OK, (await estate.CallAsync($"/api/v1/agents/{agent}", token, certificate, node)).Status);
        var elsewhere = await estate.PostAsync(
            $"/t/{tenant.Slug}/oauth2/token", agent, [CertificateEstate.HeaderOf(certificate)], null, [("grant_type", "client_credentials")]);
        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.Status);
        var theirs = await Signet.CreateApiKeyAsync(global::Signet.Server.Permissions.Role.Owner, tenant.Id);
        var registered = await Signet.CallAsync(HttpMethod.Post, $"/t/{tenant.Slug}/api/v1/agents", theirs, TestSignet.AgentBody("a@example.test"));
        // The same certificate in another tenant is another matter.
        Assert.Equal(HttpStatusCode.Created, (await Signet.CallAsync(
            HttpMethod.Post, $"/t/{tenant.Slug}/api/v1/agents/{registered["agentId"]}/credentials", theirs,
            new Dictionary<string, object> { ["kind"] = "certificate", ["certificate"] = Map("pem", certificate.ExportCertificatePem()) })).Status);
        var authority = await estate.AddAuthorityAsync(TestCertificates.MakeRoot(estate.Now));
        Assert.Equal(HttpStatusCode.BadRequest, (await Signet.CallAsync(
            HttpMethod.Post, $"/t/{tenant.Slug}/api/v1/agents/{registered["agentId"]}/credentials", theirs,
            new Dictionary<string, object>
            {
                ["kind"] = "certificate",
                ["certificate"] = new Dictionary<string, object> { ["authorityId"] = authority, ["subjectDn"] = "CN=a" },
            })).Status);
    }

    [Fact]
    public async Task A_proof_of_possession_binds_the_token_to_both()
    {
        var (agent, certificate) = await estate.RegisterAsync();
        using var key = global::Signet.Jose.SigningKey.Generate(global::Signet.Jose.JwsAlgorithm.ES256);
        var bound = await SendAsync(HttpMethod.Post, "/oauth2/token", certificate, Proof("POST", "/oauth2/token", null), null);
        Assert.True(bound.Status == HttpStatusCode.OK, bound.Text);
        Assert.Equal("DPoP", bound["token_type"]);
        var (path, token) = ($"/api/v1/agents/{agent}", bound["access_token"]);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, path, certificate, Proof("GET", path, token), token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, path, null, Proof("GET", path, token), token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, path, certificate, null, token)).Status);

        string Proof(string method, string at, string? shown)
        {
            var claims = new JsonObject { ["jti"] = AgentDesk.NewId(), ["htm"] = method, ["htu"] = Signet.Issuer + at, ["iat"] = estate.Now.ToUnixTimeSeconds() };
            if (shown is not null)
            {
                claims["ath"] = global::Signet.OAuth.Dpop.DpopProof.HashOf(shown);
            }

            return global::Signet.Jose.Jws.SignCompact(
                key, "dpop+jwt", writer => { writer.WritePropertyName("jwk"); writer.WriteRawValue(key.PublicKey.ToUtf8Json()); },
                System.Text.Encoding.UTF8.GetBytes(claims.ToJsonString()));
        }

        Task<TestAnswer> SendAsync(HttpMethod method, string at, X509Certificate2? shown, string? proof, string? access)
        {
            var request = new HttpRequestMessage(method, Signet.At(at));
            if (method == HttpMethod.Post)
            {
                request.Content = TestAnswer.FormOf([("grant_type", "client_credentials"), ("client_id", agent)]);
            }

            foreach (var (name, value) in ((string, string?)[])[("DPoP", proof), (CertificateEstate.Header, shown is null ? null : CertificateEstate.HeaderOf(shown)), ("Authorization", access is null ? null : $"DPoP {access}")])
            {
                if (value is not null)
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }
            }

            return Signet.SendAsync(request);
        }
    }

    [Fact]
    public async Task Who_takes_over_a_delegation_gets_a_token_bound_to_their_own_certificate()
    {
        var (first, own) = await estate.RegisterAsync(("scopes", new[] { "agents:read" }));
        var (second, theirs) = await estate.RegisterAsync(("scopes", new[] { "agents:read" }));
        var token = (await estate.AskAsync(first, own))["access_token"];
        var offer = await OfferAsync(own);
        Assert.True(offer.Status == HttpStatusCode.Created, offer.Text);
        (string, string)[] exchange =
        [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", offer["delegationToken"]),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
        ];

        var taken = await estate.AskAsync(second, theirs, null, exchange);
        Assert.True(taken.Status == HttpStatusCode.OK, taken.Text);
        var seen = await estate.IntrospectAsync(second, theirs, taken["access_token"]);
        Assert.Equal(CertificateEstate.ThumbprintOf(theirs), seen.Json.GetProperty("cnf").GetProperty("x5t#S256").GetString());
        Assert.Equal(HttpStatusCode.OK, (await estate.CallAsync($"/api/v1/agents/{second}", taken["access_token"], theirs)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await estate.CallAsync($"/api/v1/agents/{second}", taken["access_token"], own)).Status);

        // A stolen token delegates nothing, an offer alone gets nothing, and a token that is bound says nothing of who does not show its certificate.
        Assert.Equal(HttpStatusCode.Unauthorized, (await OfferAsync(theirs)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await estate.AskAsync(second, null, null, exchange)).Status);
        var secret = await estate.Desk.GiveAsync(second);
        var shown = (await estate.AskAsync(second, theirs))["access_token"];
        var actor = await Signet.TokenAsync(
            new TestClient(second, secret["clientSecret"], ""),
            [.. exchange, ("actor_token", shown), ("actor_token_type", "urn:ietf:params:oauth:token-type:access_token")]);
        Assert.Equal(HttpStatusCode.BadRequest, actor.Status);

        Task<TestAnswer> OfferAsync(X509Certificate2 certificate)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, Signet.At("/oauth2/token/delegate"))
            {
                Content = TestAnswer.JsonOf(new Dictionary<string, object> { ["delegateeAgentId"] = second, ["scopes"] = new[] { "agents:read" } }),
                Headers = { { "Authorization", $"Bearer {token}" }, { CertificateEstate.Header, CertificateEstate.HeaderOf(certificate) } },
            };
            return Signet.SendAsync(request);
        }
    }

    private IEnumerable<(string Name, object Value)> Ending(string what) => what is "credential over" ? [("expiresAt", estate.Now.AddMinutes(5))] : [];

    private static Dictionary<string, object> Map(string name, object value) => new(StringComparer.Ordinal) { [name] = value };
}
