using System.Net;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Console;

/// <summary>Who goes wrong in a browser gets a page that says what to do; a program gets its problem.</summary>
public sealed class ErrorPagesTests(TestSignet signet) : IClassFixture<TestSignet>
{
    private const string Browser = "text/html,application/xhtml+xml,*/*;q=0.8";

    [Theory]
    [InlineData("/nothing/here", HttpStatusCode.NotFound)]
    [InlineData("/console/nothing", HttpStatusCode.NotFound)]
    [InlineData("/t/nobody/sign-in", HttpStatusCode.NotFound)]
    [InlineData("/t/nobody/nothing", HttpStatusCode.NotFound)]
    [InlineData("/oauth2/token", HttpStatusCode.MethodNotAllowed)]
    public async Task A_browser_gets_a_page_wherever_it_ends_up(string path, HttpStatusCode status)
    {
        var browser = signet.NewBrowser();
        browser.Headers["Accept"] = Browser;

        var answer = await browser.GetAsync(path);

        Assert.Equal(status, answer.Status);
        Assert.StartsWith("text/html", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("<h1>", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nothing/here", "application/json")]
    [InlineData("/nothing/here", "*/*")]
    [InlineData("/api/v1/nothing", "application/json")]
    public async Task A_program_gets_a_problem(string path, string accept)
    {
        var browser = signet.NewBrowser();
        browser.Headers["Accept"] = accept;

        var answer = await browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("not_found", answer["code"]);
    }

    [Fact]
    public async Task An_endpoint_of_the_api_answers_a_browser_as_it_answers_everybody()
    {
        var browser = signet.NewBrowser();
        browser.Headers["Accept"] = Browser;

        Assert.Equal("authentication_required", (await browser.GetAsync("/api/v1/users"))["code"]);
    }

    [Fact]
    public async Task Who_may_not_see_a_page_is_shown_the_way_to_their_own()
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync());

        var answer = await browser.GetAsync("/console");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("href=\"/account\"", answer.Text, StringComparison.Ordinal);
    }
}
