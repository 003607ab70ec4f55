using System.Net;
using System.Text.RegularExpressions;
using Server.Tests.Webhooks;
using Signet.Platform.Data;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Console;

/// <summary>What is done with webhooks in the console is done.</summary>
public sealed partial class WebhookPagesTests(TestSignet signet) : IClassFixture<TestSignet>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_webhook_is_added_and_its_secret_shown_once()
    {
        await using var receiver = await Receiver.StartAsync();
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));

        var shown = await PostAsync(
            browser, "/console/webhooks/new", "/console/webhooks/new", ("name", "Ledger"), ("url", receiver.Url), ("events", "tests.painted\nkeys.*"));
        var secret = Code().Match(shown.Text).Groups[1].Value;
        var page = await browser.GetAsync(Link().Match(shown.Text).Value);
        await signet.RaiseAsync(TenantId.Default, new Painted("blue", "Ada", Guid.CreateVersion7()));

        Assert.Equal((HttpStatusCode.Created, "no-store"), (shown.Status, shown.Headers["Cache-Control"]));
        Assert.True((await receiver.WaitForAsync(1, Ct))[0].IsSignedWith(secret));
        Assert.Contains("tests.painted, keys.*", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_with_a_fault_comes_back_with_what_was_typed_and_says_where()
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));

        var again = await PostAsync(
            browser, "/console/webhooks/new", "/console/webhooks/new", ("name", "Ledger"), ("url", "http://elsewhere.example/"), ("events", "everything"));

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Contains("id=\"url-error\"", again.Text, StringComparison.Ordinal);
        Assert.Contains("id=\"events-error\"", again.Text, StringComparison.Ordinal);
        Assert.Contains("http://elsewhere.example/", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_rotated_a_webhook_tested_and_a_delivery_repeated()
    {
        await using var receiver = await Receiver.StartAsync();
        var hook = await signet.CreateWebhookAsync(receiver.Url, null, "keys.dropped");
        var page = $"/console/webhooks/{hook.Id}";
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Admin));

        var rotated = await PostAsync(browser, page, $"{page}/rotate-secret", ("overlap_hours", "24"));
        await PostAsync(browser, page, $"{page}/test");
        var received = (await receiver.WaitForAsync(1, Ct))[0];
        await Until.TrueAsync(async () => (await browser.GetAsync(page)).Text.Contains($"{received.Delivery}/redeliver", StringComparison.Ordinal), Ct);
        await PostAsync(browser, page, $"{page}/deliveries/{received.Delivery}/redeliver");

        Assert.True(received.IsSignedWith(Code().Match(rotated.Text).Groups[1].Value));
        Assert.True(received.IsSignedWith(hook.Secret));
        Assert.Equal(received.Delivery, (await receiver.WaitForAsync(2, Ct))[1].Delivery);
    }

    [Fact]
    public async Task It_is_disabled_enabled_and_deleted_where_its_name_is_typed()
    {
        var hook = await signet.CreateWebhookAsync("https://receiver.example/", null, "keys.dropped");
        var page = $"/console/webhooks/{hook.Id}";
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Admin));

        await PostAsync(browser, page, $"{page}/disable");
        await PostAsync(browser, page, $"{page}/enable");
        await PostAsync(browser, page, page, ("name", hook.Name), ("url", "https://receiver.example/new"), ("events", "*"));
        var unsure = await PostAsync(browser, page, $"{page}/delete", ("confirm", "something else"));
        await PostAsync(browser, page, $"{page}/delete", ("confirm", hook.Name));

        Assert.Equal(HttpStatusCode.BadRequest, unsure.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(page)).Status);
        Assert.Equal(
            ["webhooks.created", "webhooks.deleted", "webhooks.disabled", "webhooks.enabled", "webhooks.updated"], (await signet.ActionsAsync(hook.Id)).Order());
    }

    [Fact]
    public async Task An_auditor_is_offered_no_change()
    {
        var hook = await signet.CreateWebhookAsync("https://receiver.example/", null, "keys.dropped");
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Auditor));

        var page = await browser.GetAsync($"/console/webhooks/{hook.Id}");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("data-save-bar", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("commandfor=\"rotate\"", page.Text, StringComparison.Ordinal);
    }

    private static async Task<TestAnswer> PostAsync(TestBrowser browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var (_, hidden) = TestBrowser.FormIn(await browser.GetAsync(page));
        return await browser.PostFormAsync(action, [.. hidden.Where(field => field.Name == "_token"), .. fields]);
    }

    [GeneratedRegex("<code>([^<]+)</code>")]
    private static partial Regex Code();

    [GeneratedRegex("/console/webhooks/[0-9a-f-]{36}")]
    private static partial Regex Link();
}
