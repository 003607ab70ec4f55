using Signet.Platform.Data;
using Signet.Server.Clients;
using Signet.Server.SignIn;

namespace Signet.Server.OAuth.Storage;

internal static class AuthorizationRequests
{
    public static Task InsertAsync(Tx tx, FlowId id, ClientId client, string parameters, DateTimeOffset expiresAt, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into authorization_requests (tenant_id, request_id, client_id, parameters, created_at, expires_at)
            values (@tenant, @id, @client, @parameters, @now, @expiresAt)
            """, new { tenant = tx.Tenant, id, client, parameters, now = tx.Now, expiresAt }, ct);

    /// <summary>The query of the request, only while it lives.</summary>
    public static async Task<string?> FindAsync(Db db, TenantId tenant, FlowId id, DateTimeOffset now, CancellationToken ct) =>
        await db.FindInTenantAsync<string>(tenant, """
            select parameters from authorization_requests
             where tenant_id = @tenant and request_id = @id and expires_at > @now
            """, new { tenant, id, now }, ct);

    /// <summary>Takes the request out, so that it is answered once. False where it is gone.</summary>
    public static async Task<bool> TakeAsync(Tx tx, FlowId id, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            delete from authorization_requests
             where tenant_id = @tenant and request_id = @id and expires_at > @now
            """, new { tenant = tx.Tenant, id, now = tx.Now }, ct) == 1;

    public static Task<int> PurgeAsync(Tx tx, DateTimeOffset before, CancellationToken ct) =>
        tx.ExecuteAsync("delete from authorization_requests where expires_at < @before", new { before }, ct);
}
