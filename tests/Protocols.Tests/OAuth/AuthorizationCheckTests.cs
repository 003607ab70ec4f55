using FsCheck;
using FsCheck.Fluent;
using Signet.OAuth;
using Signet.OAuth.Authorization;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class AuthorizationCheckTests
{
    private readonly AuthorizationScenario scenario = new();

    [Fact]
    public void Accepts_a_valid_request()
    {
        var request = scenario
            .With("login_hint", "ada@example.com").With("ui_locales", "de en").With("acr_values", "urn:x urn:y").With("id_token_hint", "a.b.c")
            .With("resource", "https://api.example/").Accepted();

        Assert.Equal("app", request.ClientId);
        Assert.Equal(new ReplyAddress("https://app.example/cb?tenant=acme", ResponseMode.Query, "a state & more"), request.ReplyTo);
        Assert.Equal(ScopeSet.Of("openid", "email"), request.Scope);
        Assert.Equal("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", request.CodeChallenge);
        Assert.Equal("n-0S6_WzA2Mj", request.Nonce);
        Assert.Equal("ada@example.com", request.LoginHint);
        Assert.Equal("a.b.c", request.IdTokenHint);
        Assert.Equal(["de", "en"], request.UiLocales);
        Assert.Equal(["urn:x", "urn:y"], request.AcrValues);
        Assert.Equal(["https://api.example/"], request.Resources);
        Assert.Equal(Prompts.Unspecified, request.Prompts);
        Assert.Null(request.MaxAge);
    }

    [Fact]
    public void Accepts_a_loopback_port_and_answers_there() =>
        Assert.Equal("http://127.0.0.1:5017/cb", scenario.With("redirect_uri", "http://127.0.0.1:5017/cb").Accepted().ReplyTo.RedirectUri);

    [Fact]
    public void An_unknown_client_is_shown()
    {
        scenario.Client = null;

        Assert.Equal(new AuthorizationOutcome.Shown(OAuthError.UnknownClient), scenario.Run());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("App")]
    [InlineData("other")]
    public void A_client_that_is_not_the_requests_is_shown(string? clientId) =>
        Assert.Equal(new AuthorizationOutcome.Shown(OAuthError.UnknownClient), scenario.With("client_id", clientId).Run());

    [Fact]
    public void A_missing_redirect_uri_is_shown() =>
        Assert.Equal(new AuthorizationOutcome.Shown(OAuthError.RedirectUriMismatch), scenario.With("redirect_uri", null).Run());

    [Fact]
    public void Every_mutated_redirect_uri_is_shown_and_never_redirected()
    {
        foreach (var uri in RedirectUriTests.Corpus.Where(uri => uri.All(c => c is >= ' ' and <= '~') && uri.Length > 0))
        {
            Assert.Equal(new AuthorizationOutcome.Shown(OAuthError.RedirectUriMismatch), scenario.With("redirect_uri", uri).Run());
        }
    }

    [Fact]
    public void A_wrong_redirect_uri_is_shown_even_where_more_is_wrong() =>
        Assert.IsType<AuthorizationOutcome.Shown>(
            scenario.With("redirect_uri", "https://evil.example/").With("response_type", "token").With("request", "x").Run());

    public static TheoryData<string, string?, OAuthError> Refusals => new()
    {
        { "response_type", null, OAuthError.InvalidParameter(OAuthParameter.ResponseType) },
        { "response_type", "token", OAuthError.UnsupportedResponseType },
        { "response_type", "code id_token", OAuthError.UnsupportedResponseType },
        { "response_type", "Code", OAuthError.UnsupportedResponseType },
        { "response_mode", "fragment", OAuthError.InvalidParameter(OAuthParameter.ResponseMode) },
        { "response_mode", "form_post.jwt", OAuthError.InvalidParameter(OAuthParameter.ResponseMode) },
        { "request", "a.b.c", OAuthError.RequestNotSupported },
        { "request_uri", "https://evil.example/r", OAuthError.RequestUriNotSupported },
        { "registration", "{}", OAuthError.RegistrationNotSupported },
        { "code_challenge", null, OAuthError.PkceRequired },
        { "code_challenge", "short", OAuthError.PkceRequired },
        { "code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", OAuthError.PkceRequired },
        { "code_challenge_method", null, OAuthError.PkceRequired },
        { "code_challenge_method", "plain", OAuthError.PkceRequired },
        { "code_challenge_method", "s256", OAuthError.PkceRequired },
        { "scope", null, OAuthError.InvalidScope },
        { "scope", "openid  email", OAuthError.InvalidScope },
        { "scope", "admin", OAuthError.InvalidScope },
        { "prompt", "none login", OAuthError.InvalidParameter(OAuthParameter.Prompt) },
        { "prompt", "sometimes", OAuthError.InvalidParameter(OAuthParameter.Prompt) },
        { "max_age", "-1", OAuthError.InvalidParameter(OAuthParameter.MaxAge) },
        { "max_age", "1.5", OAuthError.InvalidParameter(OAuthParameter.MaxAge) },
        { "max_age", "99999999999", OAuthError.InvalidParameter(OAuthParameter.MaxAge) },
        { "resource", "/relative", OAuthError.InvalidTarget },
        { "resource", "https://api.example/#f", OAuthError.InvalidTarget },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void One_wrong_parameter_is_redirected_with_the_state(string name, string? value, OAuthError expected)
    {
        var redirected = scenario.With(name, value).Redirected();

        Assert.Equal(expected, redirected.Error);
        Assert.Equal(new ReplyAddress("https://app.example/cb?tenant=acme", ResponseMode.Query, "a state & more"), redirected.ReplyTo);
    }

    [Fact]
    public void A_client_without_the_code_grant_is_told_so()
    {
        scenario.Client = scenario.Client! with { MayUseCode = false };

        Assert.Equal(OAuthError.UnauthorizedClient, scenario.Redirected().Error);
    }

    [Fact]
    public void An_error_travels_by_the_mode_that_was_asked_for() =>
        Assert.Equal(ResponseMode.FormPost, scenario.With("response_mode", "form_post").With("scope", null).Redirected().ReplyTo.Mode);

    [Fact]
    public void Scopes_the_client_may_not_have_are_left_out() =>
        Assert.Equal(ScopeSet.Of("openid"), scenario.With("scope", "openid admin unknown").Accepted().Scope);

    [Theory]
    [InlineData("none", Prompts.None)]
    [InlineData("login", Prompts.Login)]
    [InlineData("login consent", Prompts.Login | Prompts.Consent)]
    [InlineData("consent select_account login", Prompts.Login | Prompts.Consent | Prompts.SelectAccount)]
    public void Prompts_add_up(string prompt, Prompts expected) => Assert.Equal(expected, scenario.With("prompt", prompt).Accepted().Prompts);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("3600", 3600)]
    public void A_maximum_age_is_in_seconds(string maxAge, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), scenario.With("max_age", maxAge).Accepted().MaxAge);

    [Fact]
    public void Parameters_that_are_not_supported_and_harmless_are_ignored() =>
        Assert.NotNull(scenario.With("claims", "{\"id_token\":{}}").With("display", "popup").With("claims_locales", "de").Accepted());

    [Fact]
    public void No_value_of_any_parameter_makes_it_throw_or_leave_the_redirect_uris() =>
        Prop.ForAll(Gen.Elements(OAuthParameter.All.Select(p => p.Name).ToArray()).ToArbitrary(), Arb.From(ArbMap.Default.GeneratorFor<NonNull<string>>()), (name, value) =>
        {
            var altered = new AuthorizationScenario().With(name, value.Get);
            if (!OAuthParameters.TryRead(altered.Parameters, out var parameters, out _))
            {
                return true;
            }

            return AuthorizationCheck.Run(parameters, altered.Client) switch
            {
                AuthorizationOutcome.Shown => true,
                AuthorizationOutcome.Redirected redirected => redirected.ReplyTo.RedirectUri == "https://app.example/cb?tenant=acme",
                AuthorizationOutcome.Accepted accepted => accepted.Request.ReplyTo.RedirectUri == "https://app.example/cb?tenant=acme",
                _ => false,
            };
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
