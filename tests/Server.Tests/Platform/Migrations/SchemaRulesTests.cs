using Npgsql;
using Signet.Platform.Data;
using Signet.Platform.Migrations;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Migrations;

/// <summary>Rules for every table that a migration makes; each walk is also shown to find an offender.</summary>
public sealed class SchemaRulesTests(TestDatabase built) : IClassFixture<TestDatabase>
{
    // A partition that the application may touch directly needs a wall of its own; else that of its parent holds.
    private const string UnwalledTables = """
        select c.relname || case when not (c.relrowsecurity and c.relforcerowsecurity) then ' lacks forced row security'
                                 else ' has a primary key that does not begin with tenant_id' end
          from pg_class c
          join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
          left join pg_index i on i.indrelid = c.oid and i.indisprimary
         where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
           and (not c.relispartition or has_table_privilege(@app, c.oid, 'select, insert, update, delete'))
           and (not (c.relrowsecurity and c.relforcerowsecurity) or i.indkey[0] is distinct from a.attnum)
         order by 1
        """;

    // audit_retention is a tenant's setting and holds no record.
    private const string PowersOfTheApplication = """
        select 'may make tables' where has_schema_privilege(@app, current_schema(), 'create')
        union all
        select relname || ' is its own' from pg_class where relnamespace = current_schema()::regnamespace and pg_get_userbyid(relowner) = @app
        union all
        select relname || ' is open to ' || privilege
          from pg_class, unnest(array['update', 'delete', 'truncate']) as privilege
         where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and relname like 'audit\_%' and relname <> 'audit_retention'
           and (has_table_privilege(@app, oid, privilege)
                or (privilege = 'update' and has_any_column_privilege(@app, oid, privilege)))
        order by 1
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_tenant_table_is_walled_and_distributable() => Assert.Empty(await WalkAsync(built, UnwalledTables));

    [Fact]
    public async Task The_application_has_no_ddl_and_only_adds_to_the_audit_log() => Assert.Empty(await WalkAsync(built, PowersOfTheApplication));

    [Fact]
    public async Task Roles_of_the_server_neither_log_in_nor_pass_by_row_security() => Assert.Empty(await WalkAsync(built, """
        select rolname::text from pg_roles
         where rolname in (@app, @system) and (rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)
        """));

    [Fact]
    public async Task The_walk_names_tables_without_a_wall_or_with_another_key()
    {
        await using var offending = await TestDatabase.CreateWithAsync("""
            create table bare (tenant_id uuid not null, id int, primary key (tenant_id, id));
            create table unforced (tenant_id uuid not null, id int, primary key (tenant_id, id));
            alter table unforced enable row level security;
            create table keyed_otherwise (id int, tenant_id uuid not null, primary key (id, tenant_id));
            alter table keyed_otherwise enable row level security; alter table keyed_otherwise force row level security;
            create table keyless (tenant_id uuid not null);
            alter table keyless enable row level security; alter table keyless force row level security;
            """);

        Assert.Equal(
            [
                "bare lacks forced row security",
                "keyed_otherwise has a primary key that does not begin with tenant_id",
                "keyless has a primary key that does not begin with tenant_id",
                "unforced lacks forced row security",
            ],
            await WalkAsync(offending, UnwalledTables));
    }

    [Fact]
    public async Task The_walk_names_powers_the_application_should_not_have()
    {
        await using var offending = await TestDatabase.CreateWithAsync("""
            create table audit_records (id int, note text); grant select, insert, update (note), delete on audit_records to {app};
            grant create on schema signet to {app};
            """);

        Assert.Equal(
            ["audit_records is open to delete", "audit_records is open to update", "may make tables"],
            await WalkAsync(offending, PowersOfTheApplication));
    }

    [Fact]
    public void Migrations_are_numbered_without_a_repeat() =>
        Assert.Equal(Migration.Embedded.Select(m => m.Version).Distinct().Order(), Migration.Embedded.Select(m => m.Version));

    private static async Task<List<string>> WalkAsync(TestDatabase test, string sql)
    {
        await using var connection = await test.Database.For(DatabaseRole.Owner).OpenConnectionAsync(Ct);
        await using var batch = new NpgsqlBatch(connection);
        Tx.AddTo(batch, sql, new { app = test.Address.ApplicationRole, system = test.Address.SystemRole });
        return await Tx.ReadAsync<string>(batch, skip: 0, Ct);
    }
}
