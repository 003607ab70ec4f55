using Signet.Platform.Data;
using Signet.Server.Clients;
using Signet.Server.Sessions;
using Signet.Server.Users;

namespace Signet.Server.OAuth.Storage;

/// <summary>What must hold for a grant's tokens to be active.</summary>
internal sealed record GrantRow(
    GrantId GrantId, ClientId ClientId, UserId UserId, SessionId SessionId, bool Offline, string[] Scopes, string[] Resources, string[] Methods,
    DateTimeOffset AuthenticatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt)
{
    public Authorized ToAuthorized() => new(GrantId, ClientId, UserId, SessionId, Scopes, Resources, Methods, AuthenticatedAt);
}

internal static class Grants
{
    internal const string Columns =
        "grant_id, client_id, user_id, session_id, offline, scopes, resources, methods, authenticated_at, expires_at, revoked_at";

    public static void DeferInsert(Tx tx, Authorized authorized, bool offline, DateTimeOffset expiresAt) =>
        tx.Defer("""
            insert into grants (tenant_id, grant_id, client_id, user_id, session_id, offline, scopes, resources, methods, authenticated_at, created_at, expires_at, dpop_key)
            values (@Tenant, @Grant, @Client, @User, @Session, @offline, @scopes, @resources, @methods, @AuthenticatedAt, @Now, @expiresAt, @DpopKey)
            """, new
        {
            tx.Tenant, authorized.Grant, authorized.Client, authorized.User, authorized.Session, offline, scopes = authorized.Scopes.ToArray(),
            resources = authorized.Resources.ToArray(), methods = authorized.Methods.ToArray(), authorized.AuthenticatedAt, tx.Now, expiresAt, authorized.DpopKey,
        });

    public static Task<GrantRow?> FindAsync(Db db, TenantId tenant, GrantId id, CancellationToken ct) =>
        db.FindInTenantAsync<GrantRow>(tenant, $"select {Columns} from grants where tenant_id = @tenant and grant_id = @id", new { tenant, id }, ct);

    /// <summary>The grants that this ended; empty where they had ended.</summary>
    public static Task<List<GrantId>> RevokeAsync(Tx tx, GrantId id, string because, CancellationToken ct) =>
        RevokeWhereAsync(tx, "grant_id = @id", id.Value, because, ct);

    public static Task<List<GrantId>> RevokeOfUserAsync(Tx tx, UserId user, string because, CancellationToken ct) =>
        RevokeWhereAsync(tx, "user_id = @id", user.Value, because, ct);

    public static Task<List<GrantId>> RevokeOfClientAsync(Tx tx, ClientId client, string because, CancellationToken ct) =>
        RevokeWhereAsync(tx, "client_id = @id", client.Value, because, ct);

    public static Task<List<GrantId>> RevokeOfUserAtAsync(Tx tx, UserId user, ClientId client, string because, CancellationToken ct) =>
        tx.ListAsync<GrantId>("""
            update grants set revoked_at = @now, revoked_because = @because
             where tenant_id = @tenant and user_id = @user and client_id = @client and revoked_at is null
            returning grant_id
            """, new { tenant = tx.Tenant, user, client, because, now = tx.Now }, ct);

    /// <summary>Those that were to end with the session.</summary>
    public static Task<List<GrantId>> RevokeOfSessionAsync(Tx tx, SessionId session, string because, CancellationToken ct) =>
        RevokeWhereAsync(tx, "session_id = @id and not offline", session.Value, because, ct);

    public static Task<int> PurgeAsync(Tx tx, DateTimeOffset before, CancellationToken ct) =>
        tx.ExecuteAsync("delete from grants where expires_at < @before", new { before }, ct);

    private static Task<List<GrantId>> RevokeWhereAsync(Tx tx, string condition, Guid id, string because, CancellationToken ct) =>
        tx.ListAsync<GrantId>($"""
            update grants set revoked_at = @now, revoked_because = @because
             where tenant_id = @tenant and {condition} and revoked_at is null
            returning grant_id
            """, new { tenant = tx.Tenant, id, because, now = tx.Now }, ct);
}
