using Microsoft.Playwright;
using Xunit;

namespace Browser.Tests;

/// <summary>
/// Every page in both schemes, on a phone and on a desk: names, headings, contrast, size of targets, width (WCAG 2.2 AA, as far as a machine can tell).
/// Every dialog of a page is opened and looked at too.
/// </summary>
public sealed class AccessibilityTests(RunningSignet signet)
{
    private static readonly string Look = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "look.js"));

    // The last part follows the first row of the list, where there is one, and goes on below it.
    private static readonly string[] OfAnOwner =
    [
        "/account", "/account/agents", "/account/agents/requests/00000000-0000-7000-8000-000000000009", "/account/approvals", "/account/approvals/00000000-0000-7000-8000-000000000009", "/sign-out", "/console", "/console/users", "/console/users > row", "/console/users?q=nobody-is-called-so", "/console/users/new", "/console/clients",
        "/console/clients > row", "/console/clients/new", "/console/agents", "/console/agents > row", "/console/agents > row/card", "/console/agents?q=nobody-is-called-so", "/console/agents/new", "/console/blueprints", "/console/blueprints/new", "/console/blueprints > row", "/console/approvals", "/console/trust-policies", "/console/trust-policies/new", "/console/certificate-authorities", "/console/certificate-authorities/new", "/console/audit", "/console/audit > row", "/console/audit?q=no-such-reference", "/console/audit/verify",
        "/console/trust-mark-types", "/console/trust-mark-types/new", "/console/trust-marks", "/console/trust-marks/new", "/console/trust-mark-requests", "/console/federation/playground",
        "/console/keys", "/console/keys > row", "/console/api-keys", "/console/api-keys/new", "/console/settings", "/console/jobs", "/console/tenants", "/console/tenants/new",
        "/console/nothing",
    ];

    private static readonly string[] OfAnybody =
        ["/sign-in", "/sign-up", "/signed-out", "/oauth2/authorize?client_id=unknown", "/sign-in?flow=00000000-0000-7000-8000-000000000009", "/t/nobody/sign-in", "/nothing"];

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 320)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task The_console_is_for_everybody(ColorScheme scheme, int width)
    {
        await using var page = await signet.OpenAsync(width: width);
        var owner = await signet.AddUserAsync($"owner-{scheme}-{width}".ToLowerInvariant(), "owner");
        await signet.AddAgentAsync($"agent-{scheme}-{width}".ToLowerInvariant(), owner);
        await signet.AddBlueprintAsync($"Blueprint {scheme} {width}");
        await page.GoAsync("/sign-in");
        await page.SignInAsync(owner);
        await page.ArriveAtAsync("/account");
        await page.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        // The first who reads the key set has the keys made.
        await page.GoAsync("/oauth2/jwks");
        var faults = new List<string>();

        foreach (var path in OfAnOwner)
        {
            await page.GoAsync(path.Split(" > ")[0]);
            if (path.Split(" > row") is [_, var below])
            {
                await page.Page.GotoAsync(await page.Page.Locator("tbody .row-link").First.EvaluateAsync<string>("link => link.href") + below);
            }

            faults.AddRange((await LookAsync(page)).Select(fault => $"{path}: {fault}"));
            faults.AddRange((await LookAtDialogsAsync(page)).Select(fault => $"{path}: {fault}"));
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_pages_before_the_door_are_for_everybody(ColorScheme scheme)
    {
        await using var page = await signet.OpenAsync(width: 320);
        await page.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        var faults = new List<string>();

        foreach (var path in OfAnybody)
        {
            await page.GoAsync(path);
            faults.AddRange((await LookAsync(page)).Select(fault => $"{path}: {fault}"));
        }

        await page.GoAsync("/sign-in");
        await page.SignInAsync("nobody@example.test", "wrong");
        faults.AddRange((await LookAsync(page)).Select(fault => $"/sign-in refused: {fault}"));
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_form_that_was_refused_is_for_everybody(ColorScheme scheme)
    {
        await using var page = await signet.OpenAsync(width: 390);
        var owner = await signet.AddUserAsync($"refused-{scheme}".ToLowerInvariant(), "owner");
        await page.GoAsync("/sign-in");
        await page.SignInAsync(owner);
        await page.ArriveAtAsync("/account");
        await page.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        var faults = new List<string>();

        foreach (var path in (string[])["/console/users/new", "/console/clients/new", "/console/agents/new", "/console/blueprints/new", "/console/tenants/new", "/console/api-keys/new"])
        {
            await page.GoAsync(path);
            await page.Page.EvaluateAsync("() => document.querySelector('main form').submit()");
            await page.Page.Locator(".error-summary").WaitForAsync();
            faults.AddRange((await LookAsync(page)).Select(fault => $"{path} refused: {fault}"));
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    /// <summary>A look that sees nothing would be no look.</summary>
    [Theory]
    [InlineData("<input>", "has no name")]
    [InlineData("<button></button>", "has no name")]
    [InlineData("<h3>x</h3>", "jumps from 1 to 3")]
    [InlineData("<p class=pale>x</p>", "has a contrast of")]
    [InlineData("<p id=main>x</p>", "is there twice")]
    [InlineData("<label for=nowhere>x</label>", "which is not there")]
    [InlineData("<div class=wide>x</div>", "px wider than the window")]
    [InlineData("<div><a class=small href=/>i</a><a class=small href=/>i</a></div>", "too near another")]
    public async Task The_look_sees_what_is_wrong(string html, string fault)
    {
        await using var page = await signet.OpenAsync();
        await page.Page.SetContentAsync($$"""
            <!doctype html><html lang="en"><title>x</title><style>.pale { color: #999 } .wide { inline-size: 3000px } .small { display: inline-block; font-size: 6px }</style>
            <body><main id="main"><h1>x</h1>{{html}}</main></body></html>
            """);

        Assert.Contains(await LookAsync(page), said => said.Contains(fault, StringComparison.Ordinal));
    }

    private static Task<string[]> LookAsync(WatchedPage page) => page.Page.EvaluateAsync<string[]>(Look);

    private static async Task<List<string>> LookAtDialogsAsync(WatchedPage page)
    {
        var faults = new List<string>();
        foreach (var dialog in await page.Page.Locator("dialog").AllAsync())
        {
            await dialog.EvaluateAsync("dialog => dialog.showModal()");
            faults.AddRange((await LookAsync(page)).Select(fault => $"dialog {fault}"));
            await dialog.EvaluateAsync("dialog => dialog.close()");
        }

        return faults;
    }
}
