using System.Net;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Setup;

/// <summary>The first run: open to who has the machine, once.</summary>
public sealed class SetupTests : IAsyncLifetime
{
    private TestSignet signet = null!;
    private string token = null!;

    public async ValueTask InitializeAsync()
    {
        signet = await TestSignet.StartAsync(enableSetup: true);
        token = (await signet.FindSetupTokenAsync())!;
    }

    public ValueTask DisposeAsync() => signet.DisposeAsync();

    [Fact]
    public async Task The_link_makes_the_owner_and_closes_for_ever()
    {
        var browser = signet.NewBrowser();

        var done = await FinishAsync(browser, "owner@example.test");

        Assert.Equal("/console", done.Location);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/keys")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await signet.NewBrowser().GetAsync($"/setup?token={token}")).Status);
        await using var again = await signet.StartNodeAsync(setup: true);
        Assert.Equal(HttpStatusCode.NotFound, (await again.NewBrowser().GetAsync($"/setup?token={token}")).Status);
        Assert.Null(await again.FindSetupTokenAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?token=")]
    [InlineData("?token=wrong")]
    [InlineData("?token=wrong&token=wrong")]
    public async Task Without_the_token_it_stays_shut(string query)
    {
        var answer = await signet.NewBrowser().GetAsync($"/setup{query}");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.DoesNotContain("<form", answer.Text);
    }

    [Fact]
    public async Task The_form_needs_the_token_too()
    {
        var browser = signet.NewBrowser();
        var page = await browser.GetAsync($"/setup?token={token}");
        var hidden = TestBrowser.FormIn(page).Hidden;

        var answer = await browser.PostFormAsync("/setup?token=wrong", hidden.Concat(Filled("x@example.test")));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task Of_two_browsers_at_once_one_becomes_the_owner()
    {
        var browsers = Enumerable.Range(0, 4).Select(_ => signet.NewBrowser()).ToList();

        var answers = await Task.WhenAll(browsers.Select((browser, index) => FinishAsync(browser, $"owner-{index}@example.test")));

        Assert.Single(answers, answer => answer.Location == "/console");
        Assert.All(answers.Where(answer => answer.Location is null), answer => Assert.Equal(HttpStatusCode.NotFound, answer.Status));
        var owners = await signet.Database.Db().InTenantAsync(
            Signet.Platform.Data.TenantId.Default,
            tx => tx.ListAsync<string>("select role from role_assignments", null, TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken);
        Assert.Equal(["owner"], owners);
    }

    [Fact]
    public async Task A_weak_password_leaves_it_open()
    {
        var browser = signet.NewBrowser();
        var page = await browser.GetAsync($"/setup?token={token}");

        var refused = await browser.SubmitAsync(page, ("name", "Ada"), ("email", "owner@example.test"), ("password", "short"));
        var done = await FinishAsync(browser, "owner@example.test");

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal("/console", done.Location);
    }

    [Fact]
    public async Task Every_node_and_every_start_has_the_same_link()
    {
        await using var other = await signet.StartNodeAsync(setup: true);

        Assert.Equal(token, await other.FindSetupTokenAsync());
    }

    [Fact]
    public async Task Where_it_is_not_enabled_there_is_no_such_page()
    {
        await using var plain = await signet.StartNodeAsync(setup: false);

        Assert.Equal(HttpStatusCode.NotFound, (await plain.NewBrowser().GetAsync($"/setup?token={token}")).Status);
    }

    private async Task<TestAnswer> FinishAsync(TestBrowser browser, string email)
    {
        var page = await browser.GetAsync($"/setup?token={token}");
        return page.Status == HttpStatusCode.OK ? await browser.SubmitAsync(page, Filled(email)) : page;
    }

    private static (string, string)[] Filled(string email) => [("name", "Ada"), ("email", email), ("password", "a good long password")];
}
