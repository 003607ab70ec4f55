using System.Net;
using System.Text;
using Signet.Jose;
using Signet.Testing;
using Xunit;

namespace Server.Tests.OAuth;

/// <summary>OIDC Discovery §4 and RFC 8414 §3: the documents say what the server does.</summary>
public sealed class DiscoveryTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Fact]
    public async Task Both_documents_are_the_same()
    {
        var openId = await DocumentAsync();
        var oauth = await signet.CallAsync(HttpMethod.Get, "/.well-known/oauth-authorization-server");

        Assert.Equal(openId.Text, oauth.Text);
        Assert.Equal(signet.Issuer, openId["issuer"]);
        Assert.Equal("application/json", openId.Headers["Content-Type"]);
    }

    [Theory]
    [InlineData("authorization_endpoint", "GET")]
    [InlineData("token_endpoint", "POST")]
    [InlineData("jwks_uri", "GET")]
    [InlineData("userinfo_endpoint", "GET")]
    [InlineData("introspection_endpoint", "POST")]
    [InlineData("revocation_endpoint", "POST")]
    [InlineData("end_session_endpoint", "GET")]
    public async Task Every_endpoint_it_names_is_there(string name, string method)
    {
        var endpoint = (await DocumentAsync())[name];

        var answer = await signet.CallAsync(new HttpMethod(method), endpoint);

        Assert.StartsWith(signet.Issuer, endpoint);
        Assert.NotEqual(HttpStatusCode.NotFound, answer.Status);
        Assert.NotEqual(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.True((int)answer.Status < 500);
    }

    [Theory]
    [InlineData("grant_types_supported", "authorization_code client_credentials refresh_token urn:ietf:params:oauth:grant-type:token-exchange urn:openid:params:grant-type:ciba")]
    [InlineData("backchannel_token_delivery_modes_supported", "poll")]
    [InlineData("response_types_supported", "code")]
    [InlineData("code_challenge_methods_supported", "S256")]
    [InlineData("response_modes_supported", "form_post query")]
    public async Task It_claims_what_is_done_and_nothing_else(string name, string values)
    {
        var document = await DocumentAsync();

        Assert.Equal(values, string.Join(' ', document.Json.GetProperty(name).EnumerateArray().Select(value => value.GetString()).Order()));
    }

    [Fact]
    public async Task It_says_that_answers_carry_the_issuer()
    {
        Assert.Equal("True", (await DocumentAsync())["authorization_response_iss_parameter_supported"]);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("Forwarded", "host=evil.example")]
    public async Task No_header_changes_the_issuer(string name, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, signet.At("/.well-known/openid-configuration"));
        request.Headers.TryAddWithoutValidation(name, value);

        var answer = await signet.SendAsync(request);

        Assert.DoesNotContain("evil", answer.Text);
        Assert.True(answer.Status is HttpStatusCode.NotFound || answer["issuer"] == signet.Issuer);
    }

    [Fact]
    public async Task The_key_set_has_keys_after_the_first_signature_and_none_is_private()
    {
        var client = await signet.CreateClientAsync();
        await signet.ClientCredentialsAsync(client);

        var answer = await signet.CallAsync(HttpMethod.Get, "/oauth2/jwks");

        var keys = Jwks.TryParse(Encoding.UTF8.GetBytes(answer.Text));
        Assert.NotNull(keys);
        Assert.NotEmpty(answer.Json.GetProperty("keys").EnumerateArray());
        Assert.All(answer.Json.GetProperty("keys").EnumerateArray(), key => Assert.False(key.TryGetProperty("d", out _)));
    }

    private Task<TestAnswer> DocumentAsync() => signet.CallAsync(HttpMethod.Get, "/.well-known/openid-configuration");
}
