using Signet.Platform.Data;
using Signet.Transparency;

namespace Signet.Server.Audit.Storage;

/// <summary>One stored record, whole.</summary>
internal sealed record LogRow(
    Guid Id, long? Position, DateTimeOffset RecordedAt, string? Action, string? Outcome, string? ActorKind, string? ActorId, string? TargetKind,
    string? TargetId, string? RequestId, byte[]? Content, byte[] LeafHash, byte[] Mac, short MacVersion)
{
    public const string Columns =
        "id, position, recorded_at, action, outcome, actor_kind, actor_id, target_kind, target_id, request_id, content, leaf_hash, mac, mac_version";
}

/// <summary>Reads one tenant's log in the order of its positions, a page at a time, in memory that doesn't grow with it.</summary>
internal static class LogRows
{
    // Four tiles.
    private const int PageSize = 4 * MerkleTiles.Width;

    /// <summary>The records of a span of time: how many, their positions, and those on either side.</summary>
    public sealed record Span(long Records, long? First, long? Last, long? Before, long? After);

    public sealed record CheckpointRow(long Size, byte[] Root, string Note);

    /// <summary>A page of positions: the rows that are there, and the leaf hashes of the tree.</summary>
    public sealed record Page(long From, long To, IReadOnlyDictionary<long, LogRow> Rows, IReadOnlyDictionary<long, byte[]> Tiles)
    {
        /// <summary>What the tree says is at this position; null where the tile is gone or too short.</summary>
        public TreeHash? LeafAt(long position)
        {
            var (tile, at) = Math.DivRem(position, MerkleTiles.Width);
            return Tiles.TryGetValue(tile, out var hashes) && hashes.Length >= (at + 1) * TreeHash.Size
                ? TreeHash.From(hashes.AsSpan((int)at * TreeHash.Size, TreeHash.Size))
                : null;
        }
    }

    /// <summary>The sizes of all checkpoints up to this one, ascending.</summary>
    public static Task<List<CheckpointRow>> ListCheckpointsAsync(Db db, TenantId tenant, long upTo, CancellationToken ct) =>
        db.ListInTenantAsync<CheckpointRow>(tenant, """
            select size, root, note from audit_checkpoints where tenant_id = @tenant and size <= @upTo order by size
            """, new { tenant, upTo }, ct);

    public static Task<CheckpointRow?> FindCheckpointAsync(Db db, TenantId tenant, CancellationToken ct) =>
        db.FindInTenantAsync<CheckpointRow>(tenant, """
            select size, root, note from audit_checkpoints where tenant_id = @tenant order by size desc limit 1
            """, new { tenant }, ct);

    public static async IAsyncEnumerable<Page> ReadAsync(
        Db db, TenantId tenant, long size, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (var from = 0L; from < size; from += PageSize)
        {
            var to = Math.Min(from + PageSize, size);
            var rows = await db.ListInTenantAsync<LogRow>(tenant, $"""
                select {LogRow.Columns} from audit_events where tenant_id = @tenant and position >= @from and position < @to
                """, new { tenant, from, to }, ct);
            var tiles = await db.ListInTenantAsync<SealedLog.TileRow>(tenant, """
                select level::int, index, hashes from audit_tiles
                 where tenant_id = @tenant and level = 0 and index between @first and @last
                """, new { tenant, first = from / MerkleTiles.Width, last = (to - 1) / MerkleTiles.Width }, ct);
            yield return new Page(from, to, rows.ToDictionary(row => row.Position!.Value), tiles.ToDictionary(tile => tile.Index, tile => tile.Hashes));
        }
    }

    /// <summary>The first records that have a position no checkpoint covers. The sealer commits positions and checkpoint together, so there are none.</summary>
    public static Task<List<LogRow>> ListBeyondAsync(Db db, TenantId tenant, CancellationToken ct) =>
        db.ListInTenantAsync<LogRow>(tenant, $"""
            select {LogRow.Columns} from audit_events
             where tenant_id = @tenant
               and position >= coalesce((select max(size) from audit_checkpoints where tenant_id = @tenant), 0)
             order by position
             limit 1000
            """, new { tenant }, ct);

    public static async IAsyncEnumerable<LogRow> ReadUnsealedAsync(
        Db db, TenantId tenant, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var after = Guid.Empty;
        while (true)
        {
            var rows = await db.ListInTenantAsync<LogRow>(tenant, $"""
                select {LogRow.Columns} from audit_events where tenant_id = @tenant and position is null and id > @after order by id limit @limit
                """, new { tenant, after, limit = PageSize }, ct);
            foreach (var row in rows)
            {
                yield return row;
            }

            if (rows.Count < PageSize)
            {
                yield break;
            }

            after = rows[^1].Id;
        }
    }

    public static async Task<Span> FindSpanAsync(Db db, TenantId tenant, DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct) =>
        (await db.FindInTenantAsync<Span>(tenant, """
            select count(*) filter (where not early and not late) as records,
                   min(position) filter (where not early and not late) as first, max(position) filter (where not early and not late) as last,
                   max(position) filter (where early) as before, min(position) filter (where late) as after
              from (select position, coalesce(recorded_at < @from, false) as early, coalesce(recorded_at >= @to, false) as late
                      from audit_events
                     where tenant_id = @tenant) as placed
            """, new { tenant, from = from?.ToUniversalTime(), to = to?.ToUniversalTime() }, ct))!;

    /// <summary>The record at this position; where it is gone, the next, or the last there is. Null where there is none.</summary>
    public static async Task<Guid?> FindIdAtAsync(Db db, TenantId tenant, long position, CancellationToken ct) =>
        (await db.ListInTenantAsync<Guid>(tenant, """
            (select id from audit_events where tenant_id = @tenant and position >= @position order by position limit 1)
            union all
            (select id from audit_events where tenant_id = @tenant and position < @position order by position desc limit 1)
            """, new { tenant, position }, ct)) is [var id, ..] ? id : null;

    /// <summary>Reads tiles for a proof or a root.</summary>
    public static TileReader TilesOf(Db db, TenantId tenant) => async (ids, ct) =>
    {
        var rows = await db.ListInTenantAsync<SealedLog.TileRow>(tenant, """
            select level::int, index, hashes from audit_tiles
             where tenant_id = @tenant and (level, index) in (select * from unnest(@levels::smallint[], @indexes::bigint[]))
            """, new { tenant, levels = ids.Select(id => (short)id.Level).ToArray(), indexes = ids.Select(id => id.Index).ToArray() }, ct);
        return rows.ToDictionary(row => new TileId(row.Level, row.Index), row => (ReadOnlyMemory<byte>)row.Hashes);
    };
}
