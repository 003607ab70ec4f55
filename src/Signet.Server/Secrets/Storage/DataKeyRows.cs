using Signet.Platform.Data;

namespace Signet.Server.Secrets.Storage;

internal sealed record DataKeyRow(int Version, byte[]? Wrapped, int MasterVersion, int MadeUnder);

/// <summary>The wrapped keys of tenants. At most one is ever stored for a version.</summary>
internal static class DataKeyRows
{
    /// <summary>Oldest first; destroyed ones without their key.</summary>
    public static Task<List<DataKeyRow>> ListAsync(Tx tx, TenantId tenant, CancellationToken ct) =>
        tx.ListAsync<DataKeyRow>("""
            select version, wrapped, master_version, made_under from data_keys where tenant_id = @tenant order by version
            """, new { tenant }, ct);

    /// <summary>Whether it was this one that was stored.</summary>
    public static async Task<bool> AddAsync(Tx tx, TenantId tenant, int version, byte[] wrapped, int master, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into data_keys (tenant_id, version, wrapped, master_version, made_under, created_at)
            values (@tenant, @version, @wrapped, @master, @master, @now)
            on conflict do nothing
            """, new { tenant, version, wrapped, master, now = tx.Now }, ct) == 1;

    public static void Hold(Tx tx, TenantId tenant, int version) =>
        tx.Defer("select hold_data_key(@tenant, @version)", new { tenant, version });

    public static Task<List<DataKeyRow>> LockOldMastersAsync(Tx tx, int master, CancellationToken ct) =>
        tx.ListAsync<DataKeyRow>("""
            select version, wrapped, master_version, made_under from data_keys
             where tenant_id = @tenant and wrapped is not null and master_version < @master
               for update skip locked
            """, new { tenant = tx.Tenant, master }, ct);

    public static void Rewrap(Tx tx, int version, byte[] wrapped, int master) =>
        tx.Defer("""
            update data_keys set wrapped = @wrapped, master_version = @master where tenant_id = @tenant and version = @version
            """, new { tenant = tx.Tenant, version, wrapped, master });

    /// <summary>Waits for the commits of those who sealed under any of the tenant's keys, and lets no other through until this transaction ends.</summary>
    public static Task LockForDroppingAsync(Tx tx, CancellationToken ct) =>
        tx.ExecuteAsync("select pg_advisory_xact_lock(hashtext('data_key'), hashtext(@tenant::text))", new { tenant = tx.Tenant }, ct);

    public static Task DestroyBeforeAsync(Tx tx, int version, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update data_keys set wrapped = null, destroyed_at = @now where tenant_id = @tenant and version < @version and wrapped is not null
            """, new { tenant = tx.Tenant, version, now = tx.Now }, ct);

    public static Task<int> DestroyAllAsync(Tx tx, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update data_keys set wrapped = null, destroyed_at = @now where tenant_id = @tenant and wrapped is not null
            """, new { tenant = tx.Tenant, now = tx.Now }, ct);

    /// <summary>The next tenants, in the order of their ids, that have anything under an older master key or a data key made under one.</summary>
    public static Task<List<TenantId>> ListTenantsToRotateAsync(Tx tx, int master, TenantId? after, CancellationToken ct) =>
        tx.ListAsync<TenantId>("""
            select tenant_id from (
                select tenant_id from data_keys where wrapped is not null and least(master_version, made_under) < @master
                union
                select tenant_id from subject_keys where wrapped is not null and master_version < @master) stale
             where @after::uuid is null or tenant_id > @after
             order by tenant_id
             limit 500
            """, new { master, after }, ct);

    public static Task<long> CountToRotateAsync(Tx tx, int master, CancellationToken ct) =>
        tx.GetAsync<long>("""
            select (select count(*) from data_keys where wrapped is not null and least(master_version, made_under) < @master)
                 + (select count(*) from subject_keys where wrapped is not null and master_version < @master)
            """, new { master }, ct);
}
