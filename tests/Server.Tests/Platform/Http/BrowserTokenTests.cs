using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Signet.Platform.Http;
using Xunit;

namespace Server.Tests.Platform.Http;

public sealed class BrowserTokenTests : IAsyncLifetime
{
    private readonly BrowserToken tokens = new([.. Enumerable.Range(0, 32).Select(n => (byte)n)], context => $"http://{context.Request.Host}");
    private SmallApp app = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string OwnOrigin => app.Address.GetLeftPart(UriPartial.Authority);

    public async ValueTask InitializeAsync() => app = await SmallApp.StartAsync(
        routes =>
        {
            routes.UseBrowserToken(tokens);
            routes.MapGet("/page", (HttpContext context) => tokens.Issue(context, "sign_in"));
            routes.MapGet("/twice", (HttpContext context) => tokens.Issue(context, "a") == tokens.Issue(context, "a"));
            routes.MapPost("/page", () => "done").RequiresBrowserToken("sign_in");
            routes.MapPost("/other", () => "done").RequiresBrowserToken("consent");
            routes.MapPost("/smoke", () => "done").RequiresOwnOrigin();
            routes.MapGet("/rotate", (HttpContext context) =>
            {
                BrowserToken.Rotate(context);
                return tokens.Issue(context, "sign_in");
            });
        });

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_form_of_our_own_page_is_taken()
    {
        var (cookie, token) = await OpenPageAsync();

        using var response = await PostAsync("/page", cookie, token, ("Origin", OwnOrigin), ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_script_may_send_the_token_as_a_header()
    {
        var (cookie, token) = await OpenPageAsync();

        using var response = await PostAsync("/page", cookie, null, ("X-CSRF-Token", token));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        using var response = await app.Client.GetAsync("/page", Ct);

        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        Assert.Matches("^signet_browser=[A-Za-z0-9_-]{43}; path=/; samesite=lax; httponly$", cookie);
    }

    [Fact]
    public async Task Behind_https_the_cookie_is_bound_to_the_host()
    {
        var loopback = Assert.IsType<TrustedProxies.Parsed.Valid>(TrustedProxies.Parse("127.0.0.1")).Proxies;
        await using var behind = await SmallApp.StartAsync(routes => routes.MapGet("/", (HttpContext context) => tokens.Issue(context, "x")), loopback);
        using var request = new HttpRequestMessage(HttpMethod.Get, behind.Address);
        request.Headers.Add("X-Forwarded-Proto", "https");

        using var response = await behind.Client.SendAsync(request, Ct);

        Assert.Matches("^__Host-signet_browser=[A-Za-z0-9_-]{43}; path=/; secure; samesite=lax; httponly$", response.Headers.GetValues("Set-Cookie").Single());
    }

    [Fact]
    public async Task One_page_may_carry_several_forms() =>
        Assert.Equal("true", await app.Client.GetStringAsync("/twice", Ct));

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task What_the_browser_calls_foreign_is_refused_in_spite_of_the_token(string header, string value)
    {
        var (cookie, token) = await OpenPageAsync();

        using var page = await PostAsync("/page", cookie, token, (header, value));
        using var pageless = await PostAsync("/smoke", null, null, (header, value));

        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, pageless.StatusCode);
    }

    [Fact]
    public async Task Without_the_token_or_the_cookie_nothing_is_taken()
    {
        var (cookie, token) = await OpenPageAsync();

        using var noToken = await PostAsync("/page", cookie, null);
        using var noCookie = await PostAsync("/page", null, token);

        Assert.Equal(HttpStatusCode.BadRequest, noToken.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, noCookie.StatusCode);
    }

    [Fact]
    public async Task A_token_of_another_browser_purpose_or_shape_is_refused()
    {
        var (cookie, token) = await OpenPageAsync();
        var (other, _) = await OpenPageAsync();
        var altered = (token[0] is 'A' ? 'B' : 'A') + token[1..];

        using var browser = await PostAsync("/page", other, token);
        using var purpose = await PostAsync("/other", cookie, token);
        using var bit = await PostAsync("/page", cookie, altered);
        using var cut = await PostAsync("/page", cookie, token[..^1]);

        Assert.All([browser, purpose, bit, cut], response => Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode));
    }

    [Fact]
    public async Task After_a_rotation_the_old_token_is_worth_nothing()
    {
        var (cookie, token) = await OpenPageAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/rotate");
        request.Headers.Add("Cookie", cookie);
        using var rotated = await app.Client.SendAsync(request, Ct);
        var (newCookie, newToken) = await ReadAsync(rotated);

        using var old = await PostAsync("/page", newCookie, token);
        using var current = await PostAsync("/page", newCookie, newToken);

        Assert.Equal(HttpStatusCode.Forbidden, old.StatusCode);
        Assert.Equal(HttpStatusCode.OK, current.StatusCode);
    }

    [Fact]
    public async Task An_address_without_a_page_takes_a_plain_client()
    {
        using var response = await PostAsync("/smoke", null, null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<(string Cookie, string Token)> OpenPageAsync()
    {
        using var response = await app.Client.GetAsync("/page", Ct);
        return await ReadAsync(response);
    }

    private static async Task<(string Cookie, string Token)> ReadAsync(HttpResponseMessage response) =>
        (response.Headers.GetValues("Set-Cookie").Single().Split(';')[0], await response.Content.ReadAsStringAsync(Ct));

    private Task<HttpResponseMessage> PostAsync(string path, string? cookie, string? token, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(token is null ? [] : [new("_token", token)]) };
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return app.Client.SendAsync(request, Ct);
    }
}
