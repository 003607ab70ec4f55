using System.Net;
using Signet.Testing;
using Xunit;

namespace Server.Tests.OAuth;

/// <summary>One good authorization request, and what becomes of it when one thing about it is wrong.</summary>
public sealed class AuthorizeRefusalTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private TestClient client = null!;
    private TestUser user = null!;
    private TestBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        client = await signet.CreateClientAsync(wish => wish with { AsksConsent = false });
        user = await signet.CreateUserAsync();
        browser = await signet.SignInAsync(user);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_request_is_good_to_begin_with()
    {
        var answer = await AskAsync();

        Assert.NotNull(answer.Parameter("code"));
    }

    [Theory]
    [InlineData("client_id", null)]
    [InlineData("client_id", "no-client")]
    [InlineData("client_id", "01890000-0000-7000-8000-000000000000")]
    [InlineData("redirect_uri", null)]
    [InlineData("redirect_uri", "https://app.example/cb/")]
    [InlineData("redirect_uri", "https://app.example/cb?x=1")]
    [InlineData("redirect_uri", "https://APP.example/cb")]
    [InlineData("redirect_uri", "https://app.example@evil.example/cb")]
    [InlineData("redirect_uri", "https://app.example.evil.example/cb")]
    [InlineData("redirect_uri", "https://app.example/cb#x")]
    [InlineData("redirect_uri", "https://app.example/x/../cb")]
    [InlineData("redirect_uri", "https://app.example\\@evil.example/cb")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    [InlineData("redirect_uri", "//evil.example/cb")]
    public async Task Where_the_application_is_not_proven_the_person_is_told_and_nobody_else(string name, string? value)
    {
        var answer = await AskAsync((name, value));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Null(answer.Location);
        Assert.StartsWith("text/html", answer.Headers["Content-Type"]);
        Assert.DoesNotContain("evil.example", answer.Text);
    }

    [Theory]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [InlineData("request_uri", "https://evil.example/r", "request_uri_not_supported")]
    public async Task Where_it_is_proven_the_application_is_told(string name, string? value, string error)
    {
        var answer = await AskAsync((name, value));

        Assert.Equal(error, answer.Parameter("error"));
        Assert.Equal("state-1", answer.Parameter("state"));
        Assert.Equal(signet.Issuer, answer.Parameter("iss"));
        Assert.Null(answer.Parameter("code"));
    }

    [Theory]
    [InlineData("state")]
    [InlineData("scope")]
    [InlineData("nonce")]
    [InlineData("code_challenge")]
    [InlineData("client_id")]
    [InlineData("redirect_uri")]
    public async Task A_parameter_given_twice_is_refused(string name)
    {
        var path = TestSignet.AuthorizePath(client, TestSignet.NewVerifier());

        var answer = await browser.GetAsync($"{path}&{name}=twice");

        Assert.Null(answer.Parameter("code"));
        Assert.True(answer.Status is HttpStatusCode.BadRequest || answer.Parameter("error") == "invalid_request");
    }

    [Theory]
    [InlineData("state")]
    [InlineData("nonce")]
    [InlineData("client_id")]
    [InlineData("login_hint")]
    public async Task A_NUL_is_refused_and_not_stored(string name)
    {
        var answer = await signet.NewBrowser().GetAsync(TestSignet.AuthorizePath(client, TestSignet.NewVerifier(), "openid", (name, "a\0b")));

        Assert.True(answer.Status is HttpStatusCode.BadRequest || answer.Parameter("error") == "invalid_request", $"{(int)answer.Status} {answer.Location}");
    }

    [Fact]
    public async Task A_disabled_application_gets_nothing()
    {
        var key = await signet.CreateApiKeyAsync(Signet.Server.Permissions.Role.Admin);
        await signet.CallAsync(HttpMethod.Patch, $"/api/v1/clients/{client.Id}", key, new { state = "disabled" });

        var answer = await AskAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Null(answer.Location);
    }

    [Fact]
    public async Task An_application_without_the_grant_is_refused()
    {
        var machine = await signet.CreateClientAsync(wish => wish with { Grants = [Signet.Server.Clients.Grant.ClientCredentials] });

        var answer = await browser.GetAsync(TestSignet.AuthorizePath(machine, TestSignet.NewVerifier()));

        Assert.Equal("unauthorized_client", answer.Parameter("error"));
    }

    [Fact]
    public async Task Prompt_none_without_a_session_says_login_required()
    {
        var answer = await signet.NewBrowser().GetAsync(TestSignet.AuthorizePath(client, TestSignet.NewVerifier(), "openid", ("prompt", "none")));

        Assert.Equal("login_required", answer.Parameter("error"));
        Assert.Equal(signet.Issuer, answer.Parameter("iss"));
    }

    [Fact]
    public async Task Prompt_none_without_consent_says_consent_required()
    {
        var asking = await signet.CreateClientAsync();

        var answer = await browser.GetAsync(TestSignet.AuthorizePath(asking, TestSignet.NewVerifier(), "openid", ("prompt", "none")));

        Assert.Equal("consent_required", answer.Parameter("error"));
    }

    [Fact]
    public async Task Prompt_none_with_a_session_is_answered_without_a_page()
    {
        var answer = await AskAsync(("prompt", "none"));

        Assert.NotNull(answer.Parameter("code"));
    }

    [Fact]
    public async Task A_scope_the_application_has_not_is_left_out()
    {
        var code = await signet.AuthorizeAsync(client, user, "openid admin", browser);

        Assert.Equal("openid", (await signet.RedeemAsync(client, code))["scope"]);
    }

    [Fact]
    public async Task Prompt_login_asks_who_is_signed_in_to_do_it_again()
    {
        var page = await browser.OpenAsync(TestSignet.AuthorizePath(client, TestSignet.NewVerifier(), "openid", ("prompt", "login")));

        Assert.Contains("name=\"password\"", page.Text);
        var answer = await browser.FollowAsync(await browser.SignInAsync(page, user));
        Assert.NotNull(answer.Parameter("code"));
    }

    [Fact]
    public async Task Prompt_login_is_not_answered_by_the_session_there_was()
    {
        var page = await browser.OpenAsync(TestSignet.AuthorizePath(client, TestSignet.NewVerifier(), "openid", ("prompt", "login")));
        var flow = TestAnswer.ParameterOf(TestBrowser.FormIn(page).Action, "flow");

        var answer = await browser.GetAsync($"/oauth2/authorize/resume?request={flow}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Null(answer.Location);
    }

    [Fact]
    public async Task A_sign_in_older_than_max_age_does_not_count()
    {
        signet.Clock.Advance(TimeSpan.FromMinutes(2));

        var page = await browser.OpenAsync(TestSignet.AuthorizePath(client, TestSignet.NewVerifier(), "openid", ("max_age", "60")));

        Assert.Contains("name=\"password\"", page.Text);
    }

    [Fact]
    public async Task A_sign_in_within_max_age_counts()
    {
        var answer = await AskAsync(("max_age", "60"));

        Assert.NotNull(answer.Parameter("code"));
    }

    [Fact]
    public async Task Prompt_consent_asks_again()
    {
        var asking = await signet.CreateClientAsync();
        await signet.AuthorizeAsync(asking, user, browser: browser);

        var page = await browser.OpenAsync(TestSignet.AuthorizePath(asking, TestSignet.NewVerifier(), "openid", ("prompt", "consent")));

        Assert.Contains("name=\"decision\"", page.Text);
    }

    [Fact]
    public async Task A_sign_in_begun_in_one_browser_is_not_finished_in_another()
    {
        var page = await signet.NewBrowser().OpenAsync(TestSignet.AuthorizePath(client, TestSignet.NewVerifier()));
        var action = TestBrowser.FormIn(page).Action;

        var answer = await signet.NewBrowser().GetAsync(action);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task A_request_that_waited_too_long_is_lost()
    {
        var waiting = signet.NewBrowser();
        var page = await waiting.OpenAsync(TestSignet.AuthorizePath(client, TestSignet.NewVerifier()));
        signet.Clock.Advance(TimeSpan.FromMinutes(31));

        var answer = await waiting.SignInAsync(page, user);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    private Task<TestAnswer> AskAsync(params IEnumerable<(string Name, string? Value)> change) =>
        browser.GetAsync(TestSignet.AuthorizePath(client, TestSignet.NewVerifier(), "openid", change));
}
