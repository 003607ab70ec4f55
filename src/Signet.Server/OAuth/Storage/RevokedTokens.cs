using Signet.Platform.Data;

namespace Signet.Server.OAuth.Storage;

internal static class RevokedTokens
{
    /// <summary>0 where it was revoked before.</summary>
    public static Task<int> AddAsync(Tx tx, string tokenId, DateTimeOffset expiresAt, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into revoked_tokens (tenant_id, token_id, revoked_at, expires_at)
            values (@tenant, @tokenId, @now, @expiresAt)
            on conflict do nothing
            """, new { tenant = tx.Tenant, tokenId, now = tx.Now, expiresAt }, ct);

    public static async Task<bool> ContainsAsync(Db db, TenantId tenant, string tokenId, CancellationToken ct) =>
        await db.ListInTenantAsync<int>(tenant, "select 1 from revoked_tokens where tenant_id = @tenant and token_id = @tokenId", new { tenant, tokenId }, ct) is [_];

    public static Task<int> PurgeAsync(Tx tx, DateTimeOffset before, CancellationToken ct) =>
        tx.ExecuteAsync("delete from revoked_tokens where expires_at < @before", new { before }, ct);
}
