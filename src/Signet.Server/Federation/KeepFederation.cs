using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Federation.Storage;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>
/// The upkeep of every federation entity: keys move when they are due, the configuration is signed anew in the middle of its life. Each step is a transaction
/// of its own: one that fails is tried again at the next run and keeps none of the others back.
/// </summary>
public sealed class KeepFederation(Db db, TenantDirectory tenants, FederationDirectory directory, MoveFederationKeys move, WriteConfiguration write)
{
    public const string JobKind = "federation.upkeep";
    private const int PageSize = 500;

    public async Task RunAsync(CancellationToken ct)
    {
        var origin = Origin.OfWorker("federation", JobKind);
        for (string? after = null; ;)
        {
            var page = await ListTenants.RunAsync(db, tenants, after, PageSize, ct);
            foreach (var tenant in page.Where(tenant => tenant.State is TenantState.Active))
            {
                await RunAsync(tenant, origin, ct);
            }

            if (page.Count < PageSize)
            {
                return;
            }

            after = page[^1].Slug;
        }
    }

    /// <summary>One tenant's.</summary>
    public async Task RunAsync(Tenant tenant, Origin origin, CancellationToken ct)
    {
        if (await directory.FindAsync(tenant, ct) is not { } entity)
        {
            return;
        }

        await db.InTenantAsync(tenant.Id, async tx =>
        {
            if (!await move.RunAsync(tx, origin, tenant, ct)
                && (await StatementRows.FindAsync(tx, StatementKind.Configuration, "", ct) is not { } row || row.ExpiresAt - tx.Now < entity.Settings.ConfigurationLife / 2))
            {
                await write.RunAsync(tx, tenant, ct);
            }
        }, ct);
    }
}
