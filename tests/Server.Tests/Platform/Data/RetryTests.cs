using Npgsql;
using Signet.Platform.Data;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Data;

public sealed class RetryTests(DataFixture fixture) : IClassFixture<DataFixture>
{
    private readonly Db db = fixture.Test.Db();
    private readonly TenantId tenant = DataFixture.NewTenant();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_sides_of_a_deadlock_succeed_in_the_end()
    {
        await db.AsSystemAsync(tx => tx.ExecuteAsync("insert into counters values ('left', 0), ('right', 0)", null, Ct), Ct);
        using var bothHoldOne = new Barrier(2);
        var meet = 2;

        async Task CountAsync(string first, string second) => await Task.Run(() => db.InTenantAsync(tenant, async tx =>
        {
            await tx.ExecuteAsync("update counters set value = value + 1 where name = @first", new { first }, Ct);
            if (Interlocked.Decrement(ref meet) >= 0)
            {
                bothHoldOne.SignalAndWait(Ct);
            }

            await tx.ExecuteAsync("update counters set value = value + 1 where name = @second", new { second }, Ct);
        }, Ct), Ct);

        await Task.WhenAll(CountAsync("left", "right"), CountAsync("right", "left"));

        Assert.Equal([2, 2], await db.AsSystemAsync(tx => tx.ListAsync<int>("select value from counters where name in ('left', 'right')", null, Ct), Ct));
    }

    [Fact]
    public async Task A_lost_serialization_race_is_run_again()
    {
        var runs = 0;

        await db.InTenantAsync(tenant, async tx =>
        {
            await DataFixture.AddNoteAsync(tx, $"run {++runs}", Ct);
            if (runs < 3)
            {
                await LoseAsync(tx);
            }
        }, Ct);

        Assert.Equal(["run 3"], await db.InTenantAsync(tenant, tx => DataFixture.ListNotesAsync(tx, Ct), Ct));
    }

    [Fact]
    public async Task A_race_that_is_always_lost_ends()
    {
        var runs = 0;

        var lost = await Assert.ThrowsAsync<PostgresException>(() => db.InTenantAsync(tenant, tx =>
        {
            runs++;
            return LoseAsync(tx);
        }, Ct));

        Assert.Equal((PostgresErrorCodes.SerializationFailure, 4), (lost.SqlState, runs));
    }

    [Fact]
    public async Task Work_is_run_again_when_its_connection_dies_before_the_commit()
    {
        var runs = 0;

        await db.InTenantAsync(tenant, async tx =>
        {
            await DataFixture.AddNoteAsync(tx, $"run {++runs}", Ct);
            if (runs == 1)
            {
                await EndAsync(await tx.GetAsync<int>("select pg_backend_pid()", null, Ct));
                await tx.ExecuteAsync("select 1", null, Ct);
            }
        }, Ct);

        Assert.Equal(["run 2"], await db.InTenantAsync(tenant, tx => DataFixture.ListNotesAsync(tx, Ct), Ct));
    }

    [Fact]
    public async Task Work_is_not_run_again_when_its_connection_dies_in_the_commit()
    {
        var runs = 0;

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => db.InTenantAsync(tenant, async tx =>
        {
            runs++;
            await DataFixture.AddNoteAsync(tx, "who knows", Ct);
            tx.Defer("set local role none", null);
            tx.Defer("select pg_terminate_backend(pg_backend_pid())", null);
        }, Ct));

        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Pooled_connections_that_died_unused_trouble_nobody()
    {
        var pids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => db.InTenantAsync(tenant, tx => tx.GetAsync<int>(
            "select pg_backend_pid() from pg_sleep(0.1)", null, Ct), Ct)));
        foreach (var pid in pids)
        {
            await EndAsync(pid);
        }

        Assert.Equal(1, await db.InTenantAsync(tenant, tx => tx.GetAsync<int>("select 1", null, Ct), Ct));
        Assert.Equal([1], await db.ListInTenantAsync<int>(tenant, "select 1", null, Ct));
    }

    private static Task<int> LoseAsync(Tx tx) => tx.ExecuteAsync("do $$ begin raise sqlstate '40001'; end $$", null, Ct);

    private static Task EndAsync(int backend) => TestCluster.AdministerAsync($"select pg_terminate_backend({backend}, 5000)");
}
