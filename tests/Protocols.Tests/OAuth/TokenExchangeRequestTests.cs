using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signet.OAuth;
using Signet.OAuth.Authorization;
using Signet.OAuth.TokenExchange;
using Signet.OAuth.Tokens;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class TokenExchangeRequestTests
{
    private const ExtensionGrants All = ExtensionGrants.TokenExchange | ExtensionGrants.JwtBearer | ExtensionGrants.Ciba;

    private readonly List<KeyValuePair<string, string>> form =
    [
        new("grant_type", TokenRequest.TokenExchangeGrant),
        new("subject_token", "s"),
        new("subject_token_type", TokenTypes.AccessToken),
        new("actor_token", "a"),
        new("actor_token_type", TokenTypes.Jwt),
        new("requested_token_type", TokenTypes.AccessToken),
        new("audience", "one"),
        new("audience", "two"),
        new("resource", "https://api.example/"),
        new("scope", "read"),
        new("authorization_details", """[{"type":"payment"}]"""),
    ];

    [Fact]
    public void Accepts_an_exchange_with_all_its_parameters()
    {
        var request = Assert.IsType<TokenRequest.TokenExchange>(Read());

        Assert.Equal(new ExchangedToken("s", TokenTypes.AccessToken), request.Subject);
        Assert.Equal(new ExchangedToken("a", TokenTypes.Jwt), request.Actor);
        Assert.Equal(ScopeSet.Of("read"), request.Scope);
        Assert.Equal(["one", "two"], request.Audiences);
        Assert.Equal(["https://api.example/"], request.Resources);
        Assert.Equal(TokenTypes.AccessToken, request.RequestedTokenType);
        Assert.Equal(["payment"], request.AuthorizationDetails!.Types);
    }

    // The request of RFC 8693 §2.3.
    [Fact]
    public void Reads_the_example_of_RFC_8693_section_2_3()
    {
        Assert.True(OAuthParameters.TryParse(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&resource=https%3A%2F%2Fbackend.example.com%2Fapi&subject_token=accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token"u8,
            out var parameters,
            out _));

        var request = Assert.IsType<TokenRequest.TokenExchange>(TokenRequest.Read(parameters, ExtensionGrants.TokenExchange));

        Assert.Equal(new ExchangedToken("accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC", TokenTypes.AccessToken), request.Subject);
        Assert.Null(request.Actor);
        Assert.Null(request.Scope);
        Assert.Equal(["https://backend.example.com/api"], request.Resources);
    }

    public static TheoryData<string, string?, OAuthError> Refusals => new()
    {
        { "subject_token", null, OAuthError.InvalidParameter(OAuthParameter.SubjectToken) },
        { "subject_token_type", null, OAuthError.InvalidParameter(OAuthParameter.SubjectTokenType) },
        { "subject_token_type", "access_token", OAuthError.InvalidParameter(OAuthParameter.SubjectTokenType) },
        { "actor_token", null, OAuthError.InvalidParameter(OAuthParameter.ActorTokenType) },
        { "actor_token_type", null, OAuthError.InvalidParameter(OAuthParameter.ActorTokenType) },
        { "actor_token_type", "urn:x", OAuthError.InvalidParameter(OAuthParameter.ActorTokenType) },
        { "requested_token_type", "urn:x", OAuthError.InvalidParameter(OAuthParameter.RequestedTokenType) },
        { "resource", "api", OAuthError.InvalidTarget },
        { "scope", "a  b", OAuthError.InvalidScope },
        { "authorization_details", "{}", OAuthError.InvalidAuthorizationDetails },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void One_wrong_parameter_is_refused(string name, string? value, OAuthError expected)
    {
        Set(name, value);

        Assert.Equal(expected, Assert.IsType<TokenRequest.Refused>(Read()).Error);
    }

    [Fact]
    public void More_than_sixteen_audiences_are_refused()
    {
        form.AddRange(Enumerable.Range(0, 15).Select(number => KeyValuePair.Create("audience", $"{number}")));

        Assert.Equal(OAuthError.InvalidTarget, Assert.IsType<TokenRequest.Refused>(Read()).Error);
    }

    [Theory]
    [InlineData(TokenRequest.TokenExchangeGrant, ExtensionGrants.JwtBearer | ExtensionGrants.Ciba)]
    [InlineData(TokenRequest.JwtBearerGrant, ExtensionGrants.TokenExchange | ExtensionGrants.Ciba)]
    [InlineData(TokenRequest.CibaGrant, ExtensionGrants.TokenExchange | ExtensionGrants.JwtBearer)]
    [InlineData(TokenRequest.CibaGrant, ExtensionGrants.None)]
    public void A_grant_the_server_does_not_serve_is_unsupported(string grant, ExtensionGrants served)
    {
        Set("grant_type", grant);

        Assert.Equal(OAuthError.UnsupportedGrantType, Assert.IsType<TokenRequest.Refused>(Read(served)).Error);
    }

    // The body of RFC 7523 §2.1, shortened there.
    [Fact]
    public void Reads_an_assertion_grant()
    {
        form.Clear();
        Set("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        Assert.Equal(OAuthError.InvalidParameter(OAuthParameter.Assertion), Assert.IsType<TokenRequest.Refused>(Read()).Error);

        Set("assertion", "a.b.c");
        Assert.Equal(("a.b.c", null), Read() is TokenRequest.JwtBearer read ? (read.Assertion, read.Scope) : default);
    }

    // The body of CIBA Core §10.1.
    [Fact]
    public void Reads_the_example_of_CIBA_section_10_1()
    {
        form.Clear();
        Set("grant_type", "urn:openid:params:grant-type:ciba");
        Assert.Equal(OAuthError.InvalidParameter(OAuthParameter.AuthReqId), Assert.IsType<TokenRequest.Refused>(Read()).Error);

        Set("auth_req_id", "1c266114-a1be-4252-8ad1-04986c5b9ac1");
        Assert.Equal("1c266114-a1be-4252-8ad1-04986c5b9ac1", Assert.IsType<TokenRequest.Ciba>(Read()).AuthReqId);
    }

    [Fact]
    public void Tokens_do_not_show_in_text()
    {
        Set("subject_token", "s3cret");
        Assert.DoesNotContain("s3cret", Read().ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", new ExchangedToken("s3cret", TokenTypes.Jwt).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", new TokenRequest.JwtBearer("s3cret", null).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", new TokenRequest.Ciba("s3cret").ToString(), StringComparison.Ordinal);
    }

    // The response of RFC 8693 §2.3, with the scope that is always said here.
    [Fact]
    public void An_answer_names_the_kind_of_token_issued()
    {
        Assert.True(AuthorizationDetails.TryParse("""[{"type":"payment"}]""", out var details));
        var response = new TokenResponse("at", TimeSpan.FromSeconds(60), ScopeSet.Of("read"))
        {
            IssuedTokenType = TokenTypes.AccessToken,
            AuthorizationDetails = details,
        };

        Assert.Equal(
            """{"access_token":"at","issued_token_type":"urn:ietf:params:oauth:token-type:access_token","token_type":"Bearer","expires_in":60,"scope":"read","authorization_details":[{"type":"payment"}]}""",
            Encoding.UTF8.GetString(response.ToUtf8Json()));
    }

    [Fact]
    public void No_value_makes_it_throw() =>
        Prop.ForAll<NonNegativeInt, string?>((index, value) =>
        {
            var altered = form.ToList();
            var name = altered[index.Get % altered.Count].Key;
            altered.RemoveAll(pair => pair.Key == name);
            altered.Add(new(name, value ?? ""));
            _ = OAuthParameters.TryRead(altered, out var parameters, out _) ? TokenRequest.Read(parameters, All) : null;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private void Set(string name, string? value)
    {
        form.RemoveAll(pair => pair.Key == name);
        if (value is not null)
        {
            form.Add(new(name, value));
        }
    }

    private TokenRequest Read(ExtensionGrants served = All)
    {
        Assert.True(OAuthParameters.TryRead(form, out var parameters, out _));
        return TokenRequest.Read(parameters, served);
    }
}
