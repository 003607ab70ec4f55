using Signet.OpenIdFederation;
using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Federation.Storage;
using Signet.Server.Settings;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>A tenant that is a federation entity.</summary>
/// <param name="Id">The tenant's own address.</param>
/// <param name="Version">Goes up with every change; the tag of the management API.</param>
public sealed record FederationEntity(EntityId Id, FederationSettings Settings, long Version);

/// <summary>Which tenants are federation entities, from this node's copy; the copy goes the moment the settings change.</summary>
public sealed class FederationDirectory(Db db, HostSettings host, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "federation_entities";

    private readonly NodeCache<TenantId, Stated> byTenant = new(Topic, id => id.ToString(), new NodeCacheOptions(10_000), notifications, time);

    /// <summary>Null where the tenant is none, or federation is switched off.</summary>
    public async ValueTask<FederationEntity?> FindAsync(Tenant tenant, CancellationToken ct) =>
        IdOf(tenant) is { } id && await byTenant.GetAsync(tenant.Id, LoadAsync, ct) is { Settings.Enabled: true } stated
            ? new FederationEntity(id, stated.Settings, stated.Version)
            : null;

    /// <summary>
    /// Null where the tenant's address can be none. An identifier is https (OIDFed §1.2); on a machine of a developer, which has only http, it is the same
    /// address with the other scheme, and the door knows.
    /// </summary>
    public EntityId? IdOf(Tenant tenant) =>
        EntityId.TryParse(host.IsDevelopment && tenant.Origin.StartsWith("http://", StringComparison.Ordinal) ? $"https{tenant.Origin["http".Length..]}" : tenant.Origin);

    internal static async Task<(FederationSettings Settings, long Version)> LoadAsync(Tx tx, CancellationToken ct) =>
        await FederationEntityRows.FindAsync(tx, ct) is { } row ? (row.ToSettings(), row.Version) : (FederationSettings.Untouched, 0);

    private async Task<Stated> LoadAsync(TenantId tenant, CancellationToken ct)
    {
        var (settings, version) = await db.InTenantAsync(tenant, tx => LoadAsync(tx, ct), ct);
        return new Stated(settings, version);
    }

    private sealed record Stated(FederationSettings Settings, long Version);
}
