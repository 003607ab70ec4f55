using Npgsql;
using Signet.Platform.Data;
using Signet.Platform.Migrations;

namespace Signet.Platform.Postgres;

/// <summary>The statements of a promotion. All run as the owner, inside one transaction a side.</summary>
internal static class TableCopies
{
    private const string Bookkeeping = "schema_migrations";

    public sealed record Reference(string Table, string To);

    public sealed record Sequence(string Name, long LastValue, bool IsCalled);

    // Text of a value depends on these, and the two sides are compared by it.
    public static Task PrepareAsync(NpgsqlConnection connection, CancellationToken ct) => RunAsync(connection, """
        set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'iso_8601';
        set local bytea_output = 'hex'; set local extra_float_digits = 1; set local xmloption = 'content'
        """, ct);

    /// <summary>Every table but the bookkeeping of migrations; a partitioned table stands for its partitions.</summary>
    public static Task<List<string>> ListAsync(NpgsqlConnection connection, CancellationToken ct) => ReadAsync<string>(connection, $"""
        select c.relname::text from pg_class c
         where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> '{Bookkeeping}'
         order by 1
        """, ct);

    /// <summary>Puts a table behind the ones it refers to. A circle of tables has no such order and is refused by name.</summary>
    public static IReadOnlyList<string> Order(IReadOnlyList<string> tables, IReadOnlyList<Reference> references)
    {
        List<string> ordered = [];
        var left = tables.ToList();
        while (left is not [])
        {
            var free = left.Where(t => !references.Any(r => r.Table == t && r.To != t && left.Contains(r.To))).ToList();
            if (free is [])
            {
                throw new StartRefusedException($"The tables {string.Join(", ", left)} refer to one another in a circle and cannot be copied.");
            }

            ordered.AddRange(free);
            left.RemoveAll(free.Contains);
        }

        return ordered;
    }

    public static Task<List<Reference>> ListReferencesAsync(NpgsqlConnection connection, CancellationToken ct) => ReadAsync<Reference>(connection, """
        select f.relname::text as "table", t.relname::text as "to" from pg_constraint k
          join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
         where k.contype = 'f' and k.connamespace = current_schema()::regnamespace
        """, ct);

    /// <summary>
    /// Locks the table and lets its owner see all of it: forced row security would show the owner no row, and say nothing.
    /// Undone with the transaction on the source, by <see cref="CloseAsync"/> on the target.
    /// </summary>
    public static Task OpenAsync(NpgsqlConnection connection, string table, CancellationToken ct) => RunAsync(connection, $"""
        lock table {Quote(table)} in access exclusive mode;
        alter table {Quote(table)} no force row level security;
        alter table {Quote(table)} disable trigger user
        """, ct);

    public static async Task CloseAsync(NpgsqlConnection connection, string table, bool forced, CancellationToken ct)
    {
        await RunAsync(connection, $"alter table {Quote(table)} enable trigger user", ct);
        if (forced)
        {
            await RunAsync(connection, $"alter table {Quote(table)} force row level security", ct);
        }
    }

    public static async Task<bool> IsForcedAsync(NpgsqlConnection connection, string table, CancellationToken ct) =>
        (await ReadAsync<bool>(connection, $"select relforcerowsecurity from pg_class where oid = '{Quote(table).Replace("'", "''", StringComparison.Ordinal)}'::regclass", ct))[0];

    /// <summary>Rows of a migration's own; the source has them too.</summary>
    public static Task ClearAsync(NpgsqlConnection connection, IReadOnlyList<string> tables, CancellationToken ct) =>
        tables is [] ? Task.CompletedTask : RunAsync(connection, $"truncate {string.Join(", ", tables.Select(Quote))}", ct);

    public static async Task CopyAsync(NpgsqlConnection from, NpgsqlConnection to, string table, CancellationToken ct)
    {
        var columns = await ListColumnsAsync(from, table, ct);
        await using var read = await from.BeginRawBinaryCopyAsync($"copy (select {columns} from {Quote(table)}) to stdout (format binary)", ct);
        await using var write = await to.BeginRawBinaryCopyAsync($"copy {Quote(table)} ({columns}) from stdin (format binary)", ct);
        await read.CopyToAsync(write, ct);
    }

    /// <summary>The number of rows and a sum over the hashes of all of them, which their order does not change.</summary>
    public static async Task<PromotedTable> MeasureAsync(NpgsqlConnection connection, string table, CancellationToken ct)
    {
        var columns = await ListColumnsAsync(connection, table, ct);
        return (await ReadAsync<PromotedTable>(connection, $"""
            select '{table.Replace("'", "''", StringComparison.Ordinal)}' as name, count(*) as rows,
                   coalesce(sum(('x' || left(hash, 16))::bit(64)::bigint::numeric), 0)::text || '/'
                   || coalesce(sum(('x' || right(hash, 16))::bit(64)::bigint::numeric), 0)::text as checksum
              from (select md5(row({columns})::text) as hash from {Quote(table)}) as hashed
            """, ct))[0];
    }

    public static async Task<List<Sequence>> ListSequencesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var names = await ReadAsync<string>(connection, """
            select relname::text from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'S' order by 1
            """, ct);
        List<Sequence> sequences = [];
        foreach (var name in names)
        {
            sequences.AddRange(await ReadAsync<Sequence>(
                connection, $"select '{name.Replace("'", "''", StringComparison.Ordinal)}' as name, last_value, is_called from {Quote(name)}", ct));
        }

        return sequences;
    }

    public static async Task SetSequenceAsync(NpgsqlConnection connection, Sequence sequence, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select setval($1::regclass, $2, $3)", connection);
        command.Parameters.Add(new NpgsqlParameter<string>("", Quote(sequence.Name)));
        command.Parameters.Add(new NpgsqlParameter<long>("", sequence.LastValue));
        command.Parameters.Add(new NpgsqlParameter<bool>("", sequence.IsCalled));
        await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        Tx.AddTo(batch, sql, null);
        return await Tx.ReadAsync<T>(batch, skip: 0, ct);
    }

    // What is computed from other columns is computed again.
    private static async Task<string> ListColumnsAsync(NpgsqlConnection connection, string table, CancellationToken ct)
    {
        var names = await ReadAsync<string>(connection, $"""
            select attname::text from pg_attribute
             where attrelid = '{Quote(table).Replace("'", "''", StringComparison.Ordinal)}'::regclass
               and attnum > 0 and not attisdropped and attgenerated = '' order by attname
            """, ct);
        return string.Join(", ", names.Select(Quote));
    }

    private static string Quote(string name) => SchemaRoles.Quote(name);

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
