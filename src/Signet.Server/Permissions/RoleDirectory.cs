using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Permissions.Storage;

namespace Signet.Server.Permissions;

/// <summary>A person with a role of their own.</summary>
public sealed record RoleHolder(Guid UserId, Role Role, DateTimeOffset GrantedAt);

/// <summary>What role a person has, from this node's copy; the copy goes the moment the role changes.</summary>
public sealed class RoleDirectory(Db db, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "roles";

    private readonly NodeCache<(TenantId Tenant, Guid User), Role> roles =
        new(Topic, key => key.User.ToString(), new NodeCacheOptions(50_000), notifications, time);

    public ValueTask<Role> FindAsync(TenantId tenant, Guid user, CancellationToken ct) =>
        roles.GetAsync((tenant, user), (key, token) => db.InTenantAsync(key.Tenant, tx => RoleAssignments.FindAsync(tx, key.User, token), token), ct);

    /// <summary>The roles of these people, of those who have one of their own.</summary>
    public Task<List<RoleHolder>> OfAsync(TenantId tenant, Guid[] users, CancellationToken ct) =>
        db.InTenantAsync(tenant, tx => RoleAssignments.OfAsync(tx, users, ct), ct);

    public Task<List<RoleHolder>> ListAsync(TenantId tenant, CancellationToken ct) =>
        db.InTenantAsync(tenant, tx => RoleAssignments.ListAsync(tx, ct), ct);
}
