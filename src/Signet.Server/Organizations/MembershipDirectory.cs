using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Organizations.Storage;
using Signet.Server.Users;

namespace Signet.Server.Organizations;

/// <summary>Who belongs where, from this node's copy, which goes the moment a membership changes.</summary>
public sealed class MembershipDirectory(Db db, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "memberships";

    private readonly NodeCache<(TenantId Tenant, UserId User), IReadOnlyList<Membership>> ofUser =
        new(Topic, key => key.User.ToString(), new NodeCacheOptions(50_000), notifications, time);

    /// <summary>Oldest first.</summary>
    public ValueTask<IReadOnlyList<Membership>> FindAsync(TenantId tenant, UserId user, CancellationToken ct) =>
        ofUser.GetAsync((tenant, user), LoadAsync, ct);

    /// <summary>Whether an organization of the tenant has this slug.</summary>
    public static Task<bool> IsTakenAsync(Tx tx, string slug, CancellationToken ct) => OrganizationRows.HasSlugAsync(tx, slug, ct);

    private async Task<IReadOnlyList<Membership>> LoadAsync((TenantId Tenant, UserId User) key, CancellationToken ct) =>
        await db.InTenantAsync(key.Tenant, tx => OrganizationRows.OfUserAsync(tx, key.User, ct), ct);
}
