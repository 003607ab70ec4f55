using Signet.OAuth;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class LogoutRequestTests
{
    private const string Uri = "https://app.example/bye?x=y";

    [Fact]
    public void Reads_every_parameter_and_needs_none()
    {
        var request = Read("id_token_hint=a.b.c&client_id=app&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye&state=s&logout_hint=ada&ui_locales=de");

        Assert.Equal(("a.b.c", "app", "https://app.example/bye", "s", "ada"),
            (request.IdTokenHint, request.ClientId, request.PostLogoutRedirectUri, request.State, request.LogoutHint));
        Assert.Equal(["de"], request.UiLocales);
        Assert.Null(Read("").RedirectTo([Uri]));
    }

    [Fact]
    public void A_registered_uri_gets_the_state() =>
        Assert.Equal(Uri + "&state=a%26b", (Read("state=a%26b") with { PostLogoutRedirectUri = Uri }).RedirectTo(["https://other.example/", Uri]));

    [Theory]
    [InlineData("https://app.example/bye")]
    [InlineData("https://app.example/bye?x=Y")]
    [InlineData("https://app.example/bye?x=y&")]
    [InlineData("https://evil.example/bye?x=y")]
    [InlineData("javascript:alert(1)")]
    public void Any_other_uri_is_not_followed(string uri) =>
        Assert.Null((Read("") with { PostLogoutRedirectUri = uri }).RedirectTo([Uri]));

    [Fact]
    public void The_port_of_a_loopback_literal_counts_here() =>
        Assert.Null((Read("") with { PostLogoutRedirectUri = "http://127.0.0.1:80/" }).RedirectTo(["http://127.0.0.1/"]));

    private static LogoutRequest Read(string query)
    {
        Assert.True(OAuthParameters.TryParse(query, out var parameters, out _));
        return LogoutRequest.Read(parameters);
    }
}
