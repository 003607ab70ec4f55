using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.Governance;

/// <summary>
/// What happens to agents when nobody does anything: attestations are asked for and run out, owners leave and come back. The hourly round looks at every
/// owner, so that an event that was lost, or an agent that was given to somebody while they were leaving, is found by it.
/// </summary>
public sealed class GovernAgents(Db db, TenantSettingsDirectory settings, AgentMetrics metrics)
{
    internal const string Job = "governance.watch";

    private static readonly Origin Watcher = Origin.OfWorker("governance", Job);

    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var tenant in await db.AcrossTenantsAsync(Watcher, "tenants that have agents to look after", tx => WatchAgents.ListTenantsAsync(tx, ct), ct))
        {
            var overdue = await db.InTenantAsync(tenant, tx => WatchAgents.AttestationsAsync(tx, Watcher, ct), ct);
            if (overdue > 0)
            {
                metrics.Suspended(SuspendedBecause.AttestationOverdue, overdue);
            }

            foreach (var owner in await db.InTenantAsync(tenant, tx => WatchAgents.ListOwnersAsync(tx, ct), ct))
            {
                await LookAtOwnerAsync(tenant, Watcher, owner, ct);
            }
        }
    }

    /// <summary>A person was deactivated, deleted or let in again: what they are now counts, not which news came last.</summary>
    public async Task LookAtOwnerAsync(TenantId tenant, Origin origin, UserId owner, CancellationToken ct)
    {
        var grace = (await settings.FindAsync(tenant, ct)).OrphanGrace;
        var watched = await db.InTenantAsync(tenant, tx => WatchAgents.OwnerAsync(tx, origin, owner, grace, ct), ct);
        if (watched.Orphaned > 0)
        {
            metrics.Orphaned(watched.Orphaned);
        }

        if (watched.Suspended > 0)
        {
            metrics.Suspended(SuspendedBecause.Orphaned, watched.Suspended);
        }
    }
}
