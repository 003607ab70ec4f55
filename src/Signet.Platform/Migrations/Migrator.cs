using System.Data;
using Npgsql;
using Signet.Platform.Data;

namespace Signet.Platform.Migrations;

/// <summary>
/// Brings the schema to this build's version: each step in one transaction with its row in <c>schema_migrations</c>, one runner at a time.
/// Refuses a database that a newer build has migrated, and one whose applied steps differ from the files.
/// </summary>
public sealed class Migrator(Database database, TimeProvider time, IReadOnlyList<Migration> migrations)
{
    public Migrator(Database database, TimeProvider time) : this(database, time, Migration.Embedded)
    {
    }

    /// <summary>Reads only: works for an account that may not migrate.</summary>
    public async Task<MigrationState> GetStateAsync(CancellationToken ct) => Judge(await ListAppliedAsync(ct));

    /// <summary>What has been run on this database, in order; empty where nothing has.</summary>
    public async Task<IReadOnlyList<AppliedMigration>> ListAppliedAsync(CancellationToken ct)
    {
        await using var connection = await database.For(DatabaseRole.Owner).OpenConnectionAsync(ct);
        return await ListAppliedAsync(connection, ct);
    }

    /// <summary>Applies what is pending and tells which steps those were. Runners in parallel wait for one another.</summary>
    /// <exception cref="StartRefusedException">The database is too new or altered, or a step failed.</exception>
    public async Task<IReadOnlyList<Migration>> ApplyAsync(CancellationToken ct)
    {
        await using var connection = await database.For(DatabaseRole.Owner).OpenConnectionAsync(ct);
        // However long the other runner takes; the token is what ends the wait.
        await RunAsync(connection, "set lock_timeout = 0", ct);
        await LockAsync(connection, "pg_advisory_lock", ct);
        try
        {
            await RunAsync(connection, "set lock_timeout = '60s'", ct);
            await SchemaRoles.EnsureAsync(connection, database.Address, ct);
            return await ApplyPendingAsync(connection, ct);
        }
        finally
        {
            if (connection.State is ConnectionState.Open)
            {
                await LockAsync(connection, "pg_advisory_unlock", CancellationToken.None);
            }
        }
    }

    /// <summary>Returns when the schema may be served; refuses otherwise. The embedded database is ours to migrate, an external one its operator's.</summary>
    public async Task RequireUpToDateAsync(bool applyPending, CancellationToken ct)
    {
        var state = await GetStateAsync(ct);
        if (applyPending && state is MigrationState.Pending or MigrationState.Failed)
        {
            await ApplyAsync(ct);
            state = await GetStateAsync(ct);
        }

        if (state is not MigrationState.UpToDate)
        {
            throw new StartRefusedException(state.Advice);
        }
    }

    private MigrationState Judge(IReadOnlyList<AppliedMigration> rows)
    {
        foreach (var row in rows)
        {
            if (row.Version > Latest)
            {
                return new MigrationState.TooNew(row.Version);
            }

            if (row.IsApplied && migrations.FirstOrDefault(m => m.Version == row.Version)?.Checksum != row.Checksum)
            {
                return new MigrationState.Altered(row.Version);
            }

            if (!row.IsApplied)
            {
                return new MigrationState.Failed(row.Version, row.Name);
            }
        }

        Migration[] pending = [.. Pending(rows)];
        return pending is [] ? new MigrationState.UpToDate(Latest) : new MigrationState.Pending(pending);
    }

    private int Latest => migrations is [.., var last] ? last.Version : 0;

    private IEnumerable<Migration> Pending(IReadOnlyList<AppliedMigration> rows) =>
        migrations.Where(m => !rows.Any(row => row.Version == m.Version && row.IsApplied));

    private async Task<IReadOnlyList<Migration>> ApplyPendingAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await RunAsync(connection, $"""
            create table if not exists schema_migrations (
                version int primary key,
                name text not null,
                checksum text not null,
                status text not null,
                started_at timestamptz not null,
                completed_at timestamptz);
            grant select on schema_migrations to {SchemaRoles.Quote(database.Address.ApplicationRole)}, {SchemaRoles.Quote(database.Address.SystemRole)};
            """, ct);
        var rows = await ListAppliedAsync(connection, ct);
        if (Judge(rows) is (MigrationState.TooNew or MigrationState.Altered) and var refused)
        {
            throw new StartRefusedException(refused.Advice);
        }

        Migration[] pending = [.. Pending(rows)];
        foreach (var migration in pending)
        {
            await ApplyOneAsync(connection, migration, ct);
        }

        return pending;
    }

    private async Task ApplyOneAsync(NpgsqlConnection connection, Migration migration, CancellationToken ct)
    {
        var started = time.GetUtcNow();
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await RunAsync(connection, WithRoles(migration.Sql), ct);
            await RecordAsync(connection, migration, "applied", started, ct);
            await transaction.CommitAsync(ct);
        }
        catch (PostgresException failed)
        {
            await RecordAsync(connection, migration, "failed", started, CancellationToken.None);
            throw new StartRefusedException(
                $"Migration {migration} failed and was rolled back: {failed.SqlState} {failed.MessageText}", failed);
        }
    }

    private string WithRoles(string sql) => sql
        .Replace("{app}", SchemaRoles.Quote(database.Address.ApplicationRole), StringComparison.Ordinal)
        .Replace("{system}", SchemaRoles.Quote(database.Address.SystemRole), StringComparison.Ordinal);

    private async Task RecordAsync(NpgsqlConnection connection, Migration migration, string status, DateTimeOffset started, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            insert into schema_migrations (version, name, checksum, status, started_at, completed_at)
            values ($1, $2, $3, $4, $5, $6)
            on conflict (version) do update
               set name = excluded.name, checksum = excluded.checksum, status = excluded.status,
                   started_at = excluded.started_at, completed_at = excluded.completed_at
            """, connection);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new NpgsqlParameter<int>("", migration.Version),
            new NpgsqlParameter<string>("", migration.Name),
            new NpgsqlParameter<string>("", migration.Checksum),
            new NpgsqlParameter<string>("", status),
            new NpgsqlParameter<DateTimeOffset>("", started),
            new NpgsqlParameter<DateTimeOffset>("", time.GetUtcNow()),
        });
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<IReadOnlyList<AppliedMigration>> ListAppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        Tx.AddTo(batch, "select to_regclass('schema_migrations') is not null", null);
        if (!(await Tx.ReadAsync<bool>(batch, skip: 0, ct))[0])
        {
            return [];
        }

        await using var list = new NpgsqlBatch(connection);
        Tx.AddTo(list, "select version, name, checksum, status, started_at, completed_at from schema_migrations order by version", null);
        return await Tx.ReadAsync<AppliedMigration>(list, skip: 0, ct);
    }

    private async Task LockAsync(NpgsqlConnection connection, string function, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select {function}(hashtextextended($1, 0))", connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<string>("", $"signet migrations of {database.Address.Schema}"));
        await command.ExecuteNonQueryAsync(ct);
    }

    // Steps may rewrite large tables: no time limit but the caller's.
    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
