using Signet.Server.Audit;
using Signet.Server.Audit.Storage;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Audit;

public sealed class PruneAuditTests : IAsyncLifetime
{
    private readonly TestClock clock = new();
    private TestDatabase database = null!;
    private TestAudit audit = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        audit = new TestAudit(database, clock);
        await audit.SealDoorsAsync(5);
        await audit.SealAllAsync();
        clock.Advance(TimeSpan.FromDays(10));
        await audit.SealDoorsAsync(4);
    }

    public async ValueTask DisposeAsync()
    {
        await audit.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_rule_everything_is_kept()
    {
        Assert.Equal(0, await audit.Prune.RunAsync(Ct));
        Assert.Empty(await audit.ListAsync<Guid>("select id from audit_events where content is null"));
    }

    [Fact]
    public async Task Old_records_are_emptied_and_the_log_still_verifies()
    {
        await KeepForAsync(7);

        Assert.Equal(6, await audit.Prune.RunAsync(Ct));

        var stored = await audit.VerifyAsync();
        Assert.Empty(stored.Faults);
        Assert.Equal(6, stored.Pruned);
        var exported = await audit.VerifyExportAsync(await audit.ExportTextAsync());
        Assert.Empty(exported.Faults);
        Assert.Equal(6, exported.Pruned);
    }

    [Fact]
    public async Task An_emptied_record_keeps_nothing_but_its_proof()
    {
        await KeepForAsync(7);
        await audit.Prune.RunAsync(Ct);

        var row = (await audit.ListAsync<LogRow>($"select {LogRow.Columns} from audit_events where position = 2"))[0];

        Assert.Equal(
            row with { Content = null, Action = null, Outcome = null, ActorKind = null, ActorId = null, TargetKind = null, TargetId = null, RequestId = null },
            row);
        Assert.NotNull(await ProveInclusion.RunAsync(audit.Db, audit.Tenant, row, Ct));
        Assert.True((await audit.Find.RunAsync(audit.Tenant, row.Id, Ct))!.Verification.Verified);
        Assert.DoesNotContain((await ListAudit.RunAsync(audit.Db, audit.Tenant, new ListAudit.Filter(), null, 50, Ct)).Entries, entry => entry.Id == row.Id);
    }

    [Fact]
    public async Task What_was_emptied_is_on_record()
    {
        await KeepForAsync(7);

        await audit.Prune.RunAsync(Ct);

        var entry = Assert.Single((await ListAudit.RunAsync(audit.Db, audit.Tenant, new ListAudit.Filter(Action: "audit.pruned"), null, 50, Ct)).Entries);
        var content = (await audit.Find.RunAsync(audit.Tenant, entry.Id, Ct))!.Content!.Value;
        Assert.Equal(6, content.GetProperty("data").GetProperty("records").GetInt64());
        Assert.Equal(5, content.GetProperty("data").GetProperty("up_to").GetInt64());
    }

    [Fact]
    public async Task A_second_run_finds_nothing_to_do()
    {
        await KeepForAsync(7);
        await audit.Prune.RunAsync(Ct);

        Assert.Equal(0, await audit.Prune.RunAsync(Ct));
    }

    [Fact]
    public async Task A_hash_altered_after_it_was_emptied_is_named()
    {
        await KeepForAsync(7);
        await audit.Prune.RunAsync(Ct);
        await audit.TamperAsync("update audit_events set leaf_hash = repeat('x', 32)::bytea where tenant_id = {tenant} and position = 2");

        var fault = Assert.Single((await audit.VerifyAsync()).Faults);

        Assert.Equal((AuditFaultKind.Altered, (long?)2), (fault.Kind, fault.From));
    }

    [Fact]
    public async Task Old_checkpoints_are_thinned_to_one_an_hour_and_the_log_still_verifies()
    {
        clock.Advance(TimeSpan.FromDays(2));

        await audit.Prune.RunAsync(Ct);

        Assert.Equal([6L, 10L], await audit.ListAsync<long>("select size from audit_checkpoints order by size"));
        Assert.True((await audit.VerifyAsync()).Verified);
    }

    private Task KeepForAsync(int days) => audit.Db.InTenantAsync(audit.Tenant, tx => Retention.SetAsync(tx, audit.Tenant, days, Ct), Ct);
}
