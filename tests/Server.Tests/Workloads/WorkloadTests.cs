using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Server.Tests.Agents;
using Signet.Jose;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Workloads;

/// <summary>Workloads that act as agents with their platform's tokens, over HTTP, with an issuer that is a real server.</summary>
public sealed class WorkloadTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private AgentDesk desk = null!;
    private Forge forge = null!;

    public async ValueTask InitializeAsync() => (desk, forge) = (await AgentDesk.OpenAsync(signet), await Forge.OpenAsync(signet));

    public ValueTask DisposeAsync() => forge.DisposeAsync();

    [Fact]
    public async Task A_workload_gets_a_token_of_the_agent_without_a_secret()
    {
        var agent = await desk.RegisterAsync(("scopes", new[] { "agents:read", "orders:read" }));
        var policy = await forge.TrustAsync(desk, agent, ("scopes", new[] { "agents:read" }), ("maxTokenSeconds", 120));

        var answer = await Forge.ExchangeAsync(signet, forge.Token());

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal(("agents:read", "120", "urn:ietf:params:oauth:token-type:access_token"), (answer["scope"], answer["expires_in"], answer["issued_token_type"]));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(agent, answer["access_token"])).Status);
        Assert.Contains("trust_policy.redeemed", await signet.ActionsAsync(policy));
        Assert.Contains("token.issued", await signet.ActionsAsync(agent));
        var shown = await signet.CallAsync(HttpMethod.Get, $"/api/v1/trust-policies/{policy}", desk.ApiKey);
        Assert.True(shown.Json.TryGetProperty("lastUsedAt", out _), shown.Text);
        Assert.Equal("workload_identity", (await desk.CredentialAsync(agent)).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task The_short_address_takes_a_token_and_whom_it_is_for()
    {
        var (agent, other) = (await desk.RegisterAsync(), await desk.RegisterAsync());
        await forge.TrustAsync(desk, agent);
        await forge.TrustAsync(desk, other);

        var vague = await signet.CallAsync(HttpMethod.Post, "/oidc/token", null, new Dictionary<string, object> { ["token"] = forge.Token() });
        var named = await signet.CallAsync(HttpMethod.Post, "/oidc/token", null, new Dictionary<string, object> { ["token"] = forge.Token(), ["agentId"] = other });

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (vague.Status, vague["error"]));
        Assert.True(named.Status == HttpStatusCode.OK, named.Text);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(other, named["access_token"])).Status);
    }

    /// <summary>One thing is wrong with each; nobody can tell by the answer which.</summary>
    [Theory]
    [InlineData("aud", "\"https://other.example\"", "token_wrong_audience")]
    [InlineData("aud", "both", "token_wrong_audience")]
    [InlineData("aud", "null", "token_wrong_audience")]
    [InlineData("exp", "-91", "token_expired")]
    [InlineData("exp", "+100000", "token_lives_too_long")]
    [InlineData("exp", "null", "token_missing_time")]
    [InlineData("nbf", "+200", "token_not_yet_valid")]
    [InlineData("repository_id", "\"740\"", "claim_repository_id")]
    [InlineData("repository_id", "\"7\"", "claim_repository_id")]
    [InlineData("repository_id", "[\"74\"]", "claim_repository_id")]
    [InlineData("repository_id", "null", "claim_repository_id")]
    [InlineData("sub", "null", "claim_sub")]
    public async Task A_token_with_one_wrong_claim_is_refused(string claim, string value, string reason)
    {
        var policy = await forge.TrustAsync(desk, await desk.RegisterAsync());
        JsonNode? changed = value switch
        {
            "null" => null,
            "both" => new JsonArray(signet.Issuer, "https://other.example"),
            _ when value[0] is '+' or '-' => signet.Clock.GetUtcNow().ToUnixTimeSeconds() + long.Parse(value, System.Globalization.CultureInfo.InvariantCulture),
            _ => JsonNode.Parse(value),
        };

        await RefusedAsync(policy, forge.Token((claim, changed)), reason);
    }

    [Fact]
    public async Task Our_audience_alone_in_a_list_is_ours()
    {
        await forge.TrustAsync(desk, await desk.RegisterAsync());

        Assert.Equal(HttpStatusCode.OK, (await Forge.ExchangeAsync(signet, forge.Token(("aud", new JsonArray(signet.Issuer))))).Status);
    }

    [Theory]
    [InlineData("alg none", "token_malformed")]
    [InlineData("HS256 with the public key", "token_unacceptable_algorithm")]
    [InlineData("unknown kid", "token_unknown_key")]
    [InlineData("key of its own in the header", "token_unknown_key")]
    [InlineData("tampered payload", "token_bad_signature")]
    [InlineData("an access token's type", "token_unexpected_type")]
    public async Task A_forged_token_is_refused(string attack, string reason)
    {
        var policy = await forge.TrustAsync(desk, await desk.RegisterAsync());
        using var other = SigningKey.Generate(JwsAlgorithm.RS256);
        var good = forge.Token().Split('.');
        var token = attack switch
        {
            "alg none" => $"{ForgedJwt.Part("""{"alg":"none","typ":"JWT"}""")}.{good[1]}.",
            "HS256 with the public key" => ForgedJwt.Hmac($$"""{"alg":"HS256","kid":"{{forge.Key.Kid}}","typ":"JWT"}""", good[1], forge.Key.PublicKey.ToUtf8Json()),
            "unknown kid" => AgentDesk.Sign(other, forge.Claims()),
            "key of its own in the header" => $"{ForgedJwt.Part($$"""{"alg":"RS256","typ":"JWT","kid":"{{other.Kid}}","jwk":{{Encoding.UTF8.GetString(other.PublicKey.ToUtf8Json())}}}""")}.{good[1]}.{good[2]}",
            "tampered payload" => $"{good[0]}.{ForgedJwt.Part(forge.Claims().ToJsonString())}.{good[2]}",
            _ => AgentDesk.Sign(forge.Key, forge.Claims(), "at+jwt"),
        };

        await RefusedAsync(policy, token, reason);
    }

    [Fact]
    public async Task Another_issuers_token_is_refused_although_it_says_the_same()
    {
        await using var mallory = await Forge.OpenAsync(signet);
        var policy = await forge.TrustAsync(desk, await desk.RegisterAsync());

        // No policy is about it, so there is nothing to record it under.
        Assert.Equal("invalid_grant", (await Forge.ExchangeAsync(signet, mallory.Token()))["error"]);
        await RefusedAsync(policy, mallory.Token(("iss", forge.Issuer)), "token_unknown_key");
    }

    [Theory]
    [InlineData("repo:acme/*", "repo:acme/screener:ref:refs/heads/main", true)]
    [InlineData("repo:acme/*", "repo:acme-evil/screener:ref:refs/heads/main", false)]
    [InlineData("repo:acme/*:ref:refs/heads/main", "repo:acme/x:ref:refs/heads/main", true)]
    [InlineData("repo:acme/*:ref:refs/heads/main", "repo:acme/x:ref:refs/heads/main2", false)]
    [InlineData("repo:acme/*:ref:refs/heads/main", "repo:acme/x:ref:refs/heads/dev", false)]
    [InlineData("repo:acme/*", "REPO:ACME/x", false)]
    public async Task A_pattern_matches_what_it_says_from_end_to_end(string pattern, string subject, bool matches)
    {
        await forge.TrustAsync(desk, await desk.RegisterAsync(), ("rules", new[] { new { claim = "sub", value = pattern, pattern = true } }));

        var answer = await Forge.ExchangeAsync(signet, forge.Token(("sub", subject)));

        Assert.Equal(matches ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
    }

    [Theory]
    [InlineData("rules", """[{"claim":"sub","value":"*","pattern":true}]""")]
    [InlineData("rules", """[{"claim":"sub","value":"repo:acme*","pattern":true}]""")]
    [InlineData("rules", """[{"claim":"repository_id","value":"7*","pattern":true}]""")]
    [InlineData("rules", """[{"claim":"ref","value":"refs/heads/main"}]""")]
    [InlineData("rules", """[{"claim":"sub","value":"a"},{"claim":"aud","value":"b"}]""")]
    [InlineData("rules", """[{"claim":"sub","value":"a"},{"claim":"sub","value":"b"}]""")]
    [InlineData("rules", "[]")]
    [InlineData("issuer", "\"http://issuer.example\"")]
    [InlineData("issuer", "\"https://issuer.example/*\"")]
    [InlineData("issuer", "\"https://10.0.0.1\"")]
    [InlineData("audience", "\"*\"")]
    [InlineData("jwksUri", "\"http://keys.example\"")]
    [InlineData("jwks", """{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""")]
    [InlineData("scopes", """["orders:write"]""")]
    [InlineData("maxTokenSeconds", "3601")]
    [InlineData("agentId", "null")]
    public async Task A_policy_that_trusts_too_much_is_not_made(string field, string value)
    {
        var body = new JsonObject
        {
            ["name"] = "p", ["issuer"] = forge.Issuer, ["agentId"] = await desk.RegisterAsync(),
            ["rules"] = new JsonArray(new JsonObject { ["claim"] = "sub", ["value"] = "a" }),
        };
        body[field] = JsonNode.Parse(value);

        var answer = await signet.CallAsync(HttpMethod.Post, "/api/v1/trust-policies", desk.ApiKey, body.ToJsonString());

        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (answer.Status, answer["code"]));
        Assert.True(answer.Json.GetProperty("details").TryGetProperty(field, out _), answer.Text);
    }

    /// <summary>On both nodes, and on one that starts later.</summary>
    [Fact]
    public async Task A_token_is_exchanged_once()
    {
        var policy = await forge.TrustAsync(desk, await desk.RegisterAsync());
        await using var second = await signet.StartNodeAsync();
        var token = forge.Token();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => Forge.ExchangeAsync(n % 2 == 0 ? signet : second, token)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal("invalid_grant", answer["error"]));
        await using var third = await signet.StartNodeAsync();
        Assert.Equal("invalid_grant", (await Forge.ExchangeAsync(third, token))["error"]);
        Assert.Equal("replayed", await ReasonAsync(policy));
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("disable")]
    [InlineData("narrow")]
    [InlineData("suspend")]
    [InlineData("revoke")]
    public async Task What_a_policy_got_dies_with_it_on_every_node(string how)
    {
        var agent = await desk.RegisterAsync();
        var policy = await forge.TrustAsync(desk, agent);
        await using var second = await signet.StartNodeAsync();
        var token = (await Forge.ExchangeAsync(signet, forge.Token()))["access_token"];
        Assert.Equal(HttpStatusCode.OK, (await second.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent}", token)).Status);

        var ended = how switch
        {
            "delete" => await signet.CallAsync(HttpMethod.Delete, $"/api/v1/trust-policies/{policy}", desk.ApiKey),
            "disable" => await ChangeAsync(policy, """{"enabled":false}"""),
            "narrow" => await ChangeAsync(policy, """{"rules":[{"claim":"repository_id","value":"75"}]}"""),
            "suspend" => await signet.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{agent}", desk.ApiKey, """{"status":"suspended"}"""),
            _ => await signet.CallAsync(
                HttpMethod.Delete, $"/api/v1/agents/{agent}/credentials/{(await desk.CredentialAsync(agent)).GetProperty("credentialId").GetString()}", desk.ApiKey),
        };

        Assert.True(ended.Status is HttpStatusCode.OK or HttpStatusCode.NoContent, ended.Text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(agent, token)).Status);
        await Until.TrueAsync(
            async () => (await second.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent}", token)).Status == HttpStatusCode.Unauthorized, TestContext.Current.CancellationToken);
        Assert.Equal("invalid_grant", (await Forge.ExchangeAsync(second, forge.Token()))["error"]);
    }

    [Fact]
    public async Task Tokens_do_not_come_back_with_the_policy()
    {
        var agent = await desk.RegisterAsync();
        var policy = await forge.TrustAsync(desk, agent);
        var token = (await Forge.ExchangeAsync(signet, forge.Token()))["access_token"];

        await ChangeAsync(policy, """{"enabled":false}""");
        await RefusedAsync(policy, forge.Token(), "disabled");
        await ChangeAsync(policy, """{"enabled":true}""");

        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(agent, token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Forge.ExchangeAsync(signet, forge.Token())).Status);
    }

    [Fact]
    public async Task A_new_name_ends_nothing()
    {
        var agent = await desk.RegisterAsync();
        var policy = await forge.TrustAsync(desk, agent);
        var token = (await Forge.ExchangeAsync(signet, forge.Token()))["access_token"];

        await ChangeAsync(policy, """{"name":"Another"}""");

        Assert.Equal(HttpStatusCode.OK, (await CallAsync(agent, token)).Status);
    }

    [Fact]
    public async Task An_issuer_that_is_down_is_no_verdict_on_the_token()
    {
        var gone = await Forge.OpenAsync(signet);
        await gone.TrustAsync(desk, await desk.RegisterAsync());
        var token = gone.Token();
        await gone.DisposeAsync();

        var answer = await Forge.ExchangeAsync(signet, token);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "temporarily_unavailable"), (answer.Status, answer["error"]));
    }

    [Fact]
    public async Task A_discovery_document_about_somebody_else_gives_no_keys()
    {
        forge.ClaimedIssuer = "https://token.actions.githubusercontent.com";
        await forge.TrustAsync(desk, await desk.RegisterAsync());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Forge.ExchangeAsync(signet, forge.Token())).Status);
        Assert.Equal(0, forge.Fetches);
    }

    [Fact]
    public async Task A_new_key_of_the_issuer_is_fetched_once_a_minute_at_most()
    {
        var policy = await forge.TrustAsync(desk, await desk.RegisterAsync());
        Assert.Equal(HttpStatusCode.OK, (await Forge.ExchangeAsync(signet, forge.Token())).Status);
        forge.Key = SigningKey.Generate(JwsAlgorithm.ES256);

        await RefusedAsync(policy, forge.Token(), "token_unknown_key");
        Assert.Equal(1, forge.Fetches);
        signet.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(HttpStatusCode.OK, (await Forge.ExchangeAsync(signet, forge.Token())).Status);
        Assert.Equal(2, forge.Fetches);
    }

    [Fact]
    public async Task Pinned_keys_are_never_fetched()
    {
        await forge.TrustAsync(desk, await desk.RegisterAsync(), ("jwks", JsonNode.Parse(new Jwks([forge.Key.PublicKey]).ToUtf8Json())!));

        Assert.Equal(HttpStatusCode.OK, (await Forge.ExchangeAsync(signet, forge.Token())).Status);
        Assert.Equal(0, forge.Fetches);
    }

    [Theory]
    [InlineData("orders:write", "invalid_scope")]
    [InlineData("agents:admin", "invalid_scope")]
    public async Task More_than_the_policy_allows_is_refused(string scope, string error)
    {
        await forge.TrustAsync(desk, await desk.RegisterAsync());

        Assert.Equal(error, (await Forge.ExchangeAsync(signet, forge.Token(), ("scope", scope)))["error"]);
    }

    [Fact]
    public async Task Another_tenants_policies_trust_nobody_here()
    {
        var policy = await forge.TrustAsync(desk, await desk.RegisterAsync());
        var tenant = await signet.CreateTenantAsync();
        var key = await signet.CreateApiKeyAsync(Signet.Server.Permissions.Role.Owner, tenant.Id);

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Patch, HttpMethod.Delete])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(method, $"/t/{tenant.Slug}/api/v1/trust-policies/{policy}", key, method == HttpMethod.Patch ? "{}" : null)).Status);
        }

        var elsewhere = await signet.CallAsync(HttpMethod.Post, $"/t/{tenant.Slug}/oidc/token", null, new Dictionary<string, object> { ["token"] = forge.Token() });
        Assert.Equal("invalid_grant", elsewhere["error"]);
    }

    [Fact]
    public async Task Nobody_trusts_a_workload_with_more_than_they_may_do()
    {
        var agent = await desk.RegisterAsync(("scopes", new[] { "agents:read", "audit:read" }));
        var clerk = await signet.CreateApiKeyAsync(Signet.Server.Permissions.Role.Auditor);
        var boss = await signet.RegisterAgentAsync(desk.ApiKey, "agents:admin");
        var token = (await signet.PostAsync("/oauth2/token", boss, [("grant_type", "client_credentials")]))["access_token"];
        var body = new JsonObject
        {
            ["name"] = "p", ["issuer"] = forge.Issuer, ["agentId"] = agent, ["rules"] = new JsonArray(new JsonObject { ["claim"] = "sub", ["value"] = "a" }),
        }.ToJsonString();

        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Post, "/api/v1/trust-policies", clerk, body)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Post, "/api/v1/trust-policies", token, body)).Status);
    }

    private Task<TestAnswer> CallAsync(string agent, string token) => signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent}", token);

    private Task<TestAnswer> ChangeAsync(string policy, string body) => signet.CallAsync(HttpMethod.Patch, $"/api/v1/trust-policies/{policy}", desk.ApiKey, body);

    private async Task RefusedAsync(string policy, string token, string reason)
    {
        var answer = await Forge.ExchangeAsync(signet, token);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (answer.Status, answer["error"]));
        Assert.Equal(reason, await ReasonAsync(policy));
    }

    private async Task<string?> ReasonAsync(string policy) => await desk.ReasonAsync(policy);
}
