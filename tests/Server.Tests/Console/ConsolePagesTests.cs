using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Console;

/// <summary>Who gets to see the console, and what a post to it needs.</summary>
public sealed class ConsolePagesTests(TestSignet signet) : IClassFixture<TestSignet>
{
    /// <summary>Every page of the console that can be asked for by its address alone.</summary>
    public static TheoryData<string> Pages =>
    [
        "/console", "/console/users", "/console/users?q=ada&state=active", "/console/users/new", "/console/clients", "/console/clients?q=app",
        "/console/clients/new", "/console/audit", "/console/audit?action=auth.*&outcome=success&since=day", "/console/audit/verify", "/console/keys",
        "/console/policy", "/console/policy?q=users", "/console/api-keys", "/console/api-keys/new", "/console/webhooks", "/console/webhooks/new", "/console/jobs",
        "/console/jobs?state=dead", "/console/tenants", "/console/tenants/new", "/console/settings",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task An_owner_sees_the_page(string path)
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));

        var page = await browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Console\"", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Nobody_is_sent_to_sign_in_and_back(string path)
    {
        var answer = await signet.NewBrowser().GetAsync(path);

        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.Equal(path, answer.Parameter("return_to"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_plain_user_is_refused_with_a_page(string path)
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync());

        var page = await browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/console/users/new")]
    [InlineData("/console/clients/new")]
    [InlineData("/console/keys/rotate")]
    [InlineData("/console/api-keys/new")]
    [InlineData("/console/tenants/new")]
    [InlineData("/console/audit/verify")]
    [InlineData("/console/policy")]
    [InlineData("/console/policy/reload")]
    [InlineData("/console/webhooks/new")]
    [InlineData("/console/settings")]
    public async Task A_post_without_the_browser_token_is_refused(string path)
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));

        var answer = await browser.PostFormAsync(path, ("name", "Ledger"), ("algorithm", "ES256"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task An_auditor_reads_and_is_offered_no_change()
    {
        var user = await signet.CreateUserAsync();
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Auditor));

        var page = await browser.GetAsync($"/console/users/{user.Id}");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(user.Email, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/deactivate", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/console/users/new")).Status);
    }

    [Fact]
    public async Task What_belongs_to_another_tenant_is_not_there()
    {
        var other = await signet.CreateTenantAsync();
        var user = await signet.CreateUserAsync(tenant: other.Id);
        var client = await signet.CreateClientAsync(tenant: other.Id);
        var webhook = await signet.CreateWebhookAsync("https://receiver.example/hook", other.Id);
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/console/users/{user.Id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/console/clients/{client.Id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/console/webhooks/{webhook.Id}")).Status);
        Assert.DoesNotContain(user.Email, (await browser.GetAsync($"/api/v1/search?q={user.Email}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_owner_of_another_tenant_has_its_console_and_not_the_platform()
    {
        var other = await signet.CreateTenantAsync();
        var pathBase = $"/t/{other.Slug}";
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner, other.Id), pathBase);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"{pathBase}/console")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync($"{pathBase}/console/jobs")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync($"{pathBase}/console/tenants")).Status);
    }
}
