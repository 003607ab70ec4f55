using System.Text;
using System.Text.Json;
using Signet.OAuth;
using Signet.OAuth.Discovery;
using Signet.OAuth.Tokens;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class TokenShapesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddMilliseconds(999);

    [Fact]
    public void An_access_token_has_the_claims_of_its_profile()
    {
        var claims = new AccessTokenClaims
        {
            Issuer = "https://id.example",
            Subject = "ada",
            Audience = ["https://api.example"],
            ClientId = "app",
            Id = "1",
            IssuedAt = Now,
            ExpiresAt = Now.AddMinutes(5),
            Scope = ScopeSet.Of("openid", "email"),
            AuthenticatedAt = Now.AddHours(-1),
            AuthenticationContext = "urn:x",
            AuthenticationMethods = ["pwd", "otp"],
            SessionId = "s",
            Further = writer => writer.WriteString("organization_id", "o"),
        };

        Assert.Equal(
            """{"iss":"https://id.example","sub":"ada","aud":"https://api.example","exp":1700000300,"iat":1700000000,"jti":"1","client_id":"app","scope":"openid email","auth_time":1699996400,"acr":"urn:x","amr":["pwd","otp"],"sid":"s","organization_id":"o"}""",
            Text(claims.ToUtf8Json()));
        Assert.Contains("\"aud\":[\"a\",\"b\"]", Text((claims with { Audience = ["a", "b"] }).ToUtf8Json()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_access_token_of_a_client_has_nothing_about_a_person()
    {
        var claims = new AccessTokenClaims
        {
            Issuer = "i",
            Subject = "app",
            Audience = ["a"],
            ClientId = "app",
            Id = "1",
            IssuedAt = Now,
            ExpiresAt = Now.AddMinutes(5),
        };

        Assert.Equal(
            """{"iss":"i","sub":"app","aud":"a","exp":1700000300,"iat":1700000000,"jti":"1","client_id":"app"}""", Text(claims.ToUtf8Json()));
    }

    [Fact]
    public void An_id_token_has_the_claims_of_its_specification()
    {
        var claims = new IdTokenClaims
        {
            Issuer = "https://id.example",
            Subject = "ada",
            ClientId = "app",
            IssuedAt = Now,
            ExpiresAt = Now.AddMinutes(5),
            AuthenticatedAt = Now,
            Nonce = "n",
            AccessTokenHash = "h",
            SessionId = "s",
            AuthenticationContext = "urn:x",
            AuthenticationMethods = ["pwd"],
        };

        Assert.Equal(
            """{"iss":"https://id.example","sub":"ada","aud":"app","exp":1700000300,"iat":1700000000,"auth_time":1700000000,"nonce":"n","at_hash":"h","sid":"s","acr":"urn:x","amr":["pwd"]}""",
            Text(claims.ToUtf8Json()));
    }

    // OIDC Core §A.4 and the widely used example token: both values were made by others.
    [Theory]
    [InlineData("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", "RS256", "77QmUPtjPfzWtF2AnpK9RQ")]
    [InlineData("ya29.eQETFbFOkAs8nWHcmYXKwEi0Zz46NfsrUU_KuQLOLTwWS40y6Fb99aVzEXC0U14m61lcPMIr1hEIBA", "RS256", "aUAkJG-u6x4RTWuILWy-CA")]
    public void An_access_token_hash_is_the_published_one(string token, string algorithm, string expected) =>
        Assert.Equal(expected, AccessTokenHash.Compute(token, algorithm));

    [Theory]
    [InlineData("ES256", 22)]
    [InlineData("ES384", 32)]
    [InlineData("PS512", 43)]
    [InlineData("Ed25519", 43)]
    [InlineData("EdDSA", 43)]
    [InlineData("Ed448", 76)]
    public void An_access_token_hash_is_half_of_its_algorithms_hash(string algorithm, int length) =>
        Assert.Equal(length, AccessTokenHash.Compute("token", algorithm).Length);

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("rs256")]
    public void An_access_token_hash_for_an_unknown_algorithm_is_a_bug(string algorithm) =>
        Assert.Throws<ArgumentException>(() => AccessTokenHash.Compute("token", algorithm));

    [Fact]
    public void A_token_response_has_its_members_in_json_and_not_in_text()
    {
        var response = new TokenResponse("at", TimeSpan.FromMinutes(5), ScopeSet.Of("openid")) { RefreshToken = "rt", IdToken = "it" };

        Assert.Equal(
            """{"access_token":"at","token_type":"Bearer","expires_in":300,"refresh_token":"rt","scope":"openid","id_token":"it"}""",
            Text(response.ToUtf8Json()));
        Assert.Equal("TokenResponse { TokenType = Bearer, Scope = openid }", response.ToString());
    }

    [Fact]
    public void An_introspection_says_what_it_knows_of_an_active_token_and_nothing_of_others()
    {
        var response = new IntrospectionResponse
        {
            ClientId = "app",
            Subject = "ada",
            ExpiresAt = Now.AddMinutes(5),
            IssuedAt = Now,
            Issuer = "i",
            TokenType = "Bearer",
            Scope = ScopeSet.Of("a"),
            Audience = ["x"],
            Id = "1",
        };

        Assert.Equal(
            """{"active":true,"scope":"a","client_id":"app","token_type":"Bearer","exp":1700000300,"iat":1700000000,"sub":"ada","aud":"x","iss":"i","jti":"1"}""",
            Text(response.ToUtf8Json()));
        Assert.Equal("""{"active":false}""", Encoding.UTF8.GetString(IntrospectionResponse.Inactive.Span));
    }

    [Theory]
    [InlineData("openid", """{"sub":"1"}""")]
    [InlineData("openid profile", """{"sub":"1","name":"Ада & <b>","updated_at":1700000000}""")]
    [InlineData("openid email", """{"sub":"1","email":"ada@example.com","email_verified":true}""")]
    [InlineData("openid phone", """{"sub":"1"}""")]
    public void User_claims_are_those_of_the_granted_scopes(string scope, string expected)
    {
        var claims = new UserClaims("1") { Name = "Ада & <b>", UpdatedAt = Now, Email = "ada@example.com", EmailVerified = true };
        Assert.True(ScopeSet.TryParse(scope, out var granted));

        Assert.Equal(expected, Text(claims.ToUtf8Json(granted)));
    }

    [Fact]
    public void The_discovery_document_says_what_both_specifications_require()
    {
        var metadata = new ProviderMetadata("https://id.example")
        {
            AuthorizationEndpoint = "https://id.example/oauth2/authorize",
            TokenEndpoint = "https://id.example/oauth2/token",
            JwksUri = "https://id.example/oauth2/jwks",
            IntrospectionEndpoint = "https://id.example/oauth2/introspect",
        };

        using var document = JsonDocument.Parse(metadata.ToUtf8Json());
        var root = document.RootElement;

        foreach (var required in (string[])[
            "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "response_types_supported", "subject_types_supported",
            "id_token_signing_alg_values_supported"])
        {
            Assert.True(root.TryGetProperty(required, out _), required);
        }

        Assert.Equal("[\"code\"]", root.GetProperty("response_types_supported").GetRawText());
        Assert.Equal("[\"S256\"]", root.GetProperty("code_challenge_methods_supported").GetRawText());
        Assert.Contains("RS256", root.GetProperty("id_token_signing_alg_values_supported").EnumerateArray().Select(alg => alg.GetString()));
        Assert.True(root.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.False(root.GetProperty("request_uri_parameter_supported").GetBoolean());
        Assert.DoesNotContain("none", root.GetProperty("introspection_endpoint_auth_methods_supported").GetRawText(), StringComparison.Ordinal);
        Assert.False(root.TryGetProperty("userinfo_endpoint", out _));
        Assert.Equal(root.EnumerateObject().Count(), root.EnumerateObject().Select(member => member.Name).Distinct().Count());
    }

    [Theory]
    [InlineData("Bearer abc.DEF-1~+/==", "abc.DEF-1~+/==")]
    [InlineData("bearer abc", "abc")]
    [InlineData("Bearer ", null)]
    [InlineData("Bearer  abc", null)]
    [InlineData("Bearer abc def", null)]
    [InlineData("Bearer abc, Bearer def", null)]
    [InlineData("DPoP abc", null)]
    [InlineData("abc", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_bearer_token_is_read_strictly(string? header, string? expected)
    {
        Assert.Equal(expected is not null, BearerToken.TryRead(header, out var token));
        Assert.Equal(expected, token);
    }

    [Fact]
    public void A_challenge_names_the_error_and_the_scope_that_would_do()
    {
        Assert.Equal("Bearer", BearerToken.Challenge());
        Assert.Equal(
            "Bearer error=\"insufficient_scope\", error_description=\"The access token has not the scope for this.\", scope=\"audit:read\"",
            BearerToken.Challenge(OAuthError.InsufficientScope, ScopeSet.Of("audit:read")));
    }

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
