using System.Net;
using Server.Tests.Delegations;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Console;

/// <summary>The chains of an agent and its whole timeline, on its pages.</summary>
public sealed class AgentDelegationPagesTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Fact]
    public async Task A_chain_stands_on_its_agents_page_and_a_branch_is_ended_there()
    {
        var fleet = await Fleet.OfAsync(signet);
        var (a, b, c) = (await fleet.RegisterAsync(), await fleet.RegisterAsync(), await fleet.RegisterAsync());
        var second = await fleet.ActAsync(b, await fleet.TokenAsync(a));
        var third = await fleet.ActAsync(c, second);
        var browser = await signet.SignInAsync(fleet.Owner);
        var root = (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{a.Id}/delegations", fleet.Key)).Json
            .GetProperty("chains")[0].GetProperty("root");
        var branch = root.GetProperty("delegations")[0].GetProperty("delegationId").GetString();

        var page = await browser.GetAsync($"/console/agents/{a.Id}");
        Assert.All((TestClient[])[b, c], agent => Assert.Contains($"/console/agents/{agent.Id}\"", page.Text, StringComparison.Ordinal));
        Assert.Contains($"end-{branch}", page.Text, StringComparison.Ordinal);

        var done = await PostAsync(browser, page, $"/console/agents/{a.Id}/delegations/{branch}/end");

        Assert.Equal(HttpStatusCode.Redirect, done.Status);
        Assert.True(await fleet.IsActiveAsync(b, second));
        Assert.False(await fleet.IsActiveAsync(c, third));
        Assert.DoesNotContain($"end-{branch}", (await browser.GetAsync($"/console/agents/{a.Id}")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(browser, page, $"/console/agents/{Guid.CreateVersion7()}/delegations/{branch}/end")).Status);
    }

    [Fact]
    public async Task The_timeline_narrows_by_group_and_outcome()
    {
        var fleet = await Fleet.OfAsync(signet);
        var agent = await fleet.RegisterAsync();
        await fleet.TokenAsync(agent);
        await signet.PostAsync("/oauth2/token", agent with { Secret = "sgt_as_nothing" }, [("grant_type", "client_credentials")]);
        var browser = await signet.SignInAsync(fleet.Owner);

        var all = await browser.GetAsync($"/console/agents/{agent.Id}/timeline");
        var tokens = await browser.GetAsync($"/console/agents/{agent.Id}/timeline?action=token.*");
        var refused = await browser.GetAsync($"/console/agents/{agent.Id}/timeline?outcome=failure");

        Assert.All((string[])["agent.created", "credential.generated", "token.issued", "auth.failed"], action => Assert.Contains(action, all.Text, StringComparison.Ordinal));
        Assert.Contains("token.issued", tokens.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("agent.created", tokens.Text, StringComparison.Ordinal);
        Assert.Contains("auth.failed", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("token.issued", refused.Text, StringComparison.Ordinal);
    }

    private static Task<TestAnswer> PostAsync(TestBrowser browser, TestAnswer page, string action) =>
        browser.PostFormAsync(action, TestBrowser.FormIn(page).Item2.Where(field => field.Name == "_token"));
}
