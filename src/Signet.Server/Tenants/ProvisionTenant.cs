using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Tenants.Storage;

namespace Signet.Server.Tenants;

/// <summary>What can happen when a tenant is to be made.</summary>
public abstract record Provisioning
{
    private Provisioning()
    {
    }

    public sealed record Provisioned(Tenant Tenant) : Provisioning;

    public sealed record SlugInvalid : Provisioning;

    public sealed record SlugTaken : Provisioning;
}

/// <summary>Makes an empty tenant. Of two that want one name at once, one gets it.</summary>
public static class ProvisionTenant
{
    public static async Task<Provisioning> RunAsync(
        Db db, TenantDirectory directory, Origin origin, string slug, string name, TenantAddress address, CancellationToken ct)
    {
        if (!TenantSlug.IsValid(slug) || TenantSlug.IsReserved(slug))
        {
            return new Provisioning.SlugInvalid();
        }

        return await db.AsSystemAsync<Provisioning>(async tx =>
        {
            var row = new TenantRow(tx.NewId<TenantId>(), slug, name, address, TenantState.Active, tx.Now);
            if (!await TenantRows.TryInsertAsync(tx, row, ct))
            {
                return new Provisioning.SlugTaken();
            }

            tx.EmitFor(row.TenantId, origin, new TenantProvisioned(row.TenantId, slug));
            tx.Notify(TenantDirectory.Topic, slug);
            return new Provisioning.Provisioned(directory.ToTenant(row));
        }, ct);
    }
}
