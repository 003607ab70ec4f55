using Signet.Platform.Data;
using Signet.Server.Users;

namespace Signet.Server.Sessions.Storage;

internal sealed record SessionRow(
    SessionId SessionId, byte[] TokenHash, UserId UserId, string[] Methods, string? IpAddress, string? UserAgent, DateTimeOffset CreatedAt,
    DateTimeOffset AuthenticatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt);

internal static class SessionRows
{
    private const string Columns =
        "session_id, token_hash, user_id, methods, ip_address, user_agent, created_at, authenticated_at, last_seen_at, expires_at";

    public static Task InsertAsync(Tx tx, SessionRow row, CancellationToken ct) =>
        tx.ExecuteAsync($"""
            insert into sessions (tenant_id, {Columns})
            values (@Tenant, @SessionId, @TokenHash, @UserId, @Methods, @IpAddress, @UserAgent, @CreatedAt, @AuthenticatedAt, @LastSeenAt, @ExpiresAt)
            """, new
        {
            tx.Tenant, row.SessionId, row.TokenHash, row.UserId, row.Methods, row.IpAddress, row.UserAgent, row.CreatedAt, row.AuthenticatedAt,
            row.LastSeenAt, row.ExpiresAt,
        }, ct);

    /// <summary>Only while it lives.</summary>
    public static Task<SessionRow?> FindByTokenAsync(Db db, TenantId tenant, byte[] hash, DateTimeOffset now, CancellationToken ct) =>
        db.FindInTenantAsync<SessionRow>(tenant, $"""
            select {Columns} from sessions
             where tenant_id = @tenant and token_hash = @hash and ended_at is null and expires_at > @now
            """, new { tenant, hash, now }, ct);

    public static Task<bool> IsAliveAsync(Tx tx, SessionId id, CancellationToken ct) =>
        tx.ScalarAsync<bool>("""
            select exists (select from sessions where tenant_id = @tenant and session_id = @id and ended_at is null and expires_at > @now)
            """, new { tenant = tx.Tenant, id, now = tx.Now }, ct);

    public static Task<List<SessionRow>> OfUserAsync(Db db, TenantId tenant, UserId user, DateTimeOffset now, CancellationToken ct) =>
        db.ListInTenantAsync<SessionRow>(tenant, $"""
            select {Columns} from sessions
             where tenant_id = @tenant and user_id = @user and ended_at is null and expires_at > @now
             order by last_seen_at desc
             limit 200
            """, new { tenant, user, now }, ct);

    /// <summary>The ended session's hash, under which its copies are kept; empty where it had ended.</summary>
    public static Task<List<EndedSession>> EndAsync(Tx tx, SessionId id, UserId user, CancellationToken ct) =>
        tx.ListAsync<EndedSession>("""
            update sessions set ended_at = @now
             where tenant_id = @tenant and session_id = @id and user_id = @user and ended_at is null
            returning session_id, token_hash
            """, new { tenant = tx.Tenant, id, user, now = tx.Now }, ct);

    /// <param name="except">The session that stays; null: none does.</param>
    public static Task<List<EndedSession>> EndAllAsync(Tx tx, UserId user, SessionId? except, CancellationToken ct) =>
        tx.ListAsync<EndedSession>("""
            update sessions set ended_at = @now
             where tenant_id = @tenant and user_id = @user and ended_at is null and (@except::uuid is null or session_id <> @except)
            returning session_id, token_hash
            """, new { tenant = tx.Tenant, user, except, now = tx.Now }, ct);

    public static Task TouchAsync(Tx tx, SessionId id, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update sessions set last_seen_at = @now
             where tenant_id = @tenant and session_id = @id and ended_at is null
            """, new { tenant = tx.Tenant, id, now = tx.Now }, ct);

    /// <summary>Those that live; counts no further than <paramref name="most"/>.</summary>
    public static Task<long> CountAsync(Tx tx, int most, CancellationToken ct) =>
        tx.ScalarAsync<long>("""
            select count(*) from (
                select 1 from sessions where tenant_id = @tenant and ended_at is null and expires_at > @now limit @most) as counted
            """, new { tenant = tx.Tenant, most, now = tx.Now }, ct);

    public static Task<int> PurgeAsync(Tx tx, DateTimeOffset before, CancellationToken ct) =>
        tx.ExecuteAsync("delete from sessions where expires_at < @before or ended_at < @before", new { before }, ct);
}

internal sealed record EndedSession(SessionId SessionId, byte[] TokenHash);
