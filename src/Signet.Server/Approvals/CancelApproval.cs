using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Approvals.Storage;
using Signet.Server.Delegations;
using Signet.Server.Users;

namespace Signet.Server.Approvals;

/// <summary>Takes an approval back, in whatever state: a waiting one is not answered any more, an allowed one gives no token, a used one's token dies.</summary>
public sealed class CancelApproval(Db db, ApprovalMetrics metrics)
{
    private static readonly Origin Worker = Origin.OfWorker("approvals", "events");

    /// <summary>False where there was nothing to take back.</summary>
    /// <param name="agent">Whose it must be; null: whoever's.</param>
    /// <param name="user">Who must have been asked; null: whoever.</param>
    public async Task<bool> RunAsync(TenantId tenant, Origin origin, ApprovalId id, AgentId? agent, UserId? user, string because, CancellationToken ct) =>
        await RunAsync(tenant, origin, tx => ApprovalRows.CancelAsync(tx, id, agent, user, ct), because, ct) > 0;

    /// <summary>A person's account ended: nothing they approved comes back with them.</summary>
    internal Task EndAsync(TenantId tenant, UserId user, CancellationToken ct) =>
        RunAsync(tenant, Worker, tx => ApprovalRows.CancelAsync(tx, null, null, user, ct), "user_ended", ct);

    private async Task<int> RunAsync(TenantId tenant, Origin origin, Func<Tx, Task<List<Approval>>> cancel, string because, CancellationToken ct)
    {
        var ended = await db.InTenantAsync(tenant, async tx =>
        {
            var cancelled = await cancel(tx);
            foreach (var approval in cancelled)
            {
                tx.Emit(origin, new ApprovalCancelled(approval.AgentId, approval.ApprovalId, approval.UserId, because));
                if (approval.DelegationId is { } delegation)
                {
                    await RevokeDelegations.RunAsync(tx, origin, delegation, null, because, ct);
                }
            }

            return cancelled.Count;
        }, ct);
        if (ended > 0)
        {
            metrics.Became(ApprovalState.Cancelled, ended);
        }

        return ended;
    }
}
