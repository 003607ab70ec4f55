using Npgsql;
using Signet.Server.Audit;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Audit;

public sealed class RecordOnCommitTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_commits_with_its_transaction()
    {
        await using var audit = new TestAudit(database);

        await audit.RecordAsync(new DoorOpened("front", 1), new DoorOpened("back", 2));

        var page = await ListAudit.RunAsync(audit.Db, audit.Tenant, new ListAudit.Filter(), null, 50, Ct);
        Assert.Equal(["back", "front"], page.Entries.Select(entry => entry.TargetId).Order());
        Assert.All(page.Entries, entry => Assert.Equal("doors.opened", entry.Action));
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task A_record_rolls_back_with_its_transaction()
    {
        await using var audit = new TestAudit(database);

        await Assert.ThrowsAsync<PostgresException>(() => audit.Db.InTenantAsync(audit.Tenant, async tx =>
        {
            tx.Emit(TestAudit.Origin, new DoorOpened("front", 1));
            await tx.ExecuteAsync("select 1 / 0", null, Ct);
        }, Ct));

        Assert.Empty(await audit.ListAsync<Guid>("select id from audit_events"));
    }

    [Fact]
    public async Task Nothing_commits_that_can_not_be_recorded()
    {
        await using var own = await TestDatabase.CreateAsync();
        await using var audit = new TestAudit(own);
        await audit.TamperAsync("alter table audit_events add check (target_id <> 'refused')");

        await Assert.ThrowsAsync<PostgresException>(() => audit.Db.InTenantAsync(audit.Tenant, async tx =>
        {
            await tx.ExecuteAsync("insert into audit_retention (tenant_id, days) values (@tenant, 7)", new { tenant = audit.Tenant }, Ct);
            tx.Emit(TestAudit.Origin, new DoorOpened("refused", 1));
        }, Ct));

        Assert.Empty(await audit.ListAsync<int>("select days from audit_retention"));
    }

    [Theory]
    [InlineData("update audit_events set action = 'other'")]
    [InlineData("update audit_events set position = 7")]
    [InlineData("update audit_events set content = null")]
    [InlineData("delete from audit_events")]
    [InlineData("truncate audit_events")]
    [InlineData("update audit_tiles set hashes = hashes")]
    [InlineData("delete from audit_checkpoints")]
    [InlineData("insert into audit_keys (tenant_id, key, mac, introduced_at) values (gen_random_uuid(), 'k', repeat('m', 32)::bytea, now())")]
    [InlineData("insert into audit_checkpoints (tenant_id, size, root, note, signed_at) values (gen_random_uuid(), 1, repeat('r', 32)::bytea, '', now())")]
    public async Task The_application_can_only_add_and_read(string sql)
    {
        await using var audit = new TestAudit(database);
        await audit.RecordAsync(new DoorOpened("front", 1));

        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => audit.Db.InTenantAsync(audit.Tenant, tx => tx.ExecuteAsync(sql, null, Ct), Ct));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Theory]
    [InlineData("update audit_events set content = 'other'::bytea where position is null")]
    [InlineData("update audit_events set position = 77 where position is not null")]
    [InlineData("update audit_events set content = null, action = null, outcome = null, actor_kind = null, actor_id = null, target_kind = null, target_id = null, request_id = null where position is null")]
    [InlineData("update audit_events set leaf_hash = leaf_hash")]
    [InlineData("update audit_events set mac = mac")]
    [InlineData("delete from audit_events")]
    public async Task Not_even_the_system_role_can_rewrite_a_record(string sql)
    {
        await using var audit = new TestAudit(database);
        await audit.SealDoorsAsync(1);
        await audit.RecordAsync(new DoorOpened("back", 1));

        await Assert.ThrowsAsync<PostgresException>(() => audit.Db.AsSystemAsync(tx => tx.ExecuteAsync(sql, null, Ct), Ct));

        await audit.SealAllAsync();
        Assert.True((await audit.VerifyAsync()).Verified);
    }

    [Fact]
    public async Task The_application_can_not_give_a_record_its_position()
    {
        await using var audit = new TestAudit(database);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => audit.Db.InTenantAsync(audit.Tenant, tx => tx.ExecuteAsync("""
            insert into audit_events (tenant_id, id, recorded_at, leaf_hash, mac, mac_version, position)
            values (@tenant, gen_random_uuid(), now(), repeat('l', 32)::bytea, repeat('m', 32)::bytea, 1, 0)
            """, new { tenant = audit.Tenant }, Ct), Ct));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Another_tenant_sees_nothing_of_it()
    {
        await using var audit = new TestAudit(database);
        await using var other = new TestAudit(database);
        await audit.SealDoorsAsync(3);
        var id = (await audit.ListAsync<Guid>("select id from audit_events"))[0];

        Assert.Empty(await other.ListAsync<Guid>("select id from audit_events"));
        Assert.Null(await other.Find.RunAsync(other.Tenant, id, Ct));
        Assert.Empty(await other.ListAsync<long>("select size from audit_checkpoints"));
        Assert.Empty(await other.ListAsync<long>("select index from audit_tiles"));
        Assert.NotNull(await audit.Find.RunAsync(audit.Tenant, id, Ct));
    }

    [Fact]
    public async Task A_record_across_tenants_belongs_to_whom_it_names()
    {
        await using var audit = new TestAudit(database);

        await audit.Db.AsSystemAsync(tx =>
        {
            tx.EmitFor(audit.Tenant, TestAudit.Origin, new DoorOpened("front", 1));
            return Task.CompletedTask;
        }, Ct);

        Assert.Equal(["front"], await audit.ListAsync<string>("select target_id from audit_events"));
    }
}
