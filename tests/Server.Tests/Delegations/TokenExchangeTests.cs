using System.Net;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Delegations;

/// <summary>RFC 8693 between agents: what comes out of an exchange, what is refused, and what ends it.</summary>
public sealed class TokenExchangeTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private Fleet fleet = null!;

    public async ValueTask InitializeAsync() => fleet = await Fleet.OfAsync(signet);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_subject_stays_and_the_actor_is_put_in_front()
    {
        var (a, b, c) = (await fleet.RegisterAsync(), await fleet.RegisterAsync(), await fleet.RegisterAsync());

        var first = await fleet.ExchangeAsync(b, await fleet.TokenAsync(a));
        var second = await fleet.ExchangeAsync(c, first["access_token"], ("scope", "api:read"));

        Assert.Equal((HttpStatusCode.OK, Fleet.AccessToken, "Bearer"), (second.Status, second["issued_token_type"], second["token_type"]));
        var claims = (await fleet.IntrospectAsync(c, second["access_token"])).Json;
        Assert.Equal((a.Id, c.Id, "api:read"), (claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString(), claims.GetProperty("scope").GetString()));
        var act = claims.GetProperty("act");
        Assert.Equal((c.Id, b.Id), (act.GetProperty("sub").GetString(), act.GetProperty("act").GetProperty("sub").GetString()));
        Assert.False(act.GetProperty("act").TryGetProperty("act", out _));
    }

    [Fact]
    public async Task The_record_has_the_whole_chain()
    {
        var (a, b, c) = (await fleet.RegisterAsync(), await fleet.RegisterAsync(), await fleet.RegisterAsync());

        await fleet.ActAsync(c, await fleet.ActAsync(b, await fleet.TokenAsync(a)));

        var list = await signet.CallAsync(HttpMethod.Get, $"/api/v1/audit?action=delegation.token_issued&target_id={c.Id}", fleet.Key);
        var entry = list.Json.GetProperty("entries")[0].GetProperty("id").GetString();
        var events = await signet.CallAsync(HttpMethod.Get, $"/api/v1/audit/{entry}", fleet.Key);
        Assert.Contains($"\"{a.Id}\",\"{b.Id}\",\"{c.Id}\"", events.Text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scope", "api:write", "invalid_scope")]
    [InlineData("scope", "other", "invalid_scope")]
    [InlineData("resource", "https://elsewhere.example/", "invalid_target")]
    [InlineData("audience", "elsewhere", "invalid_target")]
    [InlineData("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token", "invalid_request")]
    [InlineData("authorization_details", """[{"type":"payment"}]""", "invalid_authorization_details")]
    public async Task Nothing_grows(string name, string value, string error)
    {
        var (a, b) = (await fleet.RegisterAsync("api:read api:write"), await fleet.RegisterAsync("api:read other"));
        var subject = await fleet.TokenAsync(a, ("resource", "https://one.example/"));

        var answer = await fleet.ExchangeAsync(b, subject, (name, value));

        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, answer["error"]));
    }

    [Fact]
    public async Task Scope_is_what_both_have_and_the_end_is_the_earlier()
    {
        var (a, b) = (await fleet.RegisterAsync("api:read api:write", ("tokenSeconds", 120)), await fleet.RegisterAsync("api:write other"));
        var (slow, quick) = (await fleet.RegisterAsync(), await fleet.RegisterAsync("api:read", ("tokenSeconds", 60)));

        var bounded = await fleet.ExchangeAsync(b, await fleet.TokenAsync(a));
        var own = await fleet.ExchangeAsync(quick, await fleet.TokenAsync(slow));

        Assert.Equal("api:write", bounded["scope"]);
        Assert.InRange(int.Parse(bounded["expires_in"], System.Globalization.CultureInfo.InvariantCulture), 1, 120);
        Assert.Equal("60", own["expires_in"]);
    }

    [Fact]
    public async Task Agents_with_nothing_in_common_get_nothing()
    {
        var answer = await fleet.ExchangeAsync(await fleet.RegisterAsync("other"), await fleet.TokenAsync(await fleet.RegisterAsync()));

        Assert.Equal("invalid_scope", answer["error"]);
    }

    [Fact]
    public async Task Nobody_is_in_a_chain_twice()
    {
        var (a, b, c) = (await fleet.RegisterAsync(), await fleet.RegisterAsync(), await fleet.RegisterAsync());
        var ofB = await fleet.ActAsync(b, await fleet.TokenAsync(a));
        var ofC = await fleet.ActAsync(c, ofB);

        Assert.All(
            await Task.WhenAll(fleet.ExchangeAsync(a, ofB), fleet.ExchangeAsync(b, ofB), fleet.ExchangeAsync(b, ofC), fleet.ExchangeAsync(a, await fleet.TokenAsync(a))),
            answer => Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer["error"])));
    }

    [Fact]
    public async Task A_chain_is_no_longer_than_the_setting_says()
    {
        var token = await fleet.TokenAsync(await fleet.RegisterAsync());
        for (var depth = 0; depth < 3; depth++)
        {
            token = await fleet.ActAsync(await fleet.RegisterAsync(), token);
        }

        var answer = await fleet.ExchangeAsync(await fleet.RegisterAsync(), token);

        Assert.Equal("The chain of delegations would be too long.", answer["error_description"]);
    }

    [Fact]
    public async Task An_actor_token_must_be_the_agents_own_and_bounds_what_comes_out()
    {
        var (a, b, c) = (await fleet.RegisterAsync(), await fleet.RegisterAsync(), await fleet.RegisterAsync());
        var subject = await fleet.TokenAsync(a);
        var own = await fleet.TokenAsync(b, ("scope", "api:read"));

        var good = await fleet.ExchangeAsync(b, subject, ("actor_token", own), ("actor_token_type", Fleet.AccessToken));
        var foreign = await fleet.ExchangeAsync(b, subject, ("actor_token", await fleet.TokenAsync(c)), ("actor_token_type", Fleet.AccessToken));
        var delegated = await fleet.ExchangeAsync(b, subject, ("actor_token", await fleet.ActAsync(b, subject)), ("actor_token_type", Fleet.AccessToken));

        Assert.Equal("api:read", good["scope"]);
        Assert.Equal("invalid_request", foreign["error"]);
        Assert.Equal("invalid_request", delegated["error"]);
        await signet.PostAsync("/oauth2/revoke", b, [("token", own)]);
        Assert.False(await fleet.IsActiveAsync(b, good["access_token"]));
    }

    [Fact]
    public async Task Applications_and_strangers_exchange_nothing()
    {
        var a = await fleet.RegisterAsync();
        var client = await signet.CreateClientAsync();
        var applications = await signet.ClientCredentialsAsync(client);
        var tenant = await signet.CreateTenantAsync();
        var foreign = await Fleet.OfAsync(signet, tenant.Id, $"/t/{tenant.Slug}");
        var stranger = await foreign.RegisterAsync();

        Assert.Equal("unauthorized_client", (await fleet.ExchangeAsync(client, await fleet.TokenAsync(a)))["error"]);
        Assert.Equal("invalid_request", (await fleet.ExchangeAsync(a, applications["access_token"]))["error"]);
        Assert.Equal("invalid_request", (await fleet.ExchangeAsync(a, "no token"))["error"]);
        Assert.Equal("invalid_request", (await foreign.ExchangeAsync(stranger, await fleet.TokenAsync(a)))["error"]);
        Assert.Equal("invalid_request", (await fleet.ExchangeAsync(a, await foreign.TokenAsync(stranger)))["error"]);
    }

    [Theory]
    [InlineData("subject suspended")]
    [InlineData("subject's credentials revoked")]
    [InlineData("subject's token revoked")]
    [InlineData("middle suspended")]
    [InlineData("middle's credentials revoked")]
    [InlineData("middle's token revoked")]
    [InlineData("middle decommissioned")]
    [InlineData("middle ended by a person")]
    [InlineData("last suspended")]
    public async Task Whatever_ends_above_ends_all_below_on_every_node(string what)
    {
        await using var other = await signet.StartNodeAsync();
        var (a, b, c) = (await fleet.RegisterAsync(), await fleet.RegisterAsync(), await fleet.RegisterAsync());
        var watcher = await fleet.RegisterAsync("tokens:read");
        var ofA = await fleet.TokenAsync(a);
        var ofB = await fleet.ActAsync(b, ofA);
        var ofC = await fleet.ActAsync(c, ofB);
        Assert.True(await fleet.IsActiveAsync(watcher, ofC) && await fleet.IsActiveAsync(watcher, ofC, other));

        var hit = what.StartsWith("subject", StringComparison.Ordinal) ? a : what.StartsWith("middle", StringComparison.Ordinal) ? b : c;
        switch (what[(what.IndexOf(' ', StringComparison.Ordinal) + 1)..])
        {
            case "suspended":
                await fleet.PatchAsync(hit, new { status = "suspended" });
                await fleet.PatchAsync(hit, new { status = "active" });
                break;
            case "credentials revoked":
                await fleet.RevokeCredentialsAsync(hit);
                break;
            case "decommissioned":
                await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{hit.Id}", fleet.Key);
                break;
            case "token revoked":
                await signet.PostAsync("/oauth2/revoke", hit, [("token", hit == a ? ofA : ofB)]);
                break;
            default:
                var tree = await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{b.Id}/delegations", fleet.Key);
                var root = tree.Json.GetProperty("chains")[0].GetProperty("root");
                Assert.Equal((b.Id, c.Id), (root.GetProperty("actorAgentId").GetString(), root.GetProperty("delegations")[0].GetProperty("actorAgentId").GetString()));
                Assert.Equal(HttpStatusCode.NoContent, (await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{b.Id}/delegations/{root.GetProperty("delegationId").GetString()}", fleet.Key)).Status);
                break;
        }

        Assert.False(await fleet.IsActiveAsync(watcher, ofC));
        await Until.TrueAsync(async () => !await fleet.IsActiveAsync(watcher, ofC, other), TestContext.Current.CancellationToken);
        Assert.Equal("invalid_request", (await fleet.ExchangeAsync(await fleet.RegisterAsync(), ofC))["error"]);
    }

    [Fact]
    public async Task A_branch_that_ends_leaves_the_rest()
    {
        var (a, b, c) = (await fleet.RegisterAsync(), await fleet.RegisterAsync(), await fleet.RegisterAsync());
        var ofA = await fleet.TokenAsync(a);
        var (ofB, ofC) = (await fleet.ActAsync(b, ofA), await fleet.ActAsync(c, ofA));

        await signet.PostAsync("/oauth2/revoke", b, [("token", ofB)]);

        Assert.False(await fleet.IsActiveAsync(b, ofB));
        Assert.True(await fleet.IsActiveAsync(c, ofC));
        Assert.True(await fleet.IsActiveAsync(a, ofA));
    }

    [Fact]
    public async Task Chains_outlive_a_restart()
    {
        var (a, b) = (await fleet.RegisterAsync(), await fleet.RegisterAsync());
        string token;
        await using (var node = await signet.StartNodeAsync())
        {
            token = (await node.PostAsync("/oauth2/token", b, [("grant_type", Fleet.Exchange), ("subject_token", await fleet.TokenAsync(a)), ("subject_token_type", Fleet.AccessToken)]))["access_token"];
        }

        await using var again = await signet.StartNodeAsync();
        Assert.True(await fleet.IsActiveAsync(b, token, again));
    }

    [Fact]
    public async Task At_our_api_the_outermost_actor_acts_with_what_was_delegated()
    {
        var (a, b) = (await fleet.RegisterAsync("agents:read audit:read"), await fleet.RegisterAsync("agents:read"));
        var token = await fleet.ActAsync(b, await fleet.TokenAsync(a));

        Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Get, "/api/v1/audit", token)).Status);
    }

    [Fact]
    public async Task Another_tenant_sees_and_ends_no_delegation()
    {
        var (a, b) = (await fleet.RegisterAsync(), await fleet.RegisterAsync());
        var token = await fleet.ActAsync(b, await fleet.TokenAsync(a));
        var tenant = await signet.CreateTenantAsync();
        var stranger = await signet.CreateApiKeyAsync(Signet.Server.Permissions.Role.Owner, tenant.Id);
        var tree = await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{b.Id}/delegations", fleet.Key);
        var id = tree.Json.GetProperty("chains")[0].GetProperty("chainId").GetString();

        Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(HttpMethod.Get, $"/t/{tenant.Slug}/api/v1/agents/{b.Id}/delegations", stranger)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(HttpMethod.Delete, $"/t/{tenant.Slug}/api/v1/agents/{b.Id}/delegations/{id}", stranger)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{(await fleet.RegisterAsync()).Id}/delegations/{id}", fleet.Key)).Status);
        Assert.True(await fleet.IsActiveAsync(b, token));
    }
}
