using Signet.OpenIdFederation;
using Signet.Platform.Data;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>The tenant's entity as one that vouches for others, at one moment.</summary>
public sealed record Superior(Tenant Tenant, EntityId Id, FederationSettings Settings, FederationKeyRing Keys);

/// <summary>Finds it: as everybody sees it, or as a transaction does.</summary>
public sealed class Superiors(FederationDirectory directory, FederationKeyRings rings)
{
    /// <summary>Null where the tenant is no federation entity.</summary>
    public async ValueTask<Superior?> FindAsync(Tenant tenant, CancellationToken ct) =>
        await directory.FindAsync(tenant, ct) is { } entity && await rings.FindAsync(tenant, ct) is { } ring ? new Superior(tenant, entity.Id, entity.Settings, ring) : null;

    /// <summary>The same as this transaction sees it: what is signed in it says what the settings say now.</summary>
    public async Task<Superior?> FindAsync(Tx tx, Tenant tenant, CancellationToken ct) =>
        directory.IdOf(tenant) is { } id && await FederationDirectory.LoadAsync(tx, ct) is ({ Enabled: true } settings, _) && await rings.LoadAsync(tx, settings, ct) is { } ring
            ? new Superior(tenant, id, settings, ring)
            : null;
}
