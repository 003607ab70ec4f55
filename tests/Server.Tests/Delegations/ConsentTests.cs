using System.Net;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Delegations;

/// <summary>An agent asks a person, the person answers on a page, the agent acts for them until somebody says stop.</summary>
public sealed class ConsentTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private const string Consent = "urn:signet:params:oauth:token-type:agent-consent";

    private Fleet fleet = null!;
    private TestClient agent = null!;
    private TestUser person = null!;

    public async ValueTask InitializeAsync()
    {
        fleet = await Fleet.OfAsync(signet);
        agent = await fleet.RegisterAsync("api:read api:write agents:write");
        person = await signet.CreateUserAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_person_allows_and_the_agent_acts_for_them()
    {
        var asked = await AskAsync(("reason", "To file your <expenses>"));
        var browser = await signet.SignInAsync(person);
        var page = await browser.GetAsync(asked["link"]);
        Assert.Contains("To file your &lt;expenses&gt;", page.Text, StringComparison.Ordinal);
        Assert.Contains("answers for it", page.Text, StringComparison.Ordinal);

        var done = await browser.FollowAsync(await browser.SubmitAsync(page, ("decision", "allow")));

        Assert.Contains("The agent may act for you", done.Text, StringComparison.Ordinal);
        var consent = await ConsentOfAsync(asked);
        var token = await fleet.ExchangeAsync(agent, consent, Consent, [("scope", "api:read")]);
        Assert.Equal(HttpStatusCode.OK, token.Status);
        var claims = (await fleet.IntrospectAsync(agent, token["access_token"])).Json;
        Assert.Equal((person.Id.ToString(), agent.Id), (claims.GetProperty("sub").GetString(), claims.GetProperty("act").GetProperty("sub").GetString()));
        Assert.Equal("invalid_scope", (await fleet.ExchangeAsync(agent, consent, Consent, [("scope", "api:write")]))["error"]);
        Assert.Equal("invalid_target", (await fleet.ExchangeAsync(agent, consent, Consent, [("resource", "https://elsewhere.example/")]))["error"]);
        Assert.Equal("invalid_request", (await fleet.ExchangeAsync(await fleet.RegisterAsync(), consent, Consent, []))["error"]);
        // Before the person it proves nothing: not at userinfo, and at our API only what the agent may itself.
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.UserInfoAsync(token["access_token"])).Status);
        Assert.Equal(
            ["agent.created", "credential.generated", "delegation.consent_granted", "delegation.consent_requested", "delegation.token_issued", "token.introspected", "token.issued"],
            (await signet.ActionsAsync(agent.Id)).Distinct().Where(action => action != "token.refused").Order());
    }

    [Fact]
    public async Task What_was_denied_gives_nothing_and_is_answered_once()
    {
        var asked = await AskAsync();
        var browser = await signet.SignInAsync(person);
        var page = await browser.GetAsync(asked["link"]);

        await browser.SubmitAsync(page, ("decision", "deny"));

        var view = await ViewAsync(asked);
        Assert.Equal("denied", view["status"]);
        Assert.False(view.Has("consentId"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(page, ("decision", "allow"))).Status);
        Assert.Contains("delegation.consent_denied", await signet.ActionsAsync(agent.Id));
    }

    [Fact]
    public async Task Of_sixteen_answers_one_counts()
    {
        var browser = await signet.SignInAsync(person);
        var page = await browser.GetAsync((await AskAsync())["link"]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => browser.SubmitAsync(page, ("decision", "allow"))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Found);
        Assert.Equal(15, answers.Count(answer => answer.Status == HttpStatusCode.NotFound));
    }

    [Theory]
    [InlineData("the person")]
    [InlineData("the owner")]
    [InlineData("the API")]
    [InlineData("the end of the account")]
    [InlineData("its time")]
    public async Task It_ends_at_once_on_every_node_by(string whom)
    {
        await using var other = await signet.StartNodeAsync();
        var watcher = await fleet.RegisterAsync("tokens:read");
        var consent = await AllowAsync(("days", 1));
        signet.Clock.Advance(TimeSpan.FromHours(23.5));
        var token = (await fleet.ExchangeAsync(agent, consent, Consent, []))["access_token"];
        var below = await fleet.ActAsync(await fleet.RegisterAsync(), token);
        Assert.True(await fleet.IsActiveAsync(watcher, below) && await fleet.IsActiveAsync(watcher, below, other));

        switch (whom)
        {
            case "the person":
                await WithdrawOnPageAsync(person, consent);
                break;
            case "the owner":
                await WithdrawOnPageAsync(fleet.Owner, consent);
                break;
            case "the API":
                Assert.Equal(HttpStatusCode.NoContent, (await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent.Id}/consents/{consent}", fleet.Key)).Status);
                break;
            case "the end of the account":
                Assert.True((int)(await signet.CallAsync(HttpMethod.Post, $"/api/v1/users/{person.Id}/deactivate", fleet.Key)).Status < 300);
                break;
            default:
                signet.Clock.Advance(TimeSpan.FromMinutes(31));
                break;
        }

        Assert.False(await fleet.IsActiveAsync(watcher, token));
        Assert.False(await fleet.IsActiveAsync(watcher, below));
        await Until.TrueAsync(async () => !await fleet.IsActiveAsync(watcher, below, other), TestContext.Current.CancellationToken);
        Assert.Equal("invalid_request", (await fleet.ExchangeAsync(agent, consent, Consent, []))["error"]);
    }

    [Fact]
    public async Task Others_see_answer_and_withdraw_nothing()
    {
        var asked = await AskAsync(("user", person.Email));
        var stranger = await signet.SignInAsync(await signet.CreateUserAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(asked["link"])).Status);
        Assert.Equal(HttpStatusCode.Found, (await signet.NewBrowser().GetAsync(asked["link"])).Status);
        var consent = await AllowAsync();

        var page = await stranger.GetAsync("/account/agents");
        Assert.DoesNotContain(consent, page.Text, StringComparison.Ordinal);
        var somebody = await fleet.RegisterAsync("agents:write");
        Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{somebody.Id}/consents/{consent}", fleet.Key)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent.Id}/consents/{consent}", await fleet.TokenAsync(somebody))).Status);
        Assert.Equal(HttpStatusCode.OK, (await fleet.ExchangeAsync(agent, consent, Consent, [])).Status);
    }

    [Fact]
    public async Task A_persons_token_gives_an_agent_what_both_the_token_and_the_person_allow()
    {
        var client = await signet.CreateClientAsync(wish => wish with { AsksConsent = false });
        var tokens = await signet.ObtainTokensAsync(client, person, "openid api:read api:write");
        Assert.Equal("invalid_request", (await fleet.ExchangeAsync(agent, tokens["access_token"]))["error"]);
        await AllowAsync();

        var answer = await fleet.ExchangeAsync(agent, tokens["access_token"]);

        Assert.Equal("api:read", answer["scope"]);
        Assert.True(await fleet.IsActiveAsync(agent, answer["access_token"]));
        await signet.RevokeAsync(client, tokens["access_token"]);
        Assert.False(await fleet.IsActiveAsync(agent, answer["access_token"]));
    }

    [Theory]
    [InlineData("scopes", new[] { "other" })]
    [InlineData("user", "stranger@example.test")]
    [InlineData("resources", new[] { "nowhere" })]
    [InlineData("days", 0)]
    [InlineData("days", 366)]
    [InlineData("reason", "two\nlines")]
    public async Task What_can_not_be_asked_is_named(string field, object value)
    {
        var answer = await SendAsync((field, value));

        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (answer.Status, answer["code"]));
        Assert.True(answer.Json.GetProperty("details").TryGetProperty(field, out _), answer.Text);
    }

    private async Task<TestAnswer> SendAsync(params IEnumerable<(string Name, object Value)> more)
    {
        var body = new Dictionary<string, object> { ["scopes"] = new[] { "api:read" } };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent.Id}/consent-requests", await fleet.TokenAsync(agent), body);
    }

    private async Task<TestAnswer> AskAsync(params IEnumerable<(string Name, object Value)> more)
    {
        var answer = await SendAsync(more);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer;
    }

    private async Task<TestAnswer> ViewAsync(TestAnswer asked) =>
        await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}/consent-requests/{asked["requestId"]}", await fleet.TokenAsync(agent));

    private async Task<string> ConsentOfAsync(TestAnswer asked) => (await ViewAsync(asked))["consentId"];

    private async Task<string> AllowAsync(params IEnumerable<(string Name, object Value)> more)
    {
        var asked = await AskAsync(more);
        var browser = await signet.SignInAsync(person);
        await browser.SubmitAsync(await browser.GetAsync(asked["link"]), ("decision", "allow"));
        return await ConsentOfAsync(asked);
    }

    private async Task WithdrawOnPageAsync(TestUser by, string consent)
    {
        var browser = await signet.SignInAsync(by);
        var page = await browser.GetAsync("/account/agents");
        Assert.Contains($"/account/agents/{consent}/withdraw", page.Text, StringComparison.Ordinal);
        var (_, hidden) = TestBrowser.FormIn(page);
        Assert.Equal(HttpStatusCode.Found, (await browser.PostFormAsync($"/account/agents/{consent}/withdraw", hidden)).Status);
    }
}
