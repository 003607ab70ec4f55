using Signet.Platform.Data;
using Signet.Server.Clients;
using Signet.Server.Sessions;
using Signet.Server.Users;

namespace Signet.Server.OAuth.Storage;

/// <summary>A refresh token's row with its grant.</summary>
internal sealed record RefreshTokenRow(
    GrantId GrantId, ClientId ClientId, UserId UserId, SessionId SessionId, bool Offline, string[] Scopes, string[] Resources, string[] Methods,
    DateTimeOffset AuthenticatedAt, DateTimeOffset GrantExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? UsedAt, string? DpopKey)
{
    public Authorized ToAuthorized() => new(GrantId, ClientId, UserId, SessionId, Scopes, Resources, Methods, AuthenticatedAt, DpopKey);
}

internal static class RefreshTokens
{
    private const string Columns = """
        g.grant_id, g.client_id, g.user_id, g.session_id, g.offline, g.scopes, g.resources, g.methods, g.authenticated_at,
        g.expires_at as grant_expires_at, g.revoked_at, t.issued_at, t.expires_at, t.used_at, g.dpop_key
        """;

    public static void DeferInsert(Tx tx, byte[] hash, GrantId grant, DateTimeOffset expiresAt) =>
        tx.Defer("""
            insert into refresh_tokens (tenant_id, token_hash, grant_id, issued_at, expires_at)
            values (@Tenant, @hash, @grant, @Now, @expiresAt)
            on conflict do nothing
            """, new { tx.Tenant, hash, grant, tx.Now, expiresAt });

    /// <summary>Uses the token: of racing requests exactly one gets the row back, and only while token and grant live.</summary>
    public static Task<RefreshTokenRow?> UseAsync(Tx tx, byte[] hash, ClientId client, string? key, CancellationToken ct) =>
        tx.FindAsync<RefreshTokenRow>($"""
            update refresh_tokens t set used_at = @now
              from grants g
             where t.tenant_id = @tenant and t.token_hash = @hash and t.used_at is null and t.expires_at > @now
               and g.tenant_id = t.tenant_id and g.grant_id = t.grant_id and g.client_id = @client
               and g.revoked_at is null and g.expires_at > @now and (g.dpop_key is null or g.dpop_key = @key)
            returning {Columns}
            """, new { tenant = tx.Tenant, hash, client, key, now = tx.Now }, ct);

    public static Task<RefreshTokenRow?> FindAsync(Tx tx, byte[] hash, CancellationToken ct) =>
        tx.FindAsync<RefreshTokenRow>($"""
            select {Columns}
              from refresh_tokens t
              join grants g on g.tenant_id = t.tenant_id and g.grant_id = t.grant_id
             where t.tenant_id = @tenant and t.token_hash = @hash
            """, new { tenant = tx.Tenant, hash }, ct);

    public static Task<int> PurgeAsync(Tx tx, DateTimeOffset before, CancellationToken ct) =>
        tx.ExecuteAsync("delete from refresh_tokens where expires_at < @before", new { before }, ct);
}
