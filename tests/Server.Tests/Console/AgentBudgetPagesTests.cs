using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Console;

/// <summary>Limits of a tenant's agents on the settings page, and the budget of one on its own.</summary>
public sealed class AgentBudgetPagesTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Fact]
    public async Task Limits_are_set_on_the_settings_page_and_a_budget_within_them_on_the_agents()
    {
        var owner = await signet.CreateUserAsync(Role.Owner);
        var key = await signet.CreateApiKeyAsync(owner);
        var agent = await signet.RegisterAgentAsync(key);
        var browser = await signet.SignInAsync(owner);
        await signet.PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")]);

        var wrong = await PostAsync(browser, "/console/settings", "/console/settings", ("brand", "none"), ("agent_limits_tokens_a_month", "many"));
        var saved = await PostAsync(browser, "/console/settings", "/console/settings", ("brand", "none"), ("agent_limits_tokens_a_month", "50000"));
        var page = $"/console/agents/{agent.Id}";
        var tooMuch = await PostAsync(browser, page, $"{page}/budget", ("monthly_tokens", "50001"));
        var set = await PostAsync(browser, page, $"{page}/budget", ("monthly_tokens", "4321"));
        var shown = await browser.GetAsync(page);

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("id=\"agent_limits_tokens_a_month-error\"", wrong.Text, StringComparison.Ordinal);
        Assert.Equal([HttpStatusCode.Found, HttpStatusCode.BadRequest, HttpStatusCode.Found], [saved.Status, tooMuch.Status, set.Status]);
        Assert.Contains("4,321", shown.Text, StringComparison.Ordinal);
        Assert.Equal("4321", (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}", key))["monthlyTokens"]);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(browser, page, $"/console/agents/{Guid.CreateVersion7()}/budget", ("monthly_tokens", "1"))).Status);
    }

    private static async Task<TestAnswer> PostAsync(TestBrowser browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var (_, hidden) = TestBrowser.FormIn(await browser.GetAsync(page));
        return await browser.PostFormAsync(action, [.. hidden.Where(field => field.Name == "_token"), .. fields]);
    }
}
