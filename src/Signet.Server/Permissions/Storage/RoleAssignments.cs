using Signet.Platform.Data;

namespace Signet.Server.Permissions.Storage;

internal static class RoleAssignments
{
    public static async Task<Role> FindAsync(Tx tx, Guid user, CancellationToken ct) =>
        await tx.ScalarAsync<string>("select role from role_assignments where tenant_id = @tenant and user_id = @user", new { tenant = tx.Tenant, user }, ct)
            is { } role ? SnakeCase.Parse<Role>(role) : Role.User;

    /// <summary>Locks every owner, so that two who leave at once can't both be the last but one.</summary>
    public static Task<List<Guid>> LockOwnersAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<Guid>("""
            select user_id from role_assignments
             where tenant_id = @tenant and role = 'owner'
             order by user_id
               for update
            """, new { tenant = tx.Tenant }, ct);

    /// <summary>Owners whose account is there and active: one who was deactivated owns nothing in the meantime.</summary>
    public static Task<List<Guid>> ActiveOwnersAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<Guid>("""
            select r.user_id
              from role_assignments r
              join users u on u.tenant_id = r.tenant_id and u.user_id = r.user_id
             where r.tenant_id = @tenant and r.role = 'owner' and u.state = 'active'
             limit 2
            """, new { tenant = tx.Tenant }, ct);

    public static Task SetAsync(Tx tx, Guid user, Role role, CancellationToken ct) => role is Role.User
        ? tx.ExecuteAsync("delete from role_assignments where tenant_id = @tenant and user_id = @user", new { tenant = tx.Tenant, user }, ct)
        : tx.ExecuteAsync("""
            insert into role_assignments (tenant_id, user_id, role, granted_at)
            values (@tenant, @user, @role, @now)
            on conflict (tenant_id, user_id) do update set role = excluded.role, granted_at = excluded.granted_at
            """, new { tenant = tx.Tenant, user, role, now = tx.Now }, ct);

    public static Task<List<RoleHolder>> OfAsync(Tx tx, Guid[] users, CancellationToken ct) =>
        tx.ListAsync<RoleHolder>(
            "select user_id, role, granted_at from role_assignments where tenant_id = @tenant and user_id = any(@users)", new { tenant = tx.Tenant, users }, ct);

    public static Task<List<RoleHolder>> ListAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<RoleHolder>("""
            select user_id, role, granted_at from role_assignments
             where tenant_id = @tenant
             order by role, user_id
             limit 1000
            """, new { tenant = tx.Tenant }, ct);
}
