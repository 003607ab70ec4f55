using Microsoft.Playwright;
using Xunit;

namespace Browser.Tests;

/// <summary>A blueprint from the first page to the last agent, and an agent its owner vouches for; on a phone and on a desk, in both schemes.</summary>
public sealed class BlueprintTests(RunningSignet signet)
{
    private static readonly string Look = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "look.js"));

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task An_administrator_makes_registers_attests_and_stops(ColorScheme scheme, int width)
    {
        await using var page = await signet.ArriveAsync("governor", scheme, width);
        var name = $"Screeners {scheme} {width}";

        await page.GoAsync("/console/blueprints/new");
        await page.Page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.Page.GetByLabel("Capabilities").FillAsync("invoices:read");
        await page.Page.GetByLabel("Labels").FillAsync("team:payments");
        await page.Page.GetByLabel("Days between attestations").FillAsync("30");
        await page.Page.GetByLabel("Most agents").FillAsync("3");
        var faults = await page.Page.EvaluateAsync<string[]>(Look);
        await page.PressAsync("Add blueprint");
        await page.Page.GetByText("None yet.").WaitForAsync();
        faults = [.. faults, .. await page.Page.EvaluateAsync<string[]>(Look)];
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Register agent" }).ClickAsync();
        await page.Page.GetByLabel("Address").FillAsync($"screener-{scheme}-{width}@agents.example.test".ToLowerInvariant());
        faults = [.. faults, .. await page.Page.EvaluateAsync<string[]>(Look)];
        await page.PressAsync("Register agent");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "I have copied it" }).ClickAsync();
        await page.Page.GetByText("Attested until").WaitForAsync();
        faults = [.. faults, .. await page.Page.EvaluateAsync<string[]>(Look)];
        await page.GoAsync("/account/agents");
        faults = [.. faults, .. await page.Page.EvaluateAsync<string[]>(Look)];
        await page.PressAsync("Still wanted");
        await page.ArriveAtAsync("/account/agents?done=attested");
        await page.GoAsync("/console/blueprints");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "More actions" }).ClickAsync();
        await page.Page.GetByText("Stop all its agents").ClickAsync();
        await page.Page.Locator("#kill-switch input[name=confirm]").FillAsync(name);
        await page.PressAsync("Stop these agents");
        await page.Page.GetByText("Suspended", new() { Exact = true }).First.WaitForAsync();
        faults = [.. faults, .. await page.Page.EvaluateAsync<string[]>(Look)];

        Assert.Empty(faults);
        page.AssertQuiet();
    }
}
