using Signet.Platform.Data;

namespace Signet.Server.Permissions.Storage;

internal sealed record ApiKeyRow(
    ApiKeyId ApiKeyId, Guid UserId, string Name, string[] Scopes, string Hint, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

internal static class ApiKeyRows
{
    private const string Columns = "api_key_id, user_id, name, scopes, hint, created_at, expires_at, last_used_at, revoked_at";

    public static Task InsertAsync(Tx tx, ApiKeyRow row, byte[] hash, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into api_keys (tenant_id, api_key_id, user_id, name, scopes, token_hash, hint, created_at, expires_at)
            values (@Tenant, @ApiKeyId, @UserId, @Name, @Scopes, @hash, @Hint, @CreatedAt, @ExpiresAt)
            """, new { tx.Tenant, row.ApiKeyId, row.UserId, row.Name, row.Scopes, hash, row.Hint, row.CreatedAt, row.ExpiresAt }, ct);

    public static Task<ApiKeyRow?> FindByHashAsync(Tx tx, byte[] hash, CancellationToken ct) =>
        tx.FindAsync<ApiKeyRow>($"select {Columns} from api_keys where tenant_id = @tenant and token_hash = @hash", new { tenant = tx.Tenant, hash }, ct);

    public static Task<List<ApiKeyRow>> ListAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<ApiKeyRow>($"select {Columns} from api_keys where tenant_id = @tenant order by api_key_id desc limit 500", new { tenant = tx.Tenant }, ct);

    /// <summary>The key's hash, under which its copies are kept; null where there is no such key that lives.</summary>
    public static Task<byte[]?> RevokeAsync(Tx tx, ApiKeyId id, CancellationToken ct) =>
        tx.ScalarAsync<byte[]>("""
            update api_keys set revoked_at = @now
             where tenant_id = @tenant and api_key_id = @id and revoked_at is null
            returning token_hash
            """, new { tenant = tx.Tenant, id, now = tx.Now }, ct);

    /// <summary>Every few minutes at most: an exact time of each use is in the audit record.</summary>
    public static Task TouchAsync(Tx tx, ApiKeyId id, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update api_keys set last_used_at = @now
             where tenant_id = @tenant and api_key_id = @id and (last_used_at is null or last_used_at < @now - interval '5 minutes')
            """, new { tenant = tx.Tenant, id, now = tx.Now }, ct);
}
