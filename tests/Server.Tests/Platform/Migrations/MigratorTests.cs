using System.Text;
using Npgsql;
using Signet.Platform;
using Signet.Platform.Data;
using Signet.Platform.Migrations;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Migrations;

public sealed class MigratorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pending_steps_are_applied_in_order_and_once()
    {
        await using var test = await TestDatabase.CreateEmptyAsync();
        var migrator = Migrator(test, One, Two);

        var before = await migrator.GetStateAsync(Ct);
        var applied = await migrator.ApplyAsync(Ct);
        var again = await migrator.ApplyAsync(Ct);

        Assert.Equal([One, Two], Assert.IsType<MigrationState.Pending>(before).Migrations);
        Assert.Equal([One, Two], applied);
        Assert.Empty(again);
        Assert.Equal(new MigrationState.UpToDate(2), await migrator.GetStateAsync(Ct));
    }

    [Fact]
    public async Task Runners_in_parallel_apply_each_step_once()
    {
        await using var test = await TestDatabase.CreateEmptyAsync();

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrator(test, One, Two).ApplyAsync(Ct)));

        Assert.Equal(2, applied.Sum(a => a.Count));
    }

    [Fact]
    public async Task The_roles_of_two_databases_can_be_made_at_once()
    {
        var schema = $"race_{Guid.NewGuid():N}";
        TestDatabase[] tests = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TestDatabase.CreateEmptyAsync(schema)));

        await Task.WhenAll(tests.Select(test => Migrator(test, One).ApplyAsync(Ct)));

        foreach (var test in tests)
        {
            Assert.Equal(0, await test.Db().InTenantAsync(TenantId.Default, tx => tx.ScalarAsync<int>("select count(*) from things", null, Ct), Ct));
            await test.DisposeAsync();
        }

        await TestCluster.AdministerAsync($"drop role {schema}_app");
        await TestCluster.AdministerAsync($"drop role {schema}_system");
    }

    [Fact]
    public async Task An_edited_step_is_named()
    {
        await using var test = await TestDatabase.CreateEmptyAsync();
        await Migrator(test, One, Two).ApplyAsync(Ct);
        var edited = Migrator(test, One, Step("0002_more.sql", Two.Sql + " "));

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => edited.ApplyAsync(Ct));

        Assert.Equal(new MigrationState.Altered(2), await edited.GetStateAsync(Ct));
        Assert.Contains("0002", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_build_is_refused()
    {
        await using var test = await TestDatabase.CreateEmptyAsync();
        await Migrator(test, One, Two).ApplyAsync(Ct);
        var older = Migrator(test, One);

        await Assert.ThrowsAsync<StartRefusedException>(() => older.ApplyAsync(Ct));

        Assert.Equal(new MigrationState.TooNew(2), await older.GetStateAsync(Ct));
        await Assert.ThrowsAsync<StartRefusedException>(() => older.RequireUpToDateAsync(applyPending: true, Ct));
    }

    [Fact]
    public async Task A_step_that_fails_leaves_nothing_but_its_row_and_can_be_repeated()
    {
        await using var test = await TestDatabase.CreateEmptyAsync();
        var broken = Migrator(test, One, Step("0002_more.sql", "create table half (id int); select 1 / 0;"));

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => broken.ApplyAsync(Ct));

        Assert.Contains("0002_more", refused.Message, StringComparison.Ordinal);
        Assert.Equal(new MigrationState.Failed(2, "more"), await broken.GetStateAsync(Ct));
        Assert.Null(await OwnerScalarAsync(test, "select to_regclass('half')::text"));
        Assert.Equal([Two], await Migrator(test, One, Two).ApplyAsync(Ct));
        Assert.IsType<MigrationState.UpToDate>(await Migrator(test, One, Two).GetStateAsync(Ct));
    }

    [Fact]
    public async Task A_server_refuses_pending_steps_unless_the_database_is_its_own()
    {
        await using var test = await TestDatabase.CreateEmptyAsync();
        var migrator = Migrator(test, One);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => migrator.RequireUpToDateAsync(applyPending: false, Ct));
        await migrator.RequireUpToDateAsync(applyPending: true, Ct);

        Assert.Contains("signet migrate up", refused.Message, StringComparison.Ordinal);
        await migrator.RequireUpToDateAsync(applyPending: false, Ct);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("Auth-1")]
    public async Task Everything_goes_into_the_configured_schema(string schema)
    {
        await using var test = await TestDatabase.CreateEmptyAsync(schema);

        await Migrator(test, One, Two).ApplyAsync(Ct);

        Assert.Equal($"{schema}_app", await test.Db().InTenantAsync(TenantId.Default, tx => tx.ScalarAsync<string>("select current_user::text", null, Ct), Ct));
        Assert.Equal([schema], await ListAsync<string>(test, """
            select distinct n.nspname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
            """));
    }

    [Fact]
    public async Task A_schema_and_roles_that_an_administrator_made_are_used()
    {
        await using var test = await TestDatabase.CreateEmptyAsync("prepared");
        await TestCluster.AdministerAsync("""
            drop role if exists prepared_app, prepared_system;
            create role prepared_app; create role prepared_system; grant prepared_app, prepared_system to signet
            """);
        await TestCluster.AdministerAsync("create schema prepared authorization signet", test);

        var applied = await Migrator(test, One).ApplyAsync(Ct);

        Assert.Equal([One], applied);
    }

    private static readonly Migration One = Step("0001_things.sql", "create table things (id int primary key); grant select on things to {app};");
    private static readonly Migration Two = Step("0002_more.sql", "create table more (id int primary key); grant select on more to {system};");

    private static Migration Step(string file, string sql) => Migration.Parse(file, Encoding.UTF8.GetBytes(sql));

    private static Migrator Migrator(TestDatabase test, params Migration[] steps) => new(test.Database, TimeProvider.System, steps);

    private static async Task<List<T>> ListAsync<T>(TestDatabase test, string sql)
    {
        await using var connection = await test.Database.For(DatabaseRole.Owner).OpenConnectionAsync(Ct);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(sql) } };
        return await Tx.ReadAsync<T>(batch, skip: 0, Ct);
    }

    private static async Task<string?> OwnerScalarAsync(TestDatabase test, string sql) => (await ListAsync<string>(test, sql))[0];
}
