using Signet.OAuth;
using Signet.OAuth.Tokens;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class TokenRequestTests
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private readonly Dictionary<string, string> form = new()
    {
        ["grant_type"] = "authorization_code",
        ["code"] = "sgt_ac_x",
        ["redirect_uri"] = "https://app.example/cb",
        ["code_verifier"] = Verifier,
    };

    [Fact]
    public void Reads_a_code_grant() =>
        Assert.Equal(new TokenRequest.AuthorizationCode("sgt_ac_x", "https://app.example/cb", Verifier), Strip(Read()));

    [Fact]
    public void Reads_a_refresh_grant()
    {
        Set("grant_type", "refresh_token").Set("refresh_token", "sgt_rt_x").Set("scope", "openid");

        Assert.Equal(new TokenRequest.RefreshToken("sgt_rt_x", ScopeSet.Of("openid")), Strip(Read()));
    }

    [Fact]
    public void Reads_a_client_credentials_grant_with_its_resource()
    {
        Set("grant_type", "client_credentials").Set("resource", "https://api.example/");

        var request = Assert.IsType<TokenRequest.ClientCredentials>(Read());

        Assert.Null(request.Scope);
        Assert.Equal(["https://api.example/"], request.Resources);
    }

    public static TheoryData<string, string?, OAuthError> Refusals => new()
    {
        { "grant_type", null, OAuthError.InvalidParameter(OAuthParameter.GrantType) },
        { "grant_type", "password", OAuthError.UnsupportedGrantType },
        { "grant_type", "implicit", OAuthError.UnsupportedGrantType },
        { "grant_type", "Authorization_code", OAuthError.UnsupportedGrantType },
        { "grant_type", "refresh_token", OAuthError.InvalidParameter(OAuthParameter.RefreshToken) },
        { "code", null, OAuthError.InvalidParameter(OAuthParameter.Code) },
        { "redirect_uri", null, OAuthError.InvalidParameter(OAuthParameter.RedirectUri) },
        { "code_verifier", null, OAuthError.InvalidParameter(OAuthParameter.CodeVerifier) },
        { "code_verifier", "short", OAuthError.InvalidParameter(OAuthParameter.CodeVerifier) },
        { "code_verifier", Verifier + "=", OAuthError.InvalidParameter(OAuthParameter.CodeVerifier) },
        { "scope", "a  b", OAuthError.InvalidScope },
        { "resource", "api", OAuthError.InvalidTarget },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void One_wrong_parameter_is_refused(string name, string? value, OAuthError expected) =>
        Assert.Equal(expected, Assert.IsType<TokenRequest.Refused>(Set(name, value).Read()).Error);

    [Fact]
    public void Codes_verifiers_and_tokens_do_not_show_in_text()
    {
        Assert.DoesNotContain("sgt_", Read().ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Verifier, Read().ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("access_token", TokenTypeHint.AccessToken)]
    [InlineData("refresh_token", TokenTypeHint.RefreshToken)]
    [InlineData("something", TokenTypeHint.Unspecified)]
    [InlineData(null, TokenTypeHint.Unspecified)]
    public void A_token_reference_takes_any_hint(string? hint, TokenTypeHint expected)
    {
        Set("token", "t").Set("token_type_hint", hint);

        Assert.True(TokenReference.TryRead(Parameters(), out var reference, out _));
        Assert.Equal(new TokenReference("t", expected), reference);
    }

    [Fact]
    public void A_token_reference_without_token_is_refused()
    {
        Assert.False(TokenReference.TryRead(Parameters(), out _, out var refusal));

        Assert.Equal(OAuthError.InvalidParameter(OAuthParameter.Token), refusal);
    }

    // The list of resources is compared on its own where it matters: two empty lists are not one list.
    private static TokenRequest Strip(TokenRequest request)
    {
        Assert.Empty(request.Resources);
        return request switch
        {
            TokenRequest.AuthorizationCode code => new TokenRequest.AuthorizationCode(code.Code, code.RedirectUri, code.CodeVerifier),
            TokenRequest.RefreshToken refresh => new TokenRequest.RefreshToken(refresh.Token, refresh.Scope),
            _ => request,
        };
    }

    private TokenRequestTests Set(string name, string? value)
    {
        form.Remove(name);
        if (value is not null)
        {
            form[name] = value;
        }

        return this;
    }

    private OAuthParameters Parameters()
    {
        Assert.True(OAuthParameters.TryRead(form, out var parameters, out _));
        return parameters;
    }

    private TokenRequest Read() => TokenRequest.Read(Parameters());
}
