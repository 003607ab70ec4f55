using System.Net;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Governance;

/// <summary>Agents whose owner leaves. Each test has a clock of its own to move.</summary>
public sealed class OrphanTests : IAsyncLifetime
{
    private TestSignet signet = null!;
    private Nursery nursery = null!;
    private TestUser owner = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        signet = await TestSignet.StartAsync();
        nursery = await Nursery.OpenAsync(signet);
        owner = await signet.CreateUserAsync();
    }

    public async ValueTask DisposeAsync() => await signet.DisposeAsync();

    [Theory]
    [InlineData("deactivate")]
    [InlineData("delete")]
    public async Task An_agent_whose_owner_leaves_is_told_of_and_suspended_when_its_days_are_over(string how)
    {
        var agent = await nursery.ArmAsync(await nursery.RegisterAloneAsync(("owner", owner.Email)));
        var other = await nursery.RegisterAloneAsync();
        await LeaveAsync(how);
        await Until.TrueAsync(() => IsOrphanedAsync(agent.Id), Ct);

        var listed = await signet.CallAsync(HttpMethod.Get, "/api/v1/agents?orphaned=true", nursery.Key);
        signet.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        await signet.GovernAsync();
        var within = await nursery.TokenAsync(agent);
        signet.Clock.Advance(TimeSpan.FromMinutes(1));
        await signet.GovernAsync();
        var after = await nursery.TokenAsync(agent);

        Assert.Equal([agent.Id], listed.Json.GetProperty("agents").EnumerateArray().Select(one => one.GetProperty("agentId").GetString()));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (within.Status, after.Status));
        Assert.Equal(
            ["agent.orphaned", "agent.suspended"],
            (await signet.ActionsAsync(agent.Id)).Where(action => action is "agent.orphaned" or "agent.suspended"));
        Assert.Equal("active", (await nursery.FindAsync(other))["status"]);
        var metrics = await signet.MetricsAsync();
        Assert.Contains("signet_agents_orphaned_total 1", metrics, StringComparison.Ordinal);
        Assert.Contains("signet_agents_suspended_by_rule_total{reason=\"orphaned\"} 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_days_of_grace_it_is_suspended_at_once()
    {
        var agent = await nursery.ArmAsync(await nursery.RegisterAloneAsync(("owner", owner.Email)));
        var token = (await nursery.TokenAsync(agent))["access_token"];
        var set = await signet.CallAsync(HttpMethod.Patch, "/api/v1/tenant/settings", nursery.Key, new { orphan_grace_days = 0 });

        await LeaveAsync("deactivate");
        await Until.TrueAsync(async () => (await nursery.FindAsync(agent.Id))["status"] == "suspended", Ct);

        var browser = await signet.SignInAsync(nursery.Owner);
        Assert.Contains(agent.Id, (await browser.GetAsync("/console/agents?attention=orphaned")).Text, StringComparison.Ordinal);
        Assert.Contains("Nobody answers for this agent", (await browser.GetAsync($"/console/agents/{agent.Id}")).Text, StringComparison.Ordinal);
        Assert.Equal("0", set["orphan_grace_days"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", token)).Status);
        var resumed = await nursery.SetAsync(agent.Id, ("status", "active"));
        Assert.Equal((HttpStatusCode.Conflict, "AGENTS_ORPHANED"), (resumed.Status, resumed["code"]));
        // With another owner it may.
        Assert.Equal("active", (await nursery.SetAsync(agent.Id, ("owner", nursery.Owner.Email), ("status", "active")))["status"]);
    }

    [Fact]
    public async Task A_transfer_and_an_owner_who_comes_back_end_it()
    {
        var (given, kept) = (await nursery.RegisterAloneAsync(("owner", owner.Email)), "");
        await LeaveAsync("deactivate");
        await Until.TrueAsync(() => IsOrphanedAsync(given), Ct);
        await signet.CallAsync(HttpMethod.Post, "/api/v1/agents/transfer", nursery.Key, new { from = owner.Id.ToString(), to = nursery.Owner.Email });
        Assert.False(await IsOrphanedAsync(given));

        await LeaveAsync("reactivate");
        kept = await nursery.RegisterAloneAsync(("owner", owner.Email));
        await LeaveAsync("deactivate");
        await Until.TrueAsync(() => IsOrphanedAsync(kept), Ct);
        await LeaveAsync("reactivate");
        await Until.TrueAsync(async () => !await IsOrphanedAsync(kept), Ct);
        signet.Clock.Advance(TimeSpan.FromDays(30));
        await signet.GovernAsync();

        Assert.Equal(("active", "active"), ((await nursery.FindAsync(given))["status"], (await nursery.FindAsync(kept))["status"]));
        Assert.Contains("agent.owner_returned", await signet.ActionsAsync(kept));
    }

    [Fact]
    public async Task However_often_a_person_comes_and_goes_what_they_are_last_counts()
    {
        var agent = await nursery.RegisterAloneAsync(("owner", owner.Email));

        // Events of all of these are under way at once, to be handled in any order.
        for (var round = 0; round < 8; round++)
        {
            await LeaveAsync("deactivate");
            await LeaveAsync("reactivate");
        }

        await NoEventWaitsAsync();
        Assert.False(await IsOrphanedAsync(agent));
        await LeaveAsync("deactivate");
        await NoEventWaitsAsync();
        Assert.True(await IsOrphanedAsync(agent));
    }

    [Fact]
    public async Task The_hourly_look_finds_what_no_event_told_once_on_two_nodes()
    {
        await using var other = await signet.StartNodeAsync();
        var agent = await nursery.RegisterAloneAsync(("owner", owner.Email));
        // As if the event had been lost.
        await TestCluster.AdministerAsync($"update signet.users set state = 'deactivated' where user_id = '{owner.Id}'", signet.Database);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(number => (number % 2 == 0 ? signet : other).GovernAsync()));

        Assert.True(await IsOrphanedAsync(agent));
        Assert.Single(await signet.ActionsAsync(agent), action => action == "agent.orphaned");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(366)]
    public async Task Days_of_grace_out_of_range_are_refused(int days)
    {
        var answer = await signet.CallAsync(HttpMethod.Patch, "/api/v1/tenant/settings", nursery.Key, new { orphan_grace_days = days });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("orphan_grace_days", answer.Text, StringComparison.Ordinal);
    }

    private async Task LeaveAsync(string how)
    {
        var answer = how == "delete"
            ? await signet.CallAsync(HttpMethod.Delete, $"/api/v1/users/{owner.Id}", nursery.Key)
            : await signet.CallAsync(HttpMethod.Post, $"/api/v1/users/{owner.Id}/{how}", nursery.Key);
        Assert.True(answer.Status == HttpStatusCode.NoContent, answer.Text);
    }

    private async Task<bool> IsOrphanedAsync(string agent) => (await nursery.FindAsync(agent)).Text.Contains("\"orphanedAt\":\"", StringComparison.Ordinal);

    private Task NoEventWaitsAsync() => Until.TrueAsync(async () => await signet.Database.Db(signet.Clock).AcrossTenantsAsync(
        Signet.Platform.Outbox.Origin.OfOperator("test", "test"), "test",
        tx => tx.ScalarAsync<long>("""
            select (select count(*) from outbox) + (select count(*) from jobs where kind like 'event:governance.%' and state in ('queued', 'running'))
            """, null, Ct), Ct) == 0, Ct);
}
