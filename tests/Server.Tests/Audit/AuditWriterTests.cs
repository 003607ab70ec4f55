using Signet.Server.Audit;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Audit;

public sealed class AuditWriterTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_parallel_records_are_each_there_once()
    {
        await using var audit = new TestAudit(database);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Task.Run(
            () => audit.Writer.RecordAsync(audit.Tenant, TestAudit.Origin, new DoorOpened($"door-{i}", i), Ct), Ct)));

        var doors = await audit.ListAsync<string>("select target_id from audit_events where tenant_id = @tenant");
        Assert.Equal(1000, doors.Count);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"door-{i}").Order(), doors.Order());
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_when_the_connection_is_killed_under_load()
    {
        await using var audit = new TestAudit(database);
        var acknowledged = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var enough = new CancellationTokenSource();

        var callers = Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                try
                {
                    await audit.Writer.RecordAsync(audit.Tenant, TestAudit.Origin, new DoorOpened($"{caller}-{i}", i), Ct);
                    acknowledged.Add($"{caller}-{i}");
                }
                catch (AuditUnavailableException)
                {
                    // Refused, and so not acknowledged.
                }
            }
        }, Ct)).ToList();
        for (var kill = 1; kill <= 5; kill++)
        {
            var wanted = acknowledged.Count + 200;
            await Until.TrueAsync(() => acknowledged.Count >= wanted, Ct);
            await audit.TamperAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'signet system' and datname = current_database()");
        }

        await Until.TrueAsync(() => acknowledged.Count >= 1500, Ct);
        await enough.CancelAsync();
        await Task.WhenAll(callers);

        var doors = await audit.ListAsync<string>("select target_id from audit_events where tenant_id = @tenant");
        Assert.Equal(doors.Count, doors.Distinct().Count());
        Assert.Empty(acknowledged.Except(doors));
    }

    [Fact]
    public async Task Nothing_is_acknowledged_while_the_database_refuses()
    {
        await using var own = await TestDatabase.CreateAsync();
        await using var audit = new TestAudit(own);
        await audit.TamperAsync("alter table audit_events rename to elsewhere");

        await Assert.ThrowsAsync<AuditUnavailableException>(
            () => audit.Writer.RecordAsync(audit.Tenant, TestAudit.Origin, new DoorOpened("front", 1), Ct));
        await audit.TamperAsync("alter table elsewhere rename to audit_events");
        await audit.Writer.RecordAsync(audit.Tenant, TestAudit.Origin, new DoorOpened("back", 1), Ct);

        Assert.Equal(["back"], await audit.ListAsync<string>("select target_id from audit_events where tenant_id = @tenant"));
    }

    [Fact]
    public async Task A_record_the_database_refuses_leaves_its_neighbours_alone()
    {
        await using var own = await TestDatabase.CreateAsync();
        await using var audit = new TestAudit(own);
        await audit.TamperAsync("alter table audit_events add check (target_id <> 'refused')");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            try
            {
                await audit.Writer.RecordAsync(audit.Tenant, TestAudit.Origin, new DoorOpened(i == 50 ? "refused" : $"door-{i}", i), Ct);
                return true;
            }
            catch (AuditUnavailableException)
            {
                return false;
            }
        }));

        Assert.Equal([50], outcomes.Index().Where(o => !o.Item).Select(o => o.Index));
        Assert.Equal(99, await audit.Db.InTenantAsync(audit.Tenant, tx => tx.ScalarAsync<long>("select count(*) from audit_events", null, Ct), Ct));
    }

    [Theory]
    [InlineData("nul\0inside")]
    [InlineData("lone\uD800surrogate")]
    [InlineData("")]
    public async Task Any_text_of_a_stranger_can_be_recorded(string text)
    {
        await using var audit = new TestAudit(database);

        await audit.Writer.RecordAsync(audit.Tenant, TestAudit.Origin with { ActorId = text, UserAgent = text, RequestId = text }, new DoorOpened(text, 1), Ct);
        await audit.Writer.RecordAsync(
            audit.Tenant, TestAudit.Origin, new DoorOpened(string.Concat(Enumerable.Repeat(text + "😀", 5000)), 2), Ct);

        Assert.True((await audit.VerifyAsync()).Verified);
        Assert.Equal(2, (await audit.VerifyAsync()).Unsealed);
    }

    [Fact]
    public async Task Events_of_many_tenants_share_a_commit_and_keep_apart()
    {
        await using var audit = new TestAudit(database);
        await using var other = new TestAudit(database);

        await Task.WhenAll(
            audit.Writer.RecordAsync(audit.Tenant, TestAudit.Origin, new DoorOpened("ours", 1), Ct),
            audit.Writer.RecordAsync(other.Tenant, TestAudit.Origin, new DoorOpened("theirs", 1), Ct));

        Assert.Equal(["ours"], await audit.ListAsync<string>("select target_id from audit_events"));
        Assert.Equal(["theirs"], await other.ListAsync<string>("select target_id from audit_events"));
    }
}
