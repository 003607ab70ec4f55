using Microsoft.Playwright;
using Xunit;

namespace Browser.Tests;

/// <summary>An agent's question to a person, on a phone and on a desk, in both schemes; and what is to be seen afterwards.</summary>
public sealed class AgentConsentTests(RunningSignet signet)
{
    private const string AskThroughTheApi = """
        async () => {
          const token = document.querySelector("form input[type=hidden]").value;
          const post = async (path, body) => (await fetch("/api/v1/" + path, {
            method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": token }, body: JSON.stringify(body) })).json();
          const agent = await post("agents", {
            email: `travel-${crypto.randomUUID()}@agents.example`, agentType: "custom", version: "1.0.0", description: "Books what the team needs for its journeys.",
            capabilities: ["trips:book"], deploymentEnv: "production", scopes: ["trips:read", "trips:book", "calendar:read"] });
          const asked = await post(`agents/${agent.agentId}/consent-requests`, {
            scopes: ["trips:book", "calendar:read"], resources: ["https://trips.example/api"], days: 30, reason: "To book the train to the meeting in Lyon." });
          return asked.link;
        }
        """;

    private static readonly string Look = File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "look.js"));

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 320)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task A_person_reads_allows_and_withdraws(ColorScheme scheme, int width)
    {
        await using var page = await signet.ArriveAsync("asked", scheme, width);

        await page.GoAsync(await page.Page.EvaluateAsync<string>(AskThroughTheApi));
        var faults = await page.Page.EvaluateAsync<string[]>(Look);
        await page.PressAsync("Allow");
        await page.ArriveAtAsync("/account/agents?done=allowed");
        faults = [.. faults, .. await page.Page.EvaluateAsync<string[]>(Look)];
        await page.PressAsync("Withdraw");
        await page.ArriveAtAsync("/account/agents?done=withdrawn");

        Assert.Empty(faults);
        Assert.Equal(0, await page.Page.GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).CountAsync());
        page.AssertQuiet();
    }
}
