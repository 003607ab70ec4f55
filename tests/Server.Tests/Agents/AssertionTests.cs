using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Server.Tests.Platform;
using Signet.Jose;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>Agents that prove themselves by a key (<c>private_key_jwt</c>), over HTTP.</summary>
public sealed class AssertionTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private AgentDesk desk = null!;

    public async ValueTask InitializeAsync() => desk = await AgentDesk.OpenAsync(signet);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    [InlineData("RS256")]
    [InlineData("Ed25519")]
    public async Task A_key_gets_a_token_at_both_addresses(string algorithm)
    {
        var agent = await desk.RegisterWithKeyAsync(JwsAlgorithm.TryParse(algorithm));

        foreach (var path in (string[])["/oauth2/token", "/api/v1/token"])
        {
            var answer = await AgentDesk.AskTokenAsync(signet, desk.Assertion(agent), path);

            Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
            Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}", answer["access_token"])).Status);
        }
    }

    [Fact]
    public async Task Introspection_and_revocation_take_an_assertion_too()
    {
        var agent = await desk.RegisterWithKeyAsync();
        var token = await TokenAsync(agent);

        Assert.Equal("True", (await ShowTokenAsync("/oauth2/introspect", agent, token))["active"]);
        Assert.Equal(HttpStatusCode.OK, (await ShowTokenAsync("/oauth2/revoke", agent, token)).Status);
        Assert.Equal("False", (await ShowTokenAsync("/api/v1/token/introspect", agent, token))["active"]);
    }

    [Fact]
    public async Task Revoking_the_key_ends_the_tokens_it_got()
    {
        var agent = await desk.RegisterWithKeyAsync();
        var token = await TokenAsync(agent);

        Assert.Equal(HttpStatusCode.NoContent, (await desk.RevokeAsync(agent)).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}", token)).Status);
        await RefusedAsync(agent.Id, desk.Assertion(agent), "assertion_unknown_key");
    }

    /// <summary>One thing is wrong with each; nobody can tell by the answer which.</summary>
    [Theory]
    [InlineData("aud", "\"https://other.example\"", "assertion_wrong_audience")]
    [InlineData("aud", "token endpoint", "assertion_wrong_audience")]
    [InlineData("aud", "and others", "assertion_wrong_audience")]
    [InlineData("aud", null, "assertion_wrong_audience")]
    [InlineData("exp", "-31", "assertion_expired")]
    [InlineData("exp", "+331", "assertion_lives_too_long")]
    [InlineData("exp", null, "assertion_missing_expiry")]
    [InlineData("nbf", "+31", "assertion_not_yet_valid")]
    [InlineData("iat", "+31", "assertion_issued_in_the_future")]
    [InlineData("jti", null, "assertion_missing_id")]
    public async Task An_assertion_with_one_wrong_claim_is_refused(string claim, string? value, string reason)
    {
        var agent = await desk.RegisterWithKeyAsync();
        var claims = desk.Claims(agent.Id);
        claims.Remove(claim);
        claims[claim] = value switch
        {
            null => null,
            "token endpoint" => $"{signet.Issuer}/oauth2/token",
            "and others" => new JsonArray(signet.Issuer, "https://other.example"),
            _ when value[0] is '+' or '-' => signet.Clock.GetUtcNow().ToUnixTimeSeconds() + long.Parse(value, System.Globalization.CultureInfo.InvariantCulture),
            _ => JsonNode.Parse(value),
        };
        if (value is null)
        {
            claims.Remove(claim);
        }

        await RefusedAsync(agent.Id, AgentDesk.Sign(agent.Key, claims), reason);
    }

    [Theory]
    [InlineData("alg none", null)]
    [InlineData("HS256 with the public key", "assertion_unacceptable_algorithm")]
    [InlineData("wrong kid", "assertion_unknown_key")]
    [InlineData("key of its own in the header", "assertion_unknown_key")]
    [InlineData("another agent's key", "assertion_bad_signature")]
    [InlineData("tampered payload", "assertion_bad_signature")]
    [InlineData("an access token's type", "assertion_unexpected_type")]
    public async Task A6_A_forged_assertion_is_refused(string attack, string? reason)
    {
        var agent = await desk.RegisterWithKeyAsync();
        using var other = SigningKey.Generate(JwsAlgorithm.ES256);
        var good = desk.Assertion(agent).Split('.');
        var payload = good[1];
        var assertion = attack switch
        {
            // Without a signature it is no JWT of ours to read, and names nobody the record could be about.
            "alg none" => $"{ForgedJwt.Part("""{"alg":"none","typ":"JWT"}""")}.{payload}.",
            "HS256 with the public key" => ForgedJwt.Hmac($$"""{"alg":"HS256","kid":"{{agent.Key.Kid}}","typ":"JWT"}""", payload, agent.Key.PublicKey.ToUtf8Json()),
            "wrong kid" => ForgedJwt.Signed(agent.Key, """{"alg":"ES256","kid":"nobody","typ":"JWT"}""", payload),
            "key of its own in the header" => AgentDesk.Sign(other, desk.Claims(agent.Id)),
            "another agent's key" => ForgedJwt.Signed(other, $$"""{"alg":"ES256","kid":"{{agent.Key.Kid}}","typ":"JWT"}""", payload),
            "tampered payload" => $"{good[0]}.{ForgedJwt.Part(desk.Claims(agent.Id).ToJsonString())}.{good[2]}",
            _ => AgentDesk.Sign(agent.Key, desk.Claims(agent.Id), "at+jwt"),
        };

        await RefusedAsync(agent.Id, assertion, reason);
    }

    [Theory]
    [InlineData("suspended")]
    [InlineData("decommissioned")]
    [InlineData("unknown")]
    [InlineData("expired credential")]
    public async Task A_good_key_of_an_agent_that_may_not_act_hears_the_same(string cause)
    {
        var agent = await desk.RegisterWithKeyAsync();
        switch (cause)
        {
            case "unknown":
                agent = agent with { Id = Guid.CreateVersion7().ToString() };
                break;
            case "expired credential":
                await desk.RevokeAsync(agent);
                await desk.GiveAsync(agent.Id, ("kind", "private_key_jwt"), ("jwk", PublicOf(agent.Key)), ("expiresAt", signet.Clock.GetUtcNow().AddSeconds(5)));
                Assert.Equal(HttpStatusCode.OK, (await AgentDesk.AskTokenAsync(signet, desk.Assertion(agent))).Status);
                signet.Clock.Advance(TimeSpan.FromSeconds(6));
                break;
            default:
                await signet.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{agent.Id}", desk.ApiKey, new { status = cause });
                break;
        }

        await RefusedAsync(agent.Id, desk.Assertion(agent), cause switch { "unknown" => null, "decommissioned" or "expired credential" => "assertion_unknown_key", _ => cause });
    }

    [Fact]
    public async Task An_assertion_is_refused_where_the_form_names_somebody_else_or_shows_two_proofs()
    {
        var agent = await desk.RegisterWithKeyAsync();
        var other = await desk.RegisterWithKeyAsync();

        var named = await AgentDesk.ShowAsync(signet, "/oauth2/token", desk.Assertion(agent), [("grant_type", "client_credentials"), ("client_id", other.Id)]);
        var both = await AgentDesk.ShowAsync(
            signet, "/oauth2/token", desk.Assertion(agent), [("grant_type", "client_credentials"), ("client_id", agent.Id), ("client_secret", "sgt_as_nothing")]);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (named.Status, named["error"]));
        Assert.Equal("assertion_another_client", await desk.ReasonAsync(other.Id));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (both.Status, both["error"]));
    }

    [Fact]
    public async Task A6_An_oversized_assertion_is_refused()
    {
        var agent = await desk.RegisterWithKeyAsync();
        var claims = desk.Claims(agent.Id);
        claims["padding"] = new string('x', 20_000);

        Assert.Equal(HttpStatusCode.BadRequest, (await AgentDesk.AskTokenAsync(signet, AgentDesk.Sign(agent.Key, claims))).Status);
    }

    [Fact]
    public async Task An_assertion_for_one_tenant_is_nothing_to_another()
    {
        var agent = await desk.RegisterWithKeyAsync();
        var tenant = await signet.CreateTenantAsync();

        var answer = await AgentDesk.AskTokenAsync(signet, desk.Assertion(agent), $"/t/{tenant.Slug}/oauth2/token");

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer["error"]));
    }

    [Fact]
    public async Task Of_sixteen_that_show_one_assertion_on_two_nodes_one_gets_a_token_and_none_after_a_restart()
    {
        var agent = await desk.RegisterWithKeyAsync();
        var assertion = desk.Assertion(agent);
        await using var second = await signet.StartNodeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => AgentDesk.AskTokenAsync(n % 2 == 0 ? signet : second, assertion)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer["error"])));
        Assert.Equal("assertion_replayed", await desk.ReasonAsync(agent.Id));
        await using var third = await signet.StartNodeAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await AgentDesk.AskTokenAsync(third, assertion)).Status);
    }

    [Fact]
    public async Task A_published_key_is_fetched_and_its_successor_within_a_minute_of_need()
    {
        using var first = SigningKey.Generate(JwsAlgorithm.ES256);
        using var next = SigningKey.Generate(JwsAlgorithm.ES256);
        var published = new Jwks([first.PublicKey]);
        var fetched = 0;
        await using var home = await SmallApp.StartAsync(app => app.MapGet("/jwks", () =>
        {
            Interlocked.Increment(ref fetched);
            return Results.Bytes(published.ToUtf8Json(), "application/jwk-set+json");
        }));
        var id = await desk.RegisterAsync();
        var given = await desk.GiveAsync(id, ("kind", "private_key_jwt"), ("jwksUri", new Uri(home.Address, "/jwks").ToString()));
        Assert.True(given.Status == HttpStatusCode.Created, given.Text);

        Assert.Equal(HttpStatusCode.OK, (await AgentDesk.AskTokenAsync(signet, AgentDesk.Sign(first, desk.Claims(id)))).Status);
        Assert.Equal(HttpStatusCode.OK, (await AgentDesk.AskTokenAsync(signet, AgentDesk.Sign(first, desk.Claims(id)))).Status);
        Assert.Equal(1, fetched);

        published = new Jwks([next.PublicKey]);
        // Names of keys are free to invent: they don't make us ask again and again.
        await RefusedAsync(id, AgentDesk.Sign(next, desk.Claims(id)), "assertion_unknown_key");
        Assert.Equal(1, fetched);
        signet.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.OK, (await AgentDesk.AskTokenAsync(signet, AgentDesk.Sign(next, desk.Claims(id)))).Status);
        Assert.Equal(2, fetched);
        await RefusedAsync(id, AgentDesk.Sign(first, desk.Claims(id)), "assertion_unknown_key");
    }

    [Theory]
    [InlineData(404, "{}")]
    [InlineData(200, "no keys")]
    [InlineData(302, "{}")]
    public async Task Keys_that_can_not_be_had_prove_nobody(int status, string body)
    {
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        await using var home = await SmallApp.StartAsync(app => app.MapGet("/jwks", context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return context.Response.WriteAsync(body);
        }));
        var id = await desk.RegisterAsync();
        await desk.GiveAsync(id, ("kind", "private_key_jwt"), ("jwksUri", new Uri(home.Address, "/jwks").ToString()));

        await RefusedAsync(id, AgentDesk.Sign(key, desk.Claims(id)), "assertion_unknown_key");
    }

    [Theory]
    [InlineData("jwk", """{"kind":"private_key_jwt"}""")]
    [InlineData("jwk", """{"kind":"private_key_jwt","jwk":"PEM"}""")]
    [InlineData("jwk", """{"kind":"private_key_jwt","jwk":{"kty":"oct","k":"c2VjcmV0"}}""")]
    [InlineData("jwk", """{"kind":"private_key_jwt","jwk":{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}}""")]
    [InlineData("jwk", """{"kind":"private_key_jwt","jwk":{"kty":"RSA","n":"AQAB","e":"AQAB"}}""")]
    [InlineData("jwk", """{"kind":"private_key_jwt","jwk":{},"jwksUri":"https://keys.example/"}""")]
    [InlineData("jwksUri", """{"kind":"private_key_jwt","jwksUri":"http://keys.example/"}""")]
    [InlineData("jwksUri", """{"kind":"private_key_jwt","jwksUri":"https://10.0.0.1/"}""")]
    [InlineData("jwksUri", """{"kind":"private_key_jwt","jwksUri":"file:///etc/passwd"}""")]
    [InlineData("kind", """{"kind":"client_secret","jwk":{}}""")]
    public async Task What_is_no_key_is_named(string field, string body)
    {
        var id = await desk.RegisterAsync();

        var answer = await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{id}/credentials", desk.ApiKey, body);

        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (answer.Status, answer["code"]));
        Assert.True(answer.Json.GetProperty("details").TryGetProperty(field, out _), answer.Text);
    }

    [Fact]
    public async Task A_private_key_is_refused_and_not_repeated()
    {
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        var id = await desk.RegisterAsync();

        var answer = await desk.GiveAsync(id, ("kind", "private_key_jwt"), ("jwk", JsonNode.Parse(key.ExportPrivate())!));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("has private members", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain((string)JsonNode.Parse(key.ExportPrivate())!["d"]!, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_shown_without_a_secret_taken_once_and_never_rotated()
    {
        var agent = await desk.RegisterWithKeyAsync();

        var again = await desk.GiveAsync(agent.Id, ("kind", "private_key_jwt"), ("jwk", PublicOf(agent.Key)));
        var rotated = await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent.Id}/credentials/{agent.Credential}/rotate", desk.ApiKey);
        var shown = await desk.CredentialAsync(agent.Id);

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Equal((HttpStatusCode.Conflict, "AGENTS_NOT_ROTATABLE"), (rotated.Status, rotated["code"]));
        Assert.Equal(("private_key_jwt", agent.Key.Kid), (shown.GetProperty("kind").GetString(), shown.GetProperty("jwk").GetProperty("kid").GetString()));
        Assert.Equal(["agent.created", "credential.generated"], (await signet.ActionsAsync(agent.Id)).Order());
    }

    [Fact]
    public async Task An_agent_has_ten_keys_at_most()
    {
        var id = await desk.RegisterAsync();
        for (var n = 0; n < 10; n++)
        {
            using var key = SigningKey.Generate(JwsAlgorithm.Ed25519);
            Assert.Equal(HttpStatusCode.Created, (await desk.GiveAsync(id, ("kind", "private_key_jwt"), ("jwk", PublicOf(key)))).Status);
        }

        using var more = SigningKey.Generate(JwsAlgorithm.Ed25519);
        var answer = await desk.GiveAsync(id, ("kind", "private_key_jwt"), ("jwk", PublicOf(more)));

        Assert.Equal((HttpStatusCode.Conflict, "AGENTS_TOO_MANY_CREDENTIALS"), (answer.Status, answer["code"]));
    }

    [Fact]
    public async Task The_last_use_is_noted_once_a_minute()
    {
        var agent = await desk.RegisterWithKeyAsync();
        Assert.False((await desk.CredentialAsync(agent.Id)).TryGetProperty("lastUsedAt", out _));

        var first = signet.Clock.GetUtcNow();
        await TokenAsync(agent);
        await Until.TrueAsync(async () => await LastUsedAsync(agent) == first, TestContext.Current.CancellationToken);

        signet.Clock.Advance(TimeSpan.FromSeconds(30));
        await TokenAsync(agent);
        signet.Clock.Advance(TimeSpan.FromSeconds(31));
        var later = signet.Clock.GetUtcNow();
        await TokenAsync(agent);
        // Had the one in between been written, this one, within a minute of it, would not be.
        await Until.TrueAsync(async () => await LastUsedAsync(agent) == later, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Discovery_names_the_methods_and_their_algorithms()
    {
        var document = (await signet.CallAsync(HttpMethod.Get, "/.well-known/oauth-authorization-server")).Json;

        foreach (var endpoint in (string[])["token", "introspection", "revocation"])
        {
            var algorithms = document.GetProperty($"{endpoint}_endpoint_auth_signing_alg_values_supported").EnumerateArray().Select(name => name.GetString()).ToList();
            Assert.Contains("private_key_jwt", document.GetProperty($"{endpoint}_endpoint_auth_methods_supported").EnumerateArray().Select(name => name.GetString()));
            Assert.Contains("ES256", algorithms);
            Assert.DoesNotContain("none", algorithms);
            Assert.DoesNotContain("HS256", algorithms);
        }
    }

    // The same answer as a wrong secret gets, to the letter.
    private async Task RefusedAsync(string agent, string assertion, string? reason)
    {
        var model = await signet.PostAsync("/oauth2/token", new TestClient(await desk.RegisterAsync(), "sgt_as_nothing", ""), [("grant_type", "client_credentials")]);

        var answer = await AgentDesk.AskTokenAsync(signet, assertion);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal((model.Text, model.Headers["WWW-Authenticate"]), (answer.Text, answer.Headers["WWW-Authenticate"]));
        Assert.Equal(reason, await desk.ReasonAsync(agent));
    }

    private async Task<string> TokenAsync(KeyedAgent agent)
    {
        var answer = await AgentDesk.AskTokenAsync(signet, desk.Assertion(agent));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer["access_token"];
    }

    private async Task<DateTimeOffset?> LastUsedAsync(KeyedAgent agent) =>
        (await desk.CredentialAsync(agent.Id)).TryGetProperty("lastUsedAt", out var used) ? used.GetDateTimeOffset() : null;

    private Task<TestAnswer> ShowTokenAsync(string path, KeyedAgent agent, string token) =>
        AgentDesk.ShowAsync(signet, path, desk.Assertion(agent), [("token", token)]);

    private static JsonNode PublicOf(SigningKey key) => JsonNode.Parse(key.PublicKey.ToUtf8Json())!;
}
