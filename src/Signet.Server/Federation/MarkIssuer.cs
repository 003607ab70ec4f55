using Signet.OpenIdFederation;
using Signet.Platform.Data;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>The tenant's entity as an issuer of trust marks, at one moment.</summary>
public sealed record MarkIssuer(Tenant Tenant, EntityId Id, FederationKeyRing Keys);

/// <summary>Finds who issues, and has the configuration say what changed.</summary>
public sealed class MarkIssuers(FederationDirectory directory, FederationKeyRings rings, WriteConfiguration write)
{
    /// <summary>Null where the tenant is no federation entity.</summary>
    public async ValueTask<MarkIssuer?> FindAsync(Tenant tenant, CancellationToken ct) =>
        await directory.FindAsync(tenant, ct) is { } entity && await rings.FindAsync(tenant, ct) is { } ring ? new MarkIssuer(tenant, entity.Id, ring) : null;

    /// <summary>Types, owners and marks about ourselves stand in the configuration.</summary>
    public Task ConfigureAsync(Tx tx, MarkIssuer issuer, CancellationToken ct) => write.RunAsync(tx, issuer.Tenant, ct);

    /// <summary>The same, where the mark is about ourselves.</summary>
    public async Task ConfigureAsync(Tx tx, MarkIssuer issuer, string subject, CancellationToken ct)
    {
        if (subject == issuer.Id.Value)
        {
            await ConfigureAsync(tx, issuer, ct);
        }
    }
}
