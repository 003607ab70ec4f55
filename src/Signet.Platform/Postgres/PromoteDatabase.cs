using Npgsql;
using Signet.Platform.Data;
using Signet.Platform.Migrations;

namespace Signet.Platform.Postgres;

/// <summary>A table that is the same on both sides.</summary>
/// <param name="Checksum">A sum over the hashes of its rows.</param>
public sealed record PromotedTable(string Name, long Rows, string Checksum);

/// <summary>What can come of a promotion. In every case but the first the target is as it was.</summary>
public abstract record Promotion
{
    private Promotion()
    {
    }

    public sealed record Done(IReadOnlyList<PromotedTable> Tables) : Promotion;

    /// <summary>The source is not at this build's version.</summary>
    public sealed record SourceRefused(MigrationState State) : Promotion;

    /// <summary>The target's schema is there already and has tables.</summary>
    public sealed record TargetNotEmpty(string Schema, string Table) : Promotion;

    /// <summary>After the copy a table (or, as <c>sequence x</c>, a sequence) was not the same on both sides.</summary>
    public sealed record Differs(string Name, string Source, string Target) : Promotion;
}

/// <summary>
/// Copies a whole database into an empty one, of another server as a rule, and keeps the copy only if every table counts and hashes the same there.
/// The source is locked meanwhile and left as it was.
/// </summary>
public static class PromoteDatabase
{
    public static async Task<Promotion> RunAsync(
        Database source, Database target, TimeProvider time, Action<PromotedTable>? progress, CancellationToken ct)
    {
        if (await new Migrator(source, time).GetStateAsync(ct) is not MigrationState.UpToDate and var state)
        {
            return new Promotion.SourceRefused(state);
        }

        return await RunAsync(source, target, new Migrator(target, time), progress, ct);
    }

    internal static async Task<Promotion> RunAsync(
        Database source, Database target, Migrator migrator, Action<PromotedTable>? progress, CancellationToken ct)
    {
        await using var from = await source.For(DatabaseRole.Owner).OpenConnectionAsync(ct);
        await using var to = await target.For(DatabaseRole.Owner).OpenConnectionAsync(ct);
        if (await FindTableAsync(to, target.Address.Schema, ct) is { } present)
        {
            return new Promotion.TargetNotEmpty(target.Address.Schema, present);
        }

        Promotion? outcome = null;
        try
        {
            await migrator.ApplyAsync(ct);
            outcome = await CopyAllAsync(from, to, progress, ct);
            return outcome;
        }
        finally
        {
            if (outcome is not Promotion.Done)
            {
                await RemoveAsync(target);
            }
        }
    }

    private static async Task<Promotion> CopyAllAsync(
        NpgsqlConnection from, NpgsqlConnection to, Action<PromotedTable>? progress, CancellationToken ct)
    {
        await using var reading = await from.BeginTransactionAsync(ct);
        await using var writing = await to.BeginTransactionAsync(ct);
        await TableCopies.PrepareAsync(from, ct);
        await TableCopies.PrepareAsync(to, ct);
        var tables = TableCopies.Order(await TableCopies.ListAsync(from, ct), await TableCopies.ListReferencesAsync(from, ct));
        var atTarget = await TableCopies.ListAsync(to, ct);
        if (tables.Except(atTarget).Concat(atTarget.Except(tables)).FirstOrDefault() is { } oneSided)
        {
            return new Promotion.Differs(oneSided, Presence(tables.Contains(oneSided)), Presence(atTarget.Contains(oneSided)));
        }

        Dictionary<string, bool> forced = [];
        foreach (var table in tables)
        {
            forced[table] = await TableCopies.IsForcedAsync(to, table, ct);
            await TableCopies.OpenAsync(from, table, ct);
            await TableCopies.OpenAsync(to, table, ct);
        }

        await TableCopies.ClearAsync(to, tables, ct);
        List<PromotedTable> same = [];
        foreach (var table in tables)
        {
            await TableCopies.CopyAsync(from, to, table, ct);
        }

        foreach (var table in tables)
        {
            var here = await TableCopies.MeasureAsync(from, table, ct);
            var there = await TableCopies.MeasureAsync(to, table, ct);
            if (here != there)
            {
                return new Promotion.Differs(table, Words(here), Words(there));
            }

            same.Add(here);
            progress?.Invoke(here);
        }

        if (await CopySequencesAsync(from, to, ct) is { } differs)
        {
            return differs;
        }

        foreach (var table in tables)
        {
            await TableCopies.CloseAsync(to, table, forced[table], ct);
        }

        await writing.CommitAsync(ct);
        return new Promotion.Done(same);
    }

    private static async Task<Promotion.Differs?> CopySequencesAsync(NpgsqlConnection from, NpgsqlConnection to, CancellationToken ct)
    {
        var sequences = await TableCopies.ListSequencesAsync(from, ct);
        foreach (var sequence in sequences)
        {
            await TableCopies.SetSequenceAsync(to, sequence, ct);
        }

        var copied = await TableCopies.ListSequencesAsync(to, ct);
        return sequences.Except(copied).Concat(copied.Except(sequences)).FirstOrDefault() is { } odd
            ? new Promotion.Differs(
                $"sequence {odd.Name}", Words(sequences.Find(s => s.Name == odd.Name)), Words(copied.Find(s => s.Name == odd.Name)))
            : null;
    }

    private static string Presence(bool present) => present ? "present" : "absent";

    private static string Words(PromotedTable table) => $"{table.Rows} rows, checksum {table.Checksum}";

    private static string Words(TableCopies.Sequence? sequence) => sequence is null ? "absent" : $"at {sequence.LastValue}";

    private static async Task<string?> FindTableAsync(NpgsqlConnection connection, string schema, CancellationToken ct) =>
        (await TableCopies.ReadAsync<string>(connection, $"""
            select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = '{schema}' and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') limit 1
            """, ct)).FirstOrDefault();

    // It held no table when we came. On a connection of its own: the one we used may be in a failed transaction.
    private static async Task RemoveAsync(Database target)
    {
        target.ClearPools();
        await using var connection = await target.For(DatabaseRole.Owner).OpenConnectionAsync(CancellationToken.None);
        await using var drop = new NpgsqlCommand($"drop schema if exists {SchemaRoles.Quote(target.Address.Schema)} cascade", connection);
        await drop.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
