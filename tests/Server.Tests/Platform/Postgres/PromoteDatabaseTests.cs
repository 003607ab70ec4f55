using Npgsql;
using Signet.Platform;
using Signet.Platform.Data;
using Signet.Platform.Migrations;
using Signet.Platform.Postgres;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Postgres;

public sealed class PromoteDatabaseTests
{
    private const string Script = """
        create table owners (tenant_id uuid not null, id bigint generated always as identity, name text, at timestamptz, raw bytea,
            shout text generated always as (upper(name)) stored, primary key (tenant_id, id));
        create table a_pets (tenant_id uuid not null, id int, owner_id bigint, parent int, primary key (tenant_id, id),
            foreign key (tenant_id, owner_id) references owners, foreign key (tenant_id, parent) references a_pets);
        alter table owners enable row level security; alter table owners force row level security;
        alter table a_pets enable row level security; alter table a_pets force row level security;
        create policy tenant on owners to {app} using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
        create table seeds (word text primary key);
        insert into seeds values ('seeded by the migration');
        create table events (at timestamptz not null, what text) partition by range (at);
        create table events_all partition of events default;
        """;

    private const string Rows = """
        alter table owners no force row level security; alter table a_pets no force row level security;
        insert into owners (tenant_id, name, at, raw)
            select '00000000-0000-7000-8000-000000000001', 'n' || n, timestamptz '2026-01-01' + n * interval '1 second', decode(md5(n::text), 'hex')
              from generate_series(1, 2000) as n;
        insert into a_pets select tenant_id, id, id, nullif(id - 1, 0) from owners;
        insert into events select at, name from owners;
        alter table owners force row level security; alter table a_pets force row level security;
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_arrives_whole_and_the_walls_stand_again()
    {
        await using var source = await TestDatabase.CreateWithAsync(Script);
        await using var target = await TestDatabase.CreateEmptyAsync();
        await RunAsync(source, Rows);

        var done = Assert.IsType<Promotion.Done>(await PromoteAsync(source, target));

        Assert.Equal([("events", 2000L), ("owners", 2000L), ("seeds", 1L), ("a_pets", 2000L)], done.Tables.Select(t => (t.Name, t.Rows)));
        Assert.Equal("2000", await ScalarAsync(target, "select last_value::text from owners_id_seq"));
        Assert.Equal("a_pets owners", await ScalarAsync(
            target, "select string_agg(relname, ' ' order by relname) from pg_class where relforcerowsecurity"));
        Assert.Equal("a_pets owners", await ScalarAsync(
            source, "select string_agg(relname, ' ' order by relname) from pg_class where relforcerowsecurity"));
        Assert.Equal("N7", await Unwalled(target, "select shout from owners where name = 'n7'"));
    }

    [Fact]
    public async Task A_target_with_tables_is_refused_and_left_alone()
    {
        await using var source = await TestDatabase.CreateWithAsync(Script);
        await using var target = await TestDatabase.CreateWithAsync("create table theirs (id int);");

        var refused = await PromoteAsync(source, target);

        Assert.Equal("signet", Assert.IsType<Promotion.TargetNotEmpty>(refused).Schema);
        Assert.Equal("theirs", await ScalarAsync(target, "select to_regclass('theirs')::text"));
    }

    [Fact]
    public async Task A_table_that_arrives_otherwise_is_named_and_nothing_stays()
    {
        await using var source = await TestDatabase.CreateWithAsync(Script);
        await using var target = await TestDatabase.CreateEmptyAsync();
        await RunAsync(source, Rows);
        // Stands for a server that stores something else than it was given: microseconds cut to seconds.
        var lossy = Script.Replace("at timestamptz not null, what", "at timestamptz(0) not null, what", StringComparison.Ordinal);
        await RunAsync(source, "update events set at = at + interval '0.25 second' where what = 'n1'");

        var differs = Assert.IsType<Promotion.Differs>(await PromoteAsync(source, target, lossy));

        Assert.Equal("events", differs.Name);
        Assert.Null(await ScalarAsync(target, "select to_regclass('owners')::text"));
    }

    [Fact]
    public async Task A_row_that_is_missing_at_the_target_is_noticed()
    {
        await using var source = await TestDatabase.CreateWithAsync(Script);
        await using var target = await TestDatabase.CreateEmptyAsync();
        await RunAsync(source, Rows);
        var dropping = Script + """
            create function drop_some() returns trigger language plpgsql as $$ begin return case when new.what = 'n3' then null else new end; end $$;
            create trigger drop_some before insert on events_all for each row execute function drop_some();
            alter table events_all enable always trigger drop_some;
            """;

        var differs = Assert.IsType<Promotion.Differs>(await PromoteAsync(source, target, dropping));

        Assert.Equal("events", differs.Name);
        Assert.StartsWith("1999 rows", differs.Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_is_not_up_to_date_is_refused()
    {
        await using var source = await TestDatabase.CreateEmptyAsync();
        await using var target = await TestDatabase.CreateEmptyAsync();

        var refused = await PromoteDatabase.RunAsync(source.Database, target.Database, TimeProvider.System, progress: null, Ct);

        Assert.IsType<Promotion.SourceRefused>(refused);
    }

    [Fact]
    public async Task The_database_of_this_build_can_be_promoted()
    {
        await using var source = await TestDatabase.CreateAsync();
        await using var target = await TestDatabase.CreateEmptyAsync();

        Assert.IsType<Promotion.Done>(await PromoteDatabase.RunAsync(source.Database, target.Database, TimeProvider.System, progress: null, Ct));
    }

    [Fact]
    public void Tables_that_refer_in_a_circle_are_refused_by_name()
    {
        var refused = Assert.Throws<StartRefusedException>(() => TableCopies.Order(["a", "b"], [new("a", "b"), new("b", "a")]));

        Assert.Contains("a, b", refused.Message, StringComparison.Ordinal);
    }

    private static Task<Promotion> PromoteAsync(TestDatabase source, TestDatabase target, string script = Script) => PromoteDatabase.RunAsync(
        source.Database, target.Database,
        new Migrator(target.Database, TimeProvider.System, [Migration.Parse("0001_test.sql", System.Text.Encoding.UTF8.GetBytes(script))]), progress: null, Ct);

    private static async Task<string?> Unwalled(TestDatabase test, string sql)
    {
        await RunAsync(test, "alter table owners no force row level security");
        return await ScalarAsync(test, sql);
    }

    private static async Task RunAsync(TestDatabase test, string sql)
    {
        await using var connection = await test.Database.For(DatabaseRole.Owner).OpenConnectionAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static async Task<string?> ScalarAsync(TestDatabase test, string sql)
    {
        await using var connection = await test.Database.For(DatabaseRole.Owner).OpenConnectionAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct) as string;
    }
}
