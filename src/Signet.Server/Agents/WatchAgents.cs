using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>What time does to the agents of a tenant, written once: reminders, attestations that ran out, owners that left or came back.</summary>
internal static class WatchAgents
{
    /// <summary>Tenants that have agents; for a transaction across tenants.</summary>
    public static Task<List<TenantId>> ListTenantsAsync(Tx tx, CancellationToken ct) => GovernanceRows.ListTenantsAsync(tx, ct);

    public static Task<List<UserId>> ListOwnersAsync(Tx tx, CancellationToken ct) => GovernanceRows.ListOwnersAsync(tx, ct);

    /// <summary>Tells of attestations that end soon, and suspends where one ended. How many it suspended.</summary>
    public static async Task<int> AttestationsAsync(Tx tx, Origin origin, CancellationToken ct)
    {
        foreach (var due in await GovernanceRows.TellAsync(tx, ct))
        {
            tx.Emit(origin, new AgentAttestationDue(due.AgentId, due.OwnerId, due.SponsorId, due.AttestedUntil));
        }

        var suspended = await GovernanceRows.SuspendOverdueAsync(tx, ct);
        AnnounceSuspended(tx, origin, suspended, SuspendedBecause.AttestationOverdue);
        return suspended.Count;
    }

    /// <summary>
    /// Looks whether this person can answer for their agents, and writes what it comes to. It trusts what the person is now and no event that says so: events
    /// of one person may come in any order.
    /// </summary>
    /// <param name="grace">How long agents go on without an owner; nothing: they are suspended now.</param>
    public static async Task<Watched> OwnerAsync(Tx tx, Origin origin, UserId owner, TimeSpan grace, CancellationToken ct)
    {
        await GovernanceRows.QueueAsync(tx, owner, ct);
        if (await UserDirectory.IsActiveAsync(tx, owner, ct))
        {
            foreach (var agent in await GovernanceRows.ClearOrphansAsync(tx, owner, ct))
            {
                tx.Emit(origin, new AgentOwnerReturned(agent, owner));
                tx.Notify(AgentDirectory.Topic, agent.ToString());
            }

            return new Watched(0, 0);
        }

        var orphaned = await GovernanceRows.MarkOrphansAsync(tx, owner, ct);
        foreach (var agent in orphaned)
        {
            tx.Emit(origin, new AgentOrphaned(agent, owner, tx.Now + grace));
            tx.Notify(AgentDirectory.Topic, agent.ToString());
        }

        var suspended = await GovernanceRows.SuspendOrphansAsync(tx, owner, tx.Now - grace, ct);
        AnnounceSuspended(tx, origin, suspended, SuspendedBecause.Orphaned);
        return new Watched(orphaned.Count, suspended.Count);
    }

    private static void AnnounceSuspended(Tx tx, Origin origin, IReadOnlyList<AgentId> agents, string reason)
    {
        foreach (var agent in agents)
        {
            tx.Emit(origin, new AgentSuspended(agent) { Reason = reason });
            tx.Notify(AgentDirectory.Topic, agent.ToString());
        }
    }
}

/// <summary>What became of a person's agents.</summary>
internal readonly record struct Watched(int Orphaned, int Suspended);
