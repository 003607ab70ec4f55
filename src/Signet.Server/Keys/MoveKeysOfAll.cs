using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Tenants;

namespace Signet.Server.Keys;

/// <summary>Moves the keys of every tenant along, each in a transaction of its own: one that fails is tried again and keeps none of the others back.</summary>
internal static class MoveKeysOfAll
{
    public const string JobKind = "keys.move";
    private const int PageSize = 500;

    public static async Task RunAsync(Db db, TenantDirectory directory, MoveKeys move, CancellationToken ct)
    {
        var origin = Origin.OfWorker("keys", JobKind);
        for (string? after = null; ;)
        {
            var page = await ListTenants.RunAsync(db, directory, after, PageSize, ct);
            foreach (var tenant in page.Where(tenant => tenant.State is not TenantState.Deleted))
            {
                await db.InTenantAsync(tenant.Id, tx => move.RunAsync(tx, origin, ct), ct);
            }

            if (page.Count < PageSize)
            {
                return;
            }

            after = page[^1].Slug;
        }
    }
}
