using System.Net;
using System.Text;
using System.Text.Json;
using Signet.Jose;
using Signet.OAuth.Tokens;
using Signet.Testing;
using Xunit;

namespace Server.Tests.OAuth;

/// <summary>RFC 6749 §4.1 with OIDC Core §3.1: a person signs in, an application gets tokens for them.</summary>
public sealed class CodeFlowTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private TestClient client = null!;
    private TestUser user = null!;

    public async ValueTask InitializeAsync() => (client, user) = (await signet.CreateClientAsync(), await signet.CreateUserAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_person_signs_in_and_consents_and_the_application_gets_its_tokens()
    {
        var code = await signet.AuthorizeAsync(client, user, "openid email api:read");

        var answer = await signet.RedeemAsync(client, code);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("Bearer", answer["token_type"]);
        Assert.Equal("900", answer["expires_in"]);
        Assert.Equal("openid email api:read", answer["scope"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.True(answer.Has("refresh_token"));
    }

    [Fact]
    public async Task The_redirect_carries_state_and_issuer()
    {
        var code = await signet.AuthorizeAsync(client, user);

        Assert.Equal(HttpStatusCode.SeeOther, code.Answer.Status);
        Assert.StartsWith("https://app.example/cb?", code.Answer.Location);
        Assert.Equal("state-1", code.Answer.Parameter("state"));
        Assert.Equal(signet.Issuer, code.Answer.Parameter("iss"));
    }

    [Fact]
    public async Task The_id_token_says_who_signed_in_for_whom_and_when()
    {
        var before = signet.Clock.GetUtcNow().ToUnixTimeSeconds();

        var answer = await signet.ObtainTokensAsync(client, user);

        var claims = await VerifyAsync(answer["id_token"], "RS256", IdTokenClaims.Type);
        Assert.Equal(signet.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal(user.Id.ToString(), claims.GetProperty("sub").GetString());
        Assert.Equal(client.Id, claims.GetProperty("aud").GetString());
        Assert.Equal("nonce-1", claims.GetProperty("nonce").GetString());
        Assert.Equal(before, claims.GetProperty("auth_time").GetInt64());
        Assert.Equal(AccessTokenHash.Compute(answer["access_token"], "RS256"), claims.GetProperty("at_hash").GetString());
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    [InlineData("Ed25519")]
    public async Task Tokens_are_signed_with_the_algorithm_the_application_has(string algorithm)
    {
        var own = await signet.CreateClientAsync(wish => wish with { AccessTokenAlgorithm = algorithm, IdTokenAlgorithm = algorithm });

        var answer = await signet.ObtainTokensAsync(own, user);

        var access = await VerifyAsync(answer["access_token"], algorithm, AccessTokenClaims.Type);
        var id = await VerifyAsync(answer["id_token"], algorithm, IdTokenClaims.Type);
        Assert.Equal(own.Id, access.GetProperty("client_id").GetString());
        Assert.Equal(own.Id, id.GetProperty("aud").GetString());
    }

    [Fact]
    public async Task Without_openid_there_is_no_id_token()
    {
        var answer = await signet.ObtainTokensAsync(client, user, "api:read");

        Assert.False(answer.Has("id_token"));
    }

    [Fact]
    public async Task Form_post_sends_the_answer_by_a_form()
    {
        var code = TestSignet.NewVerifier();
        var browser = await signet.SignInAsync(user);
        var trusted = await signet.CreateClientAsync(wish => wish with { AsksConsent = false });

        var page = await browser.GetAsync(TestSignet.AuthorizePath(trusted, code, "openid", ("response_mode", "form_post")));

        var (action, hidden) = TestBrowser.FormIn(page);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(trusted.RedirectUri, action);
        Assert.Equal(["code", "iss", "state"], hidden.Select(field => field.Name).Order());
        Assert.Contains("form-action", page.Headers["Content-Security-Policy"]);
        Assert.Contains("https://app.example", page.Headers["Content-Security-Policy"]);
        var redeemed = await signet.RedeemAsync(trusted, new TestCode(hidden.First(field => field.Name == "code").Value, code, browser, page));
        Assert.Equal(HttpStatusCode.OK, redeemed.Status);
    }

    [Fact]
    public async Task The_request_may_come_by_post()
    {
        var browser = await signet.SignInAsync(user);
        var trusted = await signet.CreateClientAsync(wish => wish with { AsksConsent = false });
        var query = TestSignet.AuthorizePath(trusted, TestSignet.NewVerifier()).Split('?')[1];
        var fields = query.Split('&').Select(pair => pair.Split('=')).Select(pair => (pair[0], Uri.UnescapeDataString(pair[1])));

        var answer = await browser.PostFormAsync("/oauth2/authorize", fields);

        Assert.NotNull(answer.Parameter("code"));
    }

    [Fact]
    public async Task A_public_application_needs_its_verifier_and_no_secret()
    {
        var app = await signet.CreatePublicClientAsync();

        var answer = await signet.ObtainTokensAsync(app, user);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task What_was_allowed_once_is_not_asked_again()
    {
        var browser = (await signet.AuthorizeAsync(client, user, "openid email")).Browser;

        var answer = await browser.GetAsync(TestSignet.AuthorizePath(client, TestSignet.NewVerifier()));

        Assert.NotNull(answer.Parameter("code"));
    }

    [Fact]
    public async Task More_than_was_allowed_is_asked()
    {
        var browser = (await signet.AuthorizeAsync(client, user)).Browser;

        var answer = await browser.OpenAsync(TestSignet.AuthorizePath(client, TestSignet.NewVerifier(), "openid email"));

        Assert.Contains("name=\"decision\"", answer.Text);
    }

    [Fact]
    public async Task A_trusted_application_asks_nobody()
    {
        var trusted = await signet.CreateClientAsync(wish => wish with { AsksConsent = false });
        var browser = await signet.SignInAsync(user);

        var answer = await browser.GetAsync(TestSignet.AuthorizePath(trusted, TestSignet.NewVerifier(), "openid email api:write"));

        Assert.NotNull(answer.Parameter("code"));
    }

    [Fact]
    public async Task Who_denies_sends_the_application_away_with_state_and_issuer()
    {
        var browser = await signet.SignInAsync(user);
        var consent = await browser.OpenAsync(TestSignet.AuthorizePath(client, TestSignet.NewVerifier()));

        var answer = await browser.SubmitAsync(consent, ("decision", "deny"));

        Assert.Equal("access_denied", answer.Parameter("error"));
        Assert.Equal("state-1", answer.Parameter("state"));
        Assert.Equal(signet.Issuer, answer.Parameter("iss"));
        Assert.Null(answer.Parameter("code"));
    }

    [Fact]
    public async Task A_consent_is_answered_once()
    {
        var browser = await signet.SignInAsync(user);
        var consent = await browser.OpenAsync(TestSignet.AuthorizePath(client, TestSignet.NewVerifier()));
        await browser.SubmitAsync(consent, ("decision", "allow"));

        var again = await browser.SubmitAsync(consent, ("decision", "allow"));

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Null(again.Location);
    }

    [Fact]
    public async Task A_consent_form_of_another_browser_is_refused()
    {
        var browser = await signet.SignInAsync(user);
        var consent = await browser.OpenAsync(TestSignet.AuthorizePath(client, TestSignet.NewVerifier()));
        var other = await signet.SignInAsync(await signet.CreateUserAsync());

        var answer = await other.SubmitAsync(consent, ("decision", "allow"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    private async Task<JsonElement> VerifyAsync(string token, string algorithm, string type)
    {
        var set = await signet.CallAsync(HttpMethod.Get, "/oauth2/jwks");
        var keys = Jwks.TryParse(Encoding.UTF8.GetBytes(set.Text));
        Assert.NotNull(keys);
        var valid = Assert.IsType<JwsVerification.Valid>(Jws.Verify(token, keys, JwsExpectations.OfType(type)));
        Assert.Equal(algorithm, valid.Header.Algorithm);
        return JsonDocument.Parse(valid.Payload).RootElement;
    }
}
