using System.Text;
using Server.Tests.Rules;
using Xunit;

namespace Server.Tests.BadInput;

/// <summary>A browser gets a page for what is no route; anybody else is refused in the words of what is near.</summary>
public sealed class UnroutedTests(WholeServer server) : IClassFixture<WholeServer>
{
    [Theory]
    [InlineData("/oauth2/nothing", "*/*", "OAuth")]
    [InlineData("/oauth2/token/nothing", "*/*", "OAuth")]
    [InlineData("/.well-known/nothing", "*/*", "OAuth")]
    [InlineData("/oauth2/authorize/nothing", "*/*", "Page")]
    [InlineData("/console/nothing", "*/*", "Page")]
    [InlineData("/console/audit/no-id", "*/*", "Page")]
    [InlineData("/account/nothing/at/all", "*/*", "Page")]
    [InlineData("/api/v1/nothing", "*/*", "Problem")]
    [InlineData("/api/v1/audit/no-id", "*/*", "Problem")]
    [InlineData("/v1/auth/nothing", "application/json", "Problem")]
    [InlineData("/health/nothing", "*/*", "Problem")]
    [InlineData("/nothing", "*/*", "Problem")]
    [InlineData("/nothing", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "Page")]
    [InlineData("/oauth2/nothing", "text/html", "Page")]
    [InlineData("/api/v1/nothing", "text/html", "Page")]
    [InlineData("//", "text/html", "Page")]
    [InlineData("/t/nobody/console/nothing", "*/*", "Page")]
    [InlineData("/t/nobody/oauth2/nothing", "*/*", "OAuth")]
    public async Task A_wrong_address_is_refused_as_its_neighbours_refuse(string path, string accept, string shape)
    {
        await using var connection = new WireConnection(server.Client.BaseAddress!.Port);

        var answer = await connection.AskAsync(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n"), isHead: false, TestContext.Current.CancellationToken);

        Rule.Holds(new Verdict().Of(answer, [Enum.Parse<Shape>(shape)], isHead: false, mayStayBelow: false));
        Assert.Equal(404, answer!.Status);
    }
}
