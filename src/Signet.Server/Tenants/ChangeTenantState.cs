using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Tenants.Storage;

namespace Signet.Server.Tenants;

/// <summary>Moves a tenant between its states: active ⇄ suspended → deleted. The default tenant stays active.</summary>
public static class ChangeTenantState
{
    /// <summary>False where there is no such tenant, or it can't go there from where it is.</summary>
    public static Task<bool> RunAsync(Db db, Origin origin, string slug, TenantState to, CancellationToken ct) =>
        db.AsSystemAsync(async tx =>
        {
            if (await TenantRows.FindBySlugAsync(tx, slug, ct) is not { } found
                || found.TenantId == TenantId.Default
                || await TenantRows.MoveAsync(tx, found.TenantId, From(to), to, ct) is null)
            {
                return false;
            }

            tx.EmitFor(found.TenantId, origin, Event(found.TenantId, to));
            tx.Notify(TenantDirectory.Topic, slug);
            return true;
        }, ct);

    // A tenant is suspended before it is deleted, so that nothing uses it while its data goes.
    private static TenantState[] From(TenantState to) => to switch
    {
        TenantState.Active => [TenantState.Suspended],
        TenantState.Suspended => [TenantState.Active],
        TenantState.Deleted => [TenantState.Suspended],
    };

    private static TenantEvent Event(TenantId id, TenantState to) => to switch
    {
        TenantState.Active => new TenantResumed(id),
        TenantState.Suspended => new TenantSuspended(id),
        TenantState.Deleted => new TenantDeleted(id),
    };
}
