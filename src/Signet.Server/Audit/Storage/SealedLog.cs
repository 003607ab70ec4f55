using Signet.Platform.Data;
using Signet.Transparency;

namespace Signet.Server.Audit.Storage;

/// <summary>The sealed part of a log: positions, tiles, checkpoints. Only the sealer writes here, in the system role.</summary>
internal static class SealedLog
{
    public sealed record Head(long Size, byte[] Root, string Note);

    public sealed record NewLeaf(long Position, byte[] LeafHash);

    public sealed record TileRow(int Level, long Index, byte[] Hashes);

    /// <summary>The tenants with unsealed records: one index probe a tenant, however many records wait.</summary>
    public static Task<List<TenantId>> ListWaitingAsync(Tx tx, CancellationToken ct) => tx.ListAsync<TenantId>("""
        with recursive waiting as (
            (select tenant_id from audit_events where position is null order by tenant_id limit 1)
            union all
            select (select e.tenant_id from audit_events e where e.position is null and e.tenant_id > w.tenant_id order by e.tenant_id limit 1)
              from waiting w
             where w.tenant_id is not null)
        select tenant_id from waiting where tenant_id is not null
        """, null, ct);

    /// <summary>The tenants that have anything sealed.</summary>
    public static Task<List<TenantId>> ListTenantsAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<TenantId>("select distinct tenant_id from audit_checkpoints order by tenant_id", null, ct);

    /// <summary>How many records wait, counted as far as is worth knowing.</summary>
    public static async Task<long> CountWaitingAsync(Tx tx, CancellationToken ct) => await tx.ScalarAsync<long>("""
        select count(*) from (select from audit_events where position is null limit 100000) waiting
        """, null, ct);

    /// <summary>False while another sealer has this tenant in hand. Held to the end of the transaction.</summary>
    public static Task<bool> TryLockAsync(Tx tx, TenantId tenant, CancellationToken ct) => tx.ScalarAsync<bool>("""
        select pg_try_advisory_xact_lock(hashtextextended('audit.seal/' || current_schema() || '/' || @tenant, 0))
        """, new { tenant = tenant.ToString() }, ct);

    /// <summary>The latest checkpoint; null before the first.</summary>
    public static Task<Head?> FindHeadAsync(Tx tx, TenantId tenant, CancellationToken ct) => tx.FindAsync<Head>("""
        select size, root, note from audit_checkpoints where tenant_id = @tenant order by size desc limit 1
        """, new { tenant }, ct);

    /// <summary>Gives the oldest unsealed records the positions from <paramref name="size"/> on, in the order of the answer.</summary>
    public static async Task<List<NewLeaf>> AssignPositionsAsync(Tx tx, TenantId tenant, long size, int limit, CancellationToken ct)
    {
        var leaves = await tx.ListAsync<NewLeaf>("""
            update audit_events e
               set position = n.position
              from (select id, @size + row_number() over (order by id) - 1 as position
                      from audit_events
                     where tenant_id = @tenant and position is null
                     order by id
                     limit @limit) n
             where e.tenant_id = @tenant and e.id = n.id
            returning e.position, e.leaf_hash
            """, new { tenant, size, limit }, ct);
        leaves.Sort((a, b) => a.Position.CompareTo(b.Position));
        return leaves;
    }

    public static async Task<Dictionary<TileId, ReadOnlyMemory<byte>>> ReadTilesAsync(
        Tx tx, TenantId tenant, IReadOnlyCollection<TileId> ids, CancellationToken ct)
    {
        var rows = await tx.ListAsync<TileRow>("""
            select level::int, index, hashes from audit_tiles
             where tenant_id = @tenant and (level, index) in (select * from unnest(@levels::smallint[], @indexes::bigint[]))
            """, new { tenant, levels = ids.Select(id => (short)id.Level).ToArray(), indexes = ids.Select(id => id.Index).ToArray() }, ct);
        return rows.ToDictionary(row => new TileId(row.Level, row.Index), row => (ReadOnlyMemory<byte>)row.Hashes);
    }

    public static void AddWithCommit(Tx tx, TenantId tenant, TreeGrowth growth, string note)
    {
        tx.Defer("""
            insert into audit_tiles (tenant_id, level, index, hashes)
            select @tenant, * from unnest(@levels::smallint[], @indexes::bigint[], @hashes::bytea[])
            on conflict (tenant_id, level, index) do update set hashes = excluded.hashes
            """, new
        {
            tenant,
            levels = growth.Tiles.Select(tile => (short)tile.Id.Level).ToArray(),
            indexes = growth.Tiles.Select(tile => tile.Id.Index).ToArray(),
            hashes = growth.Tiles.Select(tile => tile.Hashes.ToArray()).ToArray(),
        });
        tx.Defer("""
            insert into audit_checkpoints (tenant_id, size, root, note, signed_at) values (@tenant, @size, @root, @note, @now)
            """, new { tenant, size = growth.Size, root = growth.Root.ToArray(), note, now = tx.Now });
    }
}
