using System.Net;
using Signet.Testing;
using Xunit;

namespace Server.Tests.OAuth;

/// <summary>OIDC RP-Initiated Logout.</summary>
public sealed class LogoutTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private TestClient client = null!;
    private TestUser user = null!;
    private TestBrowser browser = null!;
    private string hint = null!;

    public async ValueTask InitializeAsync()
    {
        (client, user) = (await signet.CreateClientAsync(wish => wish with { AsksConsent = false }), await signet.CreateUserAsync());
        browser = await signet.SignInAsync(user);
        hint = (await signet.ObtainTokensAsync(client, user, browser: browser))["id_token"];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task With_the_id_token_of_this_session_it_ends_at_once()
    {
        var answer = await browser.GetAsync($"/oauth2/logout?id_token_hint={hint}&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye&state=s1");

        Assert.Equal("https://app.example/bye?state=s1", answer.Location);
        Assert.False(await IsSignedInAsync());
    }

    [Fact]
    public async Task An_expired_id_token_is_still_a_hint()
    {
        signet.Clock.Advance(TimeSpan.FromHours(2));

        await browser.GetAsync($"/oauth2/logout?id_token_hint={hint}");

        Assert.False(await IsSignedInAsync());
    }

    [Fact]
    public async Task Without_a_hint_the_person_is_asked()
    {
        var page = await browser.OpenAsync($"/oauth2/logout?client_id={client.Id}&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye");
        Assert.True(await IsSignedInAsync());

        var answer = await browser.SubmitAsync(page);

        Assert.Equal("https://app.example/bye", answer.Location);
        Assert.False(await IsSignedInAsync());
    }

    [Fact]
    public async Task With_the_id_token_of_another_session_the_person_is_asked()
    {
        var other = (await signet.ObtainTokensAsync(client, user))["id_token"];

        var page = await browser.OpenAsync($"/oauth2/logout?id_token_hint={other}");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.True(await IsSignedInAsync());
    }

    [Theory]
    [InlineData("https://evil.example/bye")]
    [InlineData("https://app.example/bye/")]
    [InlineData("//evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Where_it_is_not_registered_nobody_is_sent(string uri)
    {
        var answer = await browser.GetAsync($"/oauth2/logout?id_token_hint={hint}&post_logout_redirect_uri={Uri.EscapeDataString(uri)}");

        Assert.Equal("/signed-out", answer.Location);
        Assert.False(await IsSignedInAsync());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    public async Task A_hint_that_is_not_ours_is_refused(string text)
    {
        var answer = await browser.GetAsync($"/oauth2/logout?id_token_hint={text}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.True(await IsSignedInAsync());
    }

    [Fact]
    public async Task A_hint_of_another_application_than_is_named_is_refused()
    {
        var other = await signet.CreateClientAsync();

        var answer = await browser.GetAsync($"/oauth2/logout?id_token_hint={hint}&client_id={other.Id}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task An_access_token_is_no_hint()
    {
        var access = (await signet.ObtainTokensAsync(client, user))["access_token"];

        var answer = await browser.GetAsync($"/oauth2/logout?id_token_hint={access}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_sent_on()
    {
        var answer = await signet.NewBrowser().GetAsync($"/oauth2/logout?client_id={client.Id}&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye");

        Assert.Equal("https://app.example/bye", answer.Location);
    }

    private async Task<bool> IsSignedInAsync() => (await browser.GetAsync("/v1/auth/session")).Status == HttpStatusCode.OK;
}
