using System.Net;
using Server.Tests.AgentCards;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Console;

/// <summary>An agent's card in the console: written, published and taken back by a person.</summary>
public sealed class AgentCardPagesTests(TestSignet signet) : IClassFixture<TestSignet>
{
    private static readonly (string, string)[] Good =
    [
        ("published", "true"), ("name", "<b>Screener</b>"), ("description", "Line one\r\nline two"), ("interfaces", "https://a.example/\r\nGRPC https://b.example/ 1.1"),
        ("scopes", "resume:read"), ("input_modes", "text/plain"), ("output_modes", "text/plain application/json"),
        ("skill_0_id", "screen"), ("skill_0_name", "Screen"), ("skill_0_description", "Screens."), ("skill_0_tags", "hr, cv"), ("skill_0_examples", "One\r\nTwo"),
        ("skill_1_id", ""), ("skill_1_name", ""), ("skill_1_description", ""), ("skill_1_tags", ""), ("skill_1_examples", ""),
    ];

    [Fact]
    public async Task A_card_is_written_read_again_withdrawn_and_removed()
    {
        var owner = await signet.CreateUserAsync(Role.Owner);
        var key = await signet.CreateApiKeyAsync(owner);
        var (id, browser) = ((await signet.RegisterAgentAsync(key)).Id, await signet.SignInAsync(owner));
        var (page, form) = ($"/console/agents/{id}", $"/console/agents/{id}/card");
        var desk = new CardDesk(signet, key);

        Assert.Contains("Nobody outside can find it.", (await browser.GetAsync(page)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await PostAsync(browser, form, form, Good)).Status);

        var served = await desk.ReadAsync(id);
        Assert.True(await CardDesk.IsSignedAsync(signet, served.Json));
        Assert.Equal(("<b>Screener</b>", "Line one\nline two"), (served["name"], served["description"]));
        Assert.Equal(
            ["JSONRPC https://a.example/ 1.0", "GRPC https://b.example/ 1.1"],
            served.Json.GetProperty("supportedInterfaces").EnumerateArray()
                .Select(one => $"{one.GetProperty("protocolBinding")} {one.GetProperty("url")} {one.GetProperty("protocolVersion")}"));
        Assert.Equal("""["One","Two"]""", Assert.Single(served.Json.GetProperty("skills").EnumerateArray()).GetProperty("examples").GetRawText());
        var shown = await browser.GetAsync(page);
        Assert.Contains("&lt;b&gt;Screener&lt;/b&gt;", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Screener", shown.Text, StringComparison.Ordinal);
        Assert.Contains("GRPC https://b.example/ 1.1", (await browser.GetAsync(form)).Text, StringComparison.Ordinal);

        // The same once more changes nothing.
        var before = (await signet.ActionsAsync(id)).Count;
        await PostAsync(browser, form, form, Good);
        Assert.Equal(before, (await signet.ActionsAsync(id)).Count);

        Assert.Equal(HttpStatusCode.Found, (await PostAsync(browser, page, $"{form}/withdraw")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await desk.ReadAsync(id)).Status);
        Assert.Equal(HttpStatusCode.Found, (await PostAsync(browser, page, $"{form}/publish")).Status);
        Assert.Equal(HttpStatusCode.OK, (await desk.ReadAsync(id)).Status);
        Assert.Equal(HttpStatusCode.Found, (await PostAsync(browser, page, $"{form}/remove")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(browser, page, $"{form}/publish")).Status);
    }

    [Fact]
    public async Task A_card_that_can_not_be_so_stands_there_again_with_what_is_wrong()
    {
        var owner = await signet.CreateUserAsync(Role.Owner);
        var (id, browser) = ((await signet.RegisterAgentAsync(await signet.CreateApiKeyAsync(owner))).Id, await signet.SignInAsync(owner));
        var form = $"/console/agents/{id}/card";

        var refused = await PostAsync(browser, form, form, [.. Good.Where(field => field.Item1 is not ("interfaces" or "skill_0_tags")), ("interfaces", "javascript:alert(1)")]);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("id=\"interfaces-error\"", refused.Text, StringComparison.Ordinal);
        Assert.Contains("id=\"skill_0_id-error\"", refused.Text, StringComparison.Ordinal);
        Assert.Contains("javascript:alert(1)", refused.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Screener&lt;/b&gt;", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_only_look_sees_the_card_and_no_form()
    {
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        var id = await new CardDesk(signet, key).PublishAsync();
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Auditor));

        var page = await browser.GetAsync($"/console/agents/{id}");

        Assert.Contains($"/agents/{id}/.well-known/agent-card.json", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Edit card", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync($"/console/agents/{id}/card")).Status);
    }

    private static async Task<TestAnswer> PostAsync(TestBrowser browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var (_, hidden) = TestBrowser.FormIn(await browser.GetAsync(page));
        return await browser.PostFormAsync(action, [.. hidden.Where(field => field.Name == "_token"), .. fields]);
    }
}
