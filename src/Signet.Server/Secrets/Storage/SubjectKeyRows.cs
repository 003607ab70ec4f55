using Signet.Platform.Data;

namespace Signet.Server.Secrets.Storage;

internal sealed record SubjectKeyRow(Guid SubjectId, byte[]? Wrapped);

/// <summary>The wrapped keys of persons: one each, ever.</summary>
internal static class SubjectKeyRows
{
    public static Task<SubjectKeyRow?> FindAsync(Tx tx, TenantId tenant, Guid subject, CancellationToken ct) =>
        tx.FindAsync<SubjectKeyRow>("""
            select subject_id, wrapped from subject_keys where tenant_id = @tenant and subject_id = @subject
            """, new { tenant, subject }, ct);

    /// <summary>Whether it was this one that was stored.</summary>
    public static async Task<bool> AddAsync(Tx tx, TenantId tenant, Guid subject, byte[] wrapped, int master, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into subject_keys (tenant_id, subject_id, wrapped, master_version, created_at)
            values (@tenant, @subject, @wrapped, @master, @now)
            on conflict do nothing
            """, new { tenant, subject, wrapped, master, now = tx.Now }, ct) == 1;

    /// <summary>Leaves a row without a key also where there was none, so that none is made later. False when it was destroyed before.</summary>
    public static async Task<bool> DestroyAsync(Tx tx, Guid subject, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into subject_keys (tenant_id, subject_id, wrapped, master_version, created_at, destroyed_at)
            values (@tenant, @subject, null, 0, @now, @now)
            on conflict (tenant_id, subject_id) do update set wrapped = null, destroyed_at = @now where subject_keys.wrapped is not null
            """, new { tenant = tx.Tenant, subject, now = tx.Now }, ct) == 1;

    public static Task<int> DestroyAllAsync(Tx tx, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update subject_keys set wrapped = null, destroyed_at = @now where tenant_id = @tenant and wrapped is not null
            """, new { tenant = tx.Tenant, now = tx.Now }, ct);

    public static Task<List<SubjectKeyRow>> LockOldMastersAsync(Tx tx, int master, int limit, CancellationToken ct) =>
        tx.ListAsync<SubjectKeyRow>("""
            select subject_id, wrapped from subject_keys
             where tenant_id = @tenant and wrapped is not null and master_version < @master
             limit @limit
               for update skip locked
            """, new { tenant = tx.Tenant, master, limit }, ct);

    public static void Rewrap(Tx tx, Guid subject, byte[] wrapped, int master) =>
        tx.Defer("""
            update subject_keys set wrapped = @wrapped, master_version = @master where tenant_id = @tenant and subject_id = @subject
            """, new { tenant = tx.Tenant, subject, wrapped, master });
}
