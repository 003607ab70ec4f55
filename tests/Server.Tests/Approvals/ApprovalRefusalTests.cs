using System.Net;
using Server.Tests.Delegations;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Approvals;

/// <summary>What is not asked, not answered and not given, and what ends a token that was.</summary>
public sealed class ApprovalRefusalTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private Desk desk = null!;

    public async ValueTask InitializeAsync() => desk = await Desk.OpenAsync(signet);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("scope", "", "invalid_scope")]
    [InlineData("scope", "api:pay", "invalid_scope")]
    [InlineData("scope", "openid", "invalid_scope")]
    [InlineData("scope", "openid other", "invalid_scope")]
    [InlineData("login_hint", "stranger@example.test", "unknown_user_id")]
    [InlineData("login_hint", "0197f2a0-0000-7000-8000-000000000001", "unknown_user_id")]
    [InlineData("id_token_hint", "eyJ", "invalid_request")]
    [InlineData("login_hint_token", "x", "invalid_request")]
    [InlineData("binding_message", "two\nlines", "invalid_request")]
    [InlineData("binding_message", "\u202ereversed", "invalid_binding_message")]
    [InlineData("requested_expiry", "0", "invalid_request")]
    [InlineData("requested_expiry", "86401", "invalid_request")]
    [InlineData("authorization_details", "[]", "invalid_authorization_details")]
    [InlineData("authorization_details", "[{\"amount\":1}]", "invalid_authorization_details")]
    [InlineData("resource", "nowhere", "invalid_target")]
    [InlineData("request", "eyJhbGciOiJFUzI1NiJ9.e30.AA", "request_not_supported")]
    public async Task What_can_not_be_asked_is_named(string field, string value, string error)
    {
        var answer = await desk.TryAskAsync((field, value));

        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, answer["error"]));
        Assert.Equal(0, (await desk.ListAsync()).Json.GetProperty("approvals").GetArrayLength());
    }

    [Fact]
    public async Task A_binding_message_has_a_hundred_characters_at_most()
    {
        Assert.Equal(HttpStatusCode.OK, (await desk.TryAskAsync(("binding_message", new string('a', 100)))).Status);
        Assert.Equal("invalid_binding_message", (await desk.TryAskAsync(("binding_message", new string('a', 101))))["error"]);
    }

    [Fact]
    public async Task Only_agents_ask_and_only_with_their_secret()
    {
        var client = await signet.CreateClientAsync();
        Assert.Equal("unauthorized_client", (await desk.SendAsync(client, ("scope", "openid api:read")))["error"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await desk.SendAsync(desk.Agent with { Secret = client.Secret }, ("scope", "openid api:pay"))).Status);
        Assert.Equal("unauthorized_client", (await desk.PollAsync(await desk.AskAsync(), client))["error"]);
    }

    [Fact]
    public async Task An_agent_has_twenty_questions_waiting_at_most()
    {
        for (var at = 0; at < 20; at++)
        {
            await desk.AskAsync();
        }

        var answer = await desk.TryAskAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
    }

    [Fact]
    public async Task Scopes_that_need_approval_are_got_no_other_way()
    {
        var asked = await signet.PostAsync("/oauth2/token", desk.Agent, [("grant_type", "client_credentials"), ("scope", "api:pay")]);
        Assert.Equal("invalid_scope", asked["error"]);
        Assert.Contains("approves", asked["error_description"], StringComparison.Ordinal);
        var usual = await signet.PostAsync("/oauth2/token", desk.Agent, [("grant_type", "client_credentials")]);
        Assert.DoesNotContain("api:pay", usual["scope"], StringComparison.Ordinal);
        var payer = await desk.Fleet.RegisterAsync("api:read api:pay");
        var exchanged = await desk.Fleet.ExchangeAsync(desk.Agent, await desk.Fleet.TokenAsync(payer), ("scope", "api:pay"));
        Assert.Contains("approves", exchanged["error_description"], StringComparison.Ordinal);
        Assert.DoesNotContain("api:pay", (await desk.Fleet.ExchangeAsync(desk.Agent, await desk.Fleet.TokenAsync(payer)))["scope"], StringComparison.Ordinal);
        var bound = await desk.Fleet.RegisterAsync("api:pay", ("approvalScopes", new[] { "api:pay" }));
        Assert.Equal("invalid_scope", (await signet.PostAsync("/oauth2/token", bound, [("grant_type", "client_credentials")]))["error"]);
    }

    [Fact]
    public async Task What_was_approved_for_one_agent_is_handed_to_no_other()
    {
        var token = await desk.ObtainAsync();
        var other = await desk.Fleet.RegisterAsync("api:read api:pay");

        Assert.Equal("invalid_request", (await desk.Fleet.ExchangeAsync(other, token))["error"]);
    }

    [Fact]
    public async Task No_agent_frees_an_agent_of_asking()
    {
        var admin = await desk.Fleet.RegisterAsync("agents:admin");
        var path = $"/api/v1/agents/{desk.Agent.Id}";
        var none = new Dictionary<string, object> { ["approvalScopes"] = Array.Empty<string>() };

        var without = new Dictionary<string, object> { ["scopes"] = new[] { "api:read" }, ["approvalScopes"] = Array.Empty<string>() };
        var token = await desk.Fleet.TokenAsync(admin);

        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Patch, path, token, none)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Patch, path, token, without)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await desk.Fleet.PatchAsync(desk.Agent, new Dictionary<string, object> { ["approvalScopes"] = new[] { "other" } })).Status);
        Assert.Equal(HttpStatusCode.OK, (await desk.Fleet.PatchAsync(desk.Agent, none)).Status);
    }

    [Fact]
    public async Task Nobody_allows_what_they_may_not_do_themselves()
    {
        var admin = await desk.Fleet.RegisterAsync("agents:admin", ("approvalScopes", new[] { "agents:admin" }));
        var asked = await desk.SendAsync(admin, ("scope", "openid agents:admin"), ("login_hint", desk.Person.Email));
        var id = (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{admin.Id}/approvals", desk.Fleet.Key)).Json.GetProperty("approvals")[0].GetProperty("approvalId").GetString();
        var browser = await signet.SignInAsync(desk.Person);
        var page = await browser.GetAsync($"/account/approvals/{id}");
        Assert.DoesNotContain("value=\"allow\"", page.Text, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SubmitAsync(page, ("decision", "allow"))).Status);

        Assert.Equal("authorization_pending", (await desk.PollAsync(asked["auth_req_id"], admin))["error"]);
    }

    [Fact]
    public async Task Others_see_and_answer_nothing()
    {
        var request = await desk.AskAsync();
        var id = await desk.NewestAsync();
        var stranger = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/account/approvals/{id}")).Status);
        var own = await stranger.GetAsync("/account/approvals");
        Assert.DoesNotContain(id, own.Text, StringComparison.Ordinal);
        var (_, hidden) = TestBrowser.FormIn(await stranger.GetAsync("/account"));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostFormAsync($"/account/approvals/{id}", [.. hidden, ("decision", "allow")])).Status);
        await stranger.PostFormAsync($"/account/approvals/{id}/withdraw", hidden);
        Assert.Equal(HttpStatusCode.Found, (await signet.NewBrowser().GetAsync($"/account/approvals/{id}")).Status);
        var somebody = await desk.Fleet.RegisterAsync("agents:write");
        Assert.Equal("invalid_grant", (await desk.PollAsync(request, somebody))["error"]);
        var token = await desk.Fleet.TokenAsync(somebody);
        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{desk.Agent.Id}/approvals", token)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{somebody.Id}/approvals/{id}", desk.Fleet.Key)).Status);

        Assert.Equal("waiting", await desk.StatusAsync());
    }

    [Fact]
    public async Task Another_tenant_knows_nothing_of_it()
    {
        var request = await desk.AskAsync();
        var id = await desk.NewestAsync();
        var tenant = await signet.CreateTenantAsync();
        var there = await Fleet.OfAsync(signet, tenant.Id, $"/t/{tenant.Slug}");
        var agent = await there.RegisterAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(HttpMethod.Get, $"/t/{tenant.Slug}/api/v1/agents/{desk.Agent.Id}/approvals", there.Key)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(HttpMethod.Delete, $"/t/{tenant.Slug}/api/v1/agents/{desk.Agent.Id}/approvals/{id}", there.Key)).Status);
        Assert.Equal("invalid_grant", (await signet.PostAsync($"/t/{tenant.Slug}/oauth2/token", agent, [("grant_type", Desk.Ciba), ("auth_req_id", request)]))["error"]);
        var hinted = await signet.PostAsync($"/t/{tenant.Slug}/oauth2/bc-authorize", agent, [("scope", "openid api:read"), ("login_hint", desk.Person.Email)]);
        Assert.Equal("unknown_user_id", hinted["error"]);
        var browser = await signet.SignInAsync(there.Owner, $"/t/{tenant.Slug}");
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/t/{tenant.Slug}/account/approvals/{id}")).Status);
    }

    [Theory]
    [InlineData("the agent is stopped")]
    [InlineData("the approver's account ends")]
    [InlineData("the agent loses the scope")]
    [InlineData("it is taken back")]
    public async Task Nothing_comes_of_it_where_between_answer_and_token(string what)
    {
        var request = await desk.AskAsync();
        await desk.DecideAsync("allow");

        var error = "access_denied";
        switch (what)
        {
            case "the agent is stopped":
                await desk.Fleet.PatchAsync(desk.Agent, new { status = "suspended" });
                Assert.Equal("invalid_client", (await desk.PollAsync(request))["error"]);
                await desk.Fleet.PatchAsync(desk.Agent, new { status = "active" });
                error = "invalid_grant";
                break;
            case "the approver's account ends":
                Assert.True((int)(await signet.CallAsync(HttpMethod.Post, $"/api/v1/users/{desk.Person.Id}/deactivate", desk.Fleet.Key)).Status < 300);
                break;
            case "the agent loses the scope":
                await desk.Fleet.PatchAsync(desk.Agent, new Dictionary<string, object> { ["scopes"] = new[] { "api:read" }, ["approvalScopes"] = Array.Empty<string>() });
                error = "invalid_scope";
                break;
            default:
                Assert.Equal(HttpStatusCode.NoContent, (await CancelAsync()).Status);
                Assert.Equal(HttpStatusCode.NotFound, (await CancelAsync()).Status);
                break;
        }

        Assert.Equal(error, (await desk.PollAsync(request))["error"]);
    }

    [Theory]
    [InlineData("suspending the agent")]
    [InlineData("revoking its credential")]
    [InlineData("the person's word")]
    [InlineData("whoever manages agents")]
    [InlineData("ending the delegation")]
    [InlineData("the end of the account")]
    [InlineData("its time")]
    public async Task The_token_is_dead_on_every_node_by(string what)
    {
        await using var other = await signet.StartNodeAsync();
        var watcher = await desk.Fleet.RegisterAsync("tokens:read");
        var token = await desk.ObtainAsync();
        Assert.True(await desk.Fleet.IsActiveAsync(watcher, token) && await desk.Fleet.IsActiveAsync(watcher, token, other));

        switch (what)
        {
            case "suspending the agent":
                await desk.Fleet.PatchAsync(desk.Agent, new { status = "suspended" });
                break;
            case "revoking its credential":
                await desk.Fleet.RevokeCredentialsAsync(desk.Agent);
                break;
            case "the person's word":
                var browser = await signet.SignInAsync(desk.Person);
                var (action, hidden) = TestBrowser.FormIn(await browser.GetAsync("/account/approvals"));
                Assert.EndsWith("/withdraw", action, StringComparison.Ordinal);
                Assert.Equal(HttpStatusCode.Found, (await browser.PostFormAsync(action, hidden)).Status);
                break;
            case "whoever manages agents":
                var desktop = await signet.SignInAsync(desk.Fleet.Owner);
                var page = await desktop.GetAsync("/console/approvals");
                Assert.Contains("Cancel approval", page.Text, StringComparison.Ordinal);
                Assert.Equal(HttpStatusCode.Found, (await desktop.PostFormAsync($"/console/approvals/{await desk.NewestAsync()}/cancel", TestBrowser.FormIn(page).Hidden)).Status);
                break;
            case "ending the delegation":
                var delegation = (await desk.ListAsync()).Json.GetProperty("approvals")[0].GetProperty("delegationId").GetString();
                Assert.Equal(HttpStatusCode.NoContent, (await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{desk.Agent.Id}/delegations/{delegation}", desk.Fleet.Key)).Status);
                break;
            case "the end of the account":
                Assert.True((int)(await signet.CallAsync(HttpMethod.Post, $"/api/v1/users/{desk.Person.Id}/deactivate", desk.Fleet.Key)).Status < 300);
                break;
            default:
                signet.Clock.Advance(TimeSpan.FromMinutes(6));
                break;
        }

        Assert.False(await desk.Fleet.IsActiveAsync(watcher, token));
        await Until.TrueAsync(async () => !await desk.Fleet.IsActiveAsync(watcher, token, other), TestContext.Current.CancellationToken);
    }

    private Task<TestAnswer> CancelAsync() => CancelAsync(signet, desk);

    private static async Task<TestAnswer> CancelAsync(TestSignet signet, Desk desk) =>
        await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{desk.Agent.Id}/approvals/{await desk.NewestAsync()}", desk.Fleet.Key);
}
