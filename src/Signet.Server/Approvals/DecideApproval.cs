using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Approvals.Storage;
using Signet.Server.Permissions;
using Signet.Server.Sessions;
using Signet.Server.Users;

namespace Signet.Server.Approvals;

public enum ApprovalDecision
{
    Taken,

    /// <summary>Answered already, over, another's, or of an agent that was stopped.</summary>
    Gone,

    /// <summary>It allows what the person may not do themselves.</summary>
    BeyondYours,
}

/// <summary>The person's answer: one, whichever comes first.</summary>
public sealed class DecideApproval(Db db, AgentDirectory agents, ApprovalMetrics metrics, TimeProvider time)
{
    /// <summary>A question that this person may answer now, with the agent that asks; null where there is none.</summary>
    public async Task<(Approval Approval, Agent Agent)?> FindWaitingAsync(TenantId tenant, ApprovalId id, UserId by, CancellationToken ct) =>
        await ApprovalRows.FindAsync(db, tenant, id, ct) is { } found && found.UserId == by && found.StateAt(time.GetUtcNow()) is ApprovalState.Waiting
        && await agents.FindAsync(tenant, found.AgentId, ct) is { } agent && agent.IsActive(time.GetUtcNow()) && agent.Epoch == found.AgentEpoch
            ? (found, agent)
            : null;

    /// <param name="actor">Who decides, in <paramref name="session"/>.</param>
    public async Task<ApprovalDecision> RunAsync(Actor actor, Session session, Origin origin, ApprovalId id, bool allow, CancellationToken ct)
    {
        if (await FindWaitingAsync(actor.Tenant, id, session.User.Id, ct) is not var (asked, _))
        {
            return ApprovalDecision.Gone;
        }

        // Nobody gives an agent what they may not do themselves.
        if (allow && !AgentScopes.MayGive(actor, asked.Scopes))
        {
            return ApprovalDecision.BeyondYours;
        }

        var state = allow ? ApprovalState.Allowed : ApprovalState.Denied;
        var taken = await db.InTenantAsync(actor.Tenant, async tx =>
        {
            if (!await ApprovalRows.DecideAsync(tx, id, session, state, ct))
            {
                return false;
            }

            tx.Emit(origin, allow
                ? new ApprovalGranted(asked.AgentId, id, asked.UserId, asked.Scopes)
                : new ApprovalDenied(asked.AgentId, id, asked.UserId));
            return true;
        }, ct);
        if (taken)
        {
            metrics.Became(state);
        }

        return taken ? ApprovalDecision.Taken : ApprovalDecision.Gone;
    }
}
