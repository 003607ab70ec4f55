using System.Net;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Delegations;

/// <summary>The façade: an agent hands another the right to act, looks at it, and takes it back.</summary>
public sealed class DelegateTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private Fleet fleet = null!;

    public async ValueTask InitializeAsync() => fleet = await Fleet.OfAsync(signet);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_was_delegated_is_exchanged_verified_and_taken_back()
    {
        var (a, b) = (await fleet.RegisterAsync(), await fleet.RegisterAsync());

        var offer = await fleet.DelegateAsync(a, b, seconds: 86_400);
        Assert.Equal(HttpStatusCode.Created, offer.Status);
        var token = await fleet.ExchangeAsync(b, offer["delegationToken"], Fleet.Jwt, []);
        Assert.Equal((HttpStatusCode.OK, "3600", "api:read"), (token.Status, token["expires_in"], token["scope"]));
        foreach (var shown in new[] { offer["delegationToken"], token["access_token"] })
        {
            var check = await VerifyAsync(b, shown);
            Assert.Equal(("True", offer["chainId"], a.Id, b.Id), (check["valid"], check["chainId"], check["chain"].Contains(a.Id, StringComparison.Ordinal) ? a.Id : "", check["delegateeAgentId"]));
        }

        Assert.Equal(HttpStatusCode.NoContent, (await fleet.CallAsync(HttpMethod.Delete, $"/oauth2/token/delegate/{offer["chainId"]}", a)).Status);

        Assert.Equal("False", (await VerifyAsync(b, offer["delegationToken"]))["valid"]);
        Assert.False(await fleet.IsActiveAsync(b, token["access_token"]));
        Assert.Equal("invalid_request", (await fleet.ExchangeAsync(b, offer["delegationToken"], Fleet.Jwt, []))["error"]);
        Assert.Contains("delegation.revoked", await signet.ActionsAsync(b.Id));
    }

    [Fact]
    public async Task Only_the_named_agent_takes_an_offer_and_it_is_no_access_token()
    {
        var (a, b, c) = (await fleet.RegisterAsync("agents:read"), await fleet.RegisterAsync("agents:read"), await fleet.RegisterAsync("agents:read"));
        var offer = (await fleet.DelegateAsync(a, b, "agents:read"))["delegationToken"];

        Assert.Equal("invalid_request", (await fleet.ExchangeAsync(c, offer, Fleet.Jwt, []))["error"]);
        Assert.Equal("invalid_request", (await fleet.ExchangeAsync(a, offer, Fleet.Jwt, []))["error"]);
        Assert.Equal("invalid_request", (await fleet.ExchangeAsync(b, offer))["error"]);
        Assert.False(await fleet.IsActiveAsync(a, offer));
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", offer)).Status);
        Assert.Equal("False", (await VerifyAsync(c, offer))["valid"]);
    }

    [Fact]
    public async Task A_token_hands_on_no_more_than_it_is_and_the_middle_ends_only_its_own()
    {
        var (a, b, c) = (await fleet.RegisterAsync("agents:read api:read"), await fleet.RegisterAsync("agents:read api:read"), await fleet.RegisterAsync("agents:read api:read"));
        var ofB = await fleet.ActAsync(b, await fleet.TokenAsync(a, ("scope", "agents:read")));

        var wide = await signet.CallAsync(HttpMethod.Post, "/oauth2/token/delegate", ofB, Fleet.Offer(c));
        var onward = await signet.CallAsync(HttpMethod.Post, "/oauth2/token/delegate", ofB, Fleet.Offer(c, "agents:read", 86_400));
        var back = await signet.CallAsync(HttpMethod.Post, "/oauth2/token/delegate", ofB, Fleet.Offer(a, "agents:read"));

        Assert.Equal(("invalid_scope", "invalid_request"), (wide["error"], back["error"]));
        Assert.True(onward.Json.GetProperty("expiresAt").GetDateTimeOffset() <= signet.Clock.GetUtcNow().AddHours(1));
        var ofC = await fleet.ExchangeAsync(c, onward["delegationToken"], Fleet.Jwt, []);
        Assert.Equal(a.Id, (await fleet.IntrospectAsync(c, ofC["access_token"]))["sub"]);
        Assert.Equal(HttpStatusCode.NotFound, (await fleet.CallAsync(HttpMethod.Delete, $"/oauth2/token/delegate/{onward["chainId"]}", c)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await fleet.CallAsync(HttpMethod.Delete, $"/oauth2/token/delegate/{onward["chainId"]}", b)).Status);
        Assert.False(await fleet.IsActiveAsync(c, ofC["access_token"]));
        Assert.True(await fleet.IsActiveAsync(b, ofB));
    }

    [Fact]
    public async Task Suspending_either_side_ends_an_offer_for_good()
    {
        var (a, b, c) = (await fleet.RegisterAsync(), await fleet.RegisterAsync(), await fleet.RegisterAsync());
        var (first, second) = ((await fleet.DelegateAsync(a, b))["delegationToken"], (await fleet.DelegateAsync(b, c))["delegationToken"]);

        foreach (var status in new[] { "suspended", "active" })
        {
            await fleet.PatchAsync(b, new { status });
        }

        Assert.Equal("invalid_request", (await fleet.ExchangeAsync(b, first, Fleet.Jwt, []))["error"]);
        Assert.Equal("invalid_request", (await fleet.ExchangeAsync(c, second, Fleet.Jwt, []))["error"]);
    }

    [Theory]
    [InlineData("ttlSeconds", 59, 400, "invalid_request")]
    [InlineData("ttlSeconds", 86_401, 400, "invalid_request")]
    [InlineData("scopes", new[] { "other" }, 400, "invalid_scope")]
    [InlineData("scopes", new[] { "a b" }, 400, "invalid_scope")]
    [InlineData("scopes", new string[0], 400, "invalid_scope")]
    [InlineData("audience", new[] { "not a uri" }, 400, "invalid_target")]
    [InlineData("delegateeAgentId", "9c3b1b6e-0000-7000-8000-000000000000", 404, "invalid_request")]
    public async Task What_can_not_be_delegated_is_named(string field, object value, int status, string error)
    {
        var body = Fleet.Offer(await fleet.RegisterAsync());
        body[field] = value;

        var answer = await fleet.CallAsync(HttpMethod.Post, "/oauth2/token/delegate", await fleet.RegisterAsync(), body);

        Assert.Equal((status, error), ((int)answer.Status, answer["error"]));
    }

    [Fact]
    public async Task Applications_people_strangers_and_other_tenants_delegate_nothing()
    {
        var (a, b) = (await fleet.RegisterAsync(), await fleet.RegisterAsync());
        var client = await signet.CreateClientAsync();
        var tenant = await signet.CreateTenantAsync();
        var stranger = await (await Fleet.OfAsync(signet, tenant.Id, $"/t/{tenant.Slug}")).RegisterAsync();

        Assert.Equal("unauthorized_client", (await fleet.DelegateAsync(client, b))["error"]);
        Assert.Equal("invalid_client", (await fleet.DelegateAsync(stranger, b))["error"]);
        Assert.Equal(HttpStatusCode.NotFound, (await fleet.DelegateAsync(a, stranger)).Status);
        Assert.Equal("invalid_client", (await signet.CallAsync(HttpMethod.Post, "/oauth2/token/delegate", null, Fleet.Offer(b)))["error"]);
        Assert.Equal("invalid_token", (await signet.CallAsync(HttpMethod.Post, "/oauth2/token/delegate", fleet.Key, Fleet.Offer(b)))["error"]);
        var offer = await fleet.DelegateAsync(a, b);
        Assert.Equal(HttpStatusCode.NotFound, (await fleet.CallAsync(HttpMethod.Delete, $"/oauth2/token/delegate/{offer["chainId"]}", client)).Status);
        // A resource server may look.
        Assert.Equal("True", (await VerifyAsync(client, offer["delegationToken"]))["valid"]);
    }

    private Task<TestAnswer> VerifyAsync(TestClient caller, string token) =>
        fleet.CallAsync(HttpMethod.Post, "/oauth2/token/verify-delegation", caller, new Dictionary<string, object> { ["delegationToken"] = token });
}
