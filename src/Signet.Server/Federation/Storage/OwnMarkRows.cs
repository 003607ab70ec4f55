using Signet.Platform.Data;

namespace Signet.Server.Federation.Storage;

internal sealed record OwnMarkRow(string Type, string Issuer, string Jwt, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt);

/// <summary>A mark of ours that ends soon, and whose it is.</summary>
internal sealed record DueOwnMark(TenantId TenantId, string Type, string Issuer, DateTimeOffset ExpiresAt);

internal static class OwnMarkRows
{
    public static Task PutAsync(Tx tx, OwnMarkRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into own_trust_marks (tenant_id, type, issuer, jwt, expires_at, created_at)
            values (@Tenant, @Type, @Issuer, @Jwt, @ExpiresAt, @CreatedAt)
            on conflict (tenant_id, type, issuer) do update set jwt = excluded.jwt, expires_at = excluded.expires_at, warned_at = null
            """, new { tx.Tenant, row.Type, row.Issuer, row.Jwt, row.ExpiresAt, row.CreatedAt }, ct);

    public static async Task<bool> DeleteAsync(Tx tx, string type, string issuer, CancellationToken ct) =>
        await tx.ExecuteAsync(
            "delete from own_trust_marks where tenant_id = @tenant and type = @type and issuer = @issuer", new { tenant = tx.Tenant, type, issuer }, ct) == 1;

    public static Task<List<OwnMarkRow>> ListAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<OwnMarkRow>(
            "select type, issuer, jwt, expires_at, created_at from own_trust_marks where tenant_id = @tenant order by type, issuer", new { tenant = tx.Tenant }, ct);

    /// <summary>Those of any tenant that end within three days, and about which nobody was told.</summary>
    public static Task<List<DueOwnMark>> ListDueAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<DueOwnMark>("""
            select tenant_id, type, issuer, expires_at from own_trust_marks
             where warned_at is null and expires_at > @now and expires_at <= @now + interval '3 days'
             order by expires_at
             limit 500
            """, new { now = tx.Now }, ct);

    public static async Task<bool> WarnAsync(Tx tx, string type, string issuer, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            update own_trust_marks set warned_at = @now where tenant_id = @tenant and type = @type and issuer = @issuer and warned_at is null
            """, new { tenant = tx.Tenant, type, issuer, now = tx.Now }, ct) == 1;
}
