using Signet.OAuth;
using Signet.OAuth.Authorization;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class AuthorizationReplyTests
{
    private const string Issuer = AuthorizationScenario.Issuer;

    [Theory]
    [InlineData("https://app.example/cb", "https://app.example/cb?code=c&iss=https%3A%2F%2Facme.id.example")]
    [InlineData("https://app.example/cb?", "https://app.example/cb?code=c&iss=https%3A%2F%2Facme.id.example")]
    [InlineData("https://app.example/cb?a=%C3%A9+b", "https://app.example/cb?a=%C3%A9+b&code=c&iss=https%3A%2F%2Facme.id.example")]
    [InlineData("https://app.example/cb?a=b&", "https://app.example/cb?a=b&code=c&iss=https%3A%2F%2Facme.id.example")]
    [InlineData("com.example.app:/cb", "com.example.app:/cb?code=c&iss=https%3A%2F%2Facme.id.example")]
    public void A_code_is_appended_and_the_registered_query_kept(string redirectUri, string location) =>
        Assert.Equal(
            new AuthorizationReply.Redirect(location), AuthorizationReply.WithCode(new(redirectUri, ResponseMode.Query, null), Issuer, "c"));

    [Fact]
    public void The_state_comes_back_escaped_and_with_the_issuer()
    {
        var reply = AuthorizationReply.WithError(
            new("https://app.example/cb", ResponseMode.Query, "a b&code=x#\r\n"), Issuer, OAuthError.AccessDenied);

        Assert.Equal(
            new AuthorizationReply.Redirect(
                "https://app.example/cb?error=access_denied&error_description=The%20request%20was%20denied.&state=a%20b%26code%3Dx%23%0D%0A&iss=https%3A%2F%2Facme.id.example"),
            reply);
    }

    [Fact]
    public void A_form_has_the_same_fields_and_the_uri_untouched()
    {
        var reply = Assert.IsType<AuthorizationReply.FormPost>(
            AuthorizationReply.WithCode(new("https://app.example/cb?a=b", ResponseMode.FormPost, "s"), Issuer, "c"));

        Assert.Equal("https://app.example/cb?a=b", reply.Action);
        Assert.Equal([new("code", "c"), new("state", "s"), new("iss", Issuer)], reply.Fields);
    }

    [Fact]
    public void Every_error_of_the_catalogue_has_words_that_may_go_on_the_wire()
    {
        var errors = typeof(OAuthErrors).GetMethods()
            .Where(method => method.ReturnType == typeof(OAuthError))
            .Select(method => (OAuthError)method.Invoke(null, [.. method.GetParameters().Select(_ => OAuthParameter.State)])!)
            .ToList();

        Assert.True(errors.Count >= 25);
        Assert.All(errors, error =>
        {
            Assert.Matches("^[a-z_]+$", error.Code);
            Assert.InRange(error.Status, 400, 503);
            Assert.Matches(@"^[\x20-\x21\x23-\x5B\x5D-\x7E]+$", error.Description);
        });
    }

    [Fact]
    public void An_error_is_written_as_json() =>
        Assert.Equal("""{"error":"invalid_grant","error_description":"The grant is not valid."}"""u8.ToArray(), OAuthError.InvalidGrant.ToUtf8Json());
}
