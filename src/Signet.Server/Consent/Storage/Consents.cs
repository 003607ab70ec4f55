using Signet.Platform.Data;
using Signet.Server.Clients;
using Signet.Server.Users;

namespace Signet.Server.Consent.Storage;

internal sealed record ConsentRow(ClientId ClientId, string[] Scopes, DateTimeOffset GrantedAt);

internal static class Consents
{
    public static async Task<string[]> FindAsync(Db db, TenantId tenant, UserId user, ClientId client, CancellationToken ct) =>
        await db.ListInTenantAsync<string[]>(tenant, """
            select scopes from consents
             where tenant_id = @tenant and user_id = @user and client_id = @client
            """, new { tenant, user, client }, ct) is [var scopes] ? scopes : [];

    public static Task<List<ConsentRow>> OfUserAsync(Db db, TenantId tenant, UserId user, CancellationToken ct) =>
        db.ListInTenantAsync<ConsentRow>(tenant, """
            select client_id, scopes, granted_at from consents
             where tenant_id = @tenant and user_id = @user
             order by granted_at desc
             limit 200
            """, new { tenant, user }, ct);

    /// <summary>Adds to what was allowed before.</summary>
    public static Task AddAsync(Tx tx, UserId user, ClientId client, string[] scopes, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into consents (tenant_id, user_id, client_id, scopes, granted_at)
            values (@tenant, @user, @client, @scopes, @now)
            on conflict (tenant_id, user_id, client_id) do update
               set scopes = array(select distinct unnest(consents.scopes || excluded.scopes) order by 1), granted_at = excluded.granted_at
            """, new { tenant = tx.Tenant, user, client, scopes, now = tx.Now }, ct);

    public static async Task<bool> RemoveAsync(Tx tx, UserId user, ClientId client, CancellationToken ct) =>
        await tx.ExecuteAsync(
            "delete from consents where tenant_id = @tenant and user_id = @user and client_id = @client", new { tenant = tx.Tenant, user, client }, ct) == 1;
}
