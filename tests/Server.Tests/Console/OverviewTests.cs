using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Console;

/// <summary>The first page tells of the last day, and of nothing twice.</summary>
public sealed class OverviewTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Fact]
    public async Task Sign_ins_and_refusals_are_those_of_the_last_day_of_this_tenant()
    {
        var tenant = await signet.CreateTenantAsync();
        var path = $"/t/{tenant.Slug}";
        var owner = await signet.CreateUserAsync(Role.Owner, tenant.Id);
        await signet.SignInAsync(owner, path);
        await signet.SignInAsync(await signet.CreateUserAsync());
        signet.Clock.Advance(TimeSpan.FromHours(25));
        await RefuseAsync(path, owner, times: 3);
        var browser = await signet.SignInAsync(owner, path);
        await signet.SignInAsync(owner, path);

        var page = await browser.GetAsync($"{path}/console");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Sign-ins by the hour: from 0 to 2, at most 2", page.Text, StringComparison.Ordinal);
        Assert.Contains("Refusals by the hour: from 0 to 3, at most 3", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_act_over_and_over_is_one_line()
    {
        var tenant = await signet.CreateTenantAsync();
        var path = $"/t/{tenant.Slug}";
        var owner = await signet.CreateUserAsync(Role.Owner, tenant.Id);
        var browser = await signet.SignInAsync(owner, path);
        // Records of one moment have no order among them, and the sealer writes one of its own when it first signs for a tenant.
        await Until.TrueAsync(
            async () => (await signet.ActionsAsync(tenant.Id.ToString(), tenant.Id)).Contains("audit.key_introduced"), TestContext.Current.CancellationToken);
        signet.Clock.Advance(TimeSpan.FromSeconds(1));
        await RefuseAsync(path, owner, times: 4);

        var page = await browser.GetAsync($"{path}/console");

        Assert.Contains("4 times", page.Text, StringComparison.Ordinal);
        Assert.Single(Lines(page.Text), line => line.Contains("Sign-in refused", StringComparison.Ordinal));
    }

    private async Task RefuseAsync(string path, TestUser user, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await signet.NewBrowser().PostJsonAsync($"{path}/v1/auth/login", new { email = user.Email, password = "wrong" });
        }
    }

    private static string[] Lines(string page) => page.Split("<li");
}
