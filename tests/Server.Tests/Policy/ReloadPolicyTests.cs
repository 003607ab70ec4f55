using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Policy;

/// <summary>A policy is read again without a restart, on every node; one that can't be used changes nothing and is not passed over in silence.</summary>
public sealed class ReloadPolicyTests
{
    private const string Open = """{"GET /agents": []}""";
    private const string Closed = """{"GET /agents": ["agents:read"]}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reload_holds_at_once_and_on_every_node_and_is_on_record()
    {
        using var file = new PolicyFile(Closed);
        await using var signet = await TestSignet.StartAsync(configure: settings => settings with { PolicyFolder = file.Folder });
        await using var node = await signet.StartNodeAsync();
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        Assert.False(await MayReadAsync(signet, key));
        Assert.False(await MayReadAsync(node, key));

        file.Write(Open);
        var answer = await ReloadAsync(signet, key);

        Assert.Equal((HttpStatusCode.OK, "1"), (answer.Status, answer["rules"]));
        Assert.True(await MayReadAsync(signet, key));
        await Until.TrueAsync(() => MayReadAsync(node, key), Ct);
        Assert.Contains("policy.reloaded", await signet.ActionsAsync("scopes"));
    }

    [Fact]
    public async Task A12_A_bad_policy_leaves_the_old_one_and_is_logged_counted_shown_and_on_record_until_a_good_one_comes()
    {
        using var file = new PolicyFile(Open);
        await using var signet = await TestSignet.StartAsync(configure: settings => settings with { PolicyFolder = file.Folder });
        var key = await signet.CreateApiKeyAsync(Role.Owner);

        file.Write("""{"GET /agents": "open"}""");
        var answer = await ReloadAsync(signet, key);

        Assert.Equal((HttpStatusCode.Conflict, "policy.not_reloaded"), (answer.Status, answer["code"]));
        Assert.Contains("GET /agents", answer["detail"], StringComparison.Ordinal);
        Assert.True(await MayReadAsync(signet, key));
        Assert.Contains("policy.reload_failed", await signet.ActionsAsync("scopes"));
        Assert.Contains("signet_policy_reloads_total{result=\"refused\"}", await signet.MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains("scopes.json", (await ShowAsync(signet, key)).Json.GetProperty("last_fault").GetProperty("message").GetString(), StringComparison.Ordinal);
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));
        Assert.Contains("The last reload was refused", (await browser.GetAsync("/console/policy")).Text, StringComparison.Ordinal);

        file.Write(Closed);
        await ReloadAsync(signet, key);

        Assert.False(await MayReadAsync(signet, key));
        Assert.False((await ShowAsync(signet, key)).Has("last_fault"));
    }

    [Fact]
    public async Task A_compiled_policy_that_appears_is_not_passed_over()
    {
        using var file = new PolicyFile(Open);
        await using var signet = await TestSignet.StartAsync(configure: settings => settings with { PolicyFolder = file.Folder });
        await File.WriteAllTextAsync(Path.Combine(file.Folder, "authz.wasm"), "", Ct);

        Assert.Equal(HttpStatusCode.Conflict, (await ReloadAsync(signet, await signet.CreateApiKeyAsync(Role.Owner))).Status);
    }

    [Fact]
    public async Task Sixteen_reloads_at_once_all_end_in_the_same_policy()
    {
        using var file = new PolicyFile(Closed);
        await using var signet = await TestSignet.StartAsync(configure: settings => settings with { PolicyFolder = file.Folder });
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        file.Write(Open);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ReloadAsync(signet, key)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.True(await MayReadAsync(signet, key));
    }

    [Fact]
    public async Task Only_the_platforms_administrators_reload_and_see_what_went_wrong()
    {
        using var file = new PolicyFile(Open);
        await using var signet = await TestSignet.StartAsync(configure: settings => settings with { PolicyFolder = file.Folder });
        var tenant = await signet.CreateTenantAsync();
        var theirs = await signet.CreateApiKeyAsync(Role.Owner, tenant.Id);
        file.Write("nothing");
        await ReloadAsync(signet, await signet.CreateApiKeyAsync(Role.Owner));

        var reload = await signet.CallAsync(HttpMethod.Post, $"/t/{tenant.Slug}/api/v1/policy/reload", theirs);
        var shown = await signet.CallAsync(HttpMethod.Get, $"/t/{tenant.Slug}/api/v1/policy", theirs);

        Assert.Equal(HttpStatusCode.Forbidden, reload.Status);
        Assert.Equal((HttpStatusCode.OK, "scopes", "folder"), (shown.Status, shown["engine"], shown["source"]));
        Assert.False(shown.Has("last_fault"));
        Assert.Equal(HttpStatusCode.Forbidden, (await ReloadAsync(signet, await signet.CreateApiKeyAsync(Role.Auditor))).Status);
    }

    [Fact]
    public async Task The_page_reloads_too()
    {
        using var file = new PolicyFile(Closed);
        await using var signet = await TestSignet.StartAsync(configure: settings => settings with { PolicyFolder = file.Folder });
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));
        var token = TestBrowser.FormIn(await browser.GetAsync("/console/policy")).Hidden.Single(field => field.Name == "_token");
        file.Write(Open);

        var answer = await browser.PostFormAsync("/console/policy/reload", token);

        Assert.Equal((HttpStatusCode.Found, "/console/policy?done=policy-reloaded"), (answer.Status, answer.Location));
        Assert.Contains("Any token", (await browser.GetAsync("/console/policy")).Text, StringComparison.Ordinal);
        Assert.True(await MayReadAsync(signet, await signet.CreateApiKeyAsync(Role.Owner)));
    }

    [Fact]
    public async Task With_opa_it_decides_and_there_is_nothing_to_reload()
    {
        await using var opa = await TableOpa.StartAsync(200, """{"result":{"allow":false,"reason":"not on Sundays"}}""");
        await using var signet = await TestSignet.StartAsync(configure: settings => settings with { OpaUrl = opa.Url });
        var key = await signet.CreateApiKeyAsync(Role.Owner);

        var decided = await DecideAsync(signet, key);

        Assert.Equal("not on Sundays", decided.Json.GetProperty("context").GetProperty("reason_admin").GetProperty("en").GetString());
        Assert.Equal((HttpStatusCode.Conflict, "policy.held_by_opa"), ((await ReloadAsync(signet, key)) is var reload ? reload.Status : default, reload["code"]));
        Assert.Equal(("opa", "opa"), ((await ShowAsync(signet, key)) is var shown ? shown["engine"] : "", shown["source"]));
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));
        Assert.Contains("The rules are in Open Policy Agent", (await browser.GetAsync("/console/policy")).Text, StringComparison.Ordinal);
    }

    private static Task<TestAnswer> ReloadAsync(TestSignet signet, string key) => signet.CallAsync(HttpMethod.Post, "/api/v1/policy/reload", key);

    private static Task<TestAnswer> ShowAsync(TestSignet signet, string key) => signet.CallAsync(HttpMethod.Get, "/api/v1/policy", key);

    private static Task<TestAnswer> DecideAsync(TestSignet signet, string key) => signet.CallAsync(HttpMethod.Post, "/access/v1/evaluation", key, new
    {
        subject = new { type = "agent", id = "1" },
        action = new { name = "GET" },
        resource = new { type = "route", id = "/agents" },
    });

    private static async Task<bool> MayReadAsync(TestSignet signet, string key) => (await DecideAsync(signet, key)).Json.GetProperty("decision").GetBoolean();
}
