using Signet.Platform.Data;
using Signet.Server.Users;

namespace Signet.Server.Organizations.Storage;

internal static class OrganizationRows
{
    /// <summary>False where the slug is taken.</summary>
    public static async Task<bool> TryInsertAsync(Tx tx, OrganizationId id, string name, string slug, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into organizations (tenant_id, organization_id, name, slug, created_at)
            values (@tenant, @id, @name, @slug, @now)
            on conflict (tenant_id, slug) do nothing
            """, new { tenant = tx.Tenant, id, name, slug, now = tx.Now }, ct) == 1;

    public static Task AddMemberAsync(Tx tx, OrganizationId id, UserId user, OrganizationRole role, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into organization_members (tenant_id, organization_id, user_id, role, joined_at)
            values (@tenant, @id, @user, @role, @now)
            """, new { tenant = tx.Tenant, id, user, role, now = tx.Now }, ct);

    public static Task<List<Membership>> OfUserAsync(Tx tx, UserId user, CancellationToken ct) =>
        tx.ListAsync<Membership>("""
            select o.organization_id, o.name, o.slug, m.role
              from organization_members m
              join organizations o using (tenant_id, organization_id)
             where m.tenant_id = @tenant and m.user_id = @user
             order by m.joined_at
             limit 50
            """, new { tenant = tx.Tenant, user }, ct);

    public static Task<bool> HasSlugAsync(Tx tx, string slug, CancellationToken ct) =>
        tx.ScalarAsync<bool>("select exists (select from organizations where tenant_id = @tenant and slug = @slug)", new { tenant = tx.Tenant, slug }, ct);
}
