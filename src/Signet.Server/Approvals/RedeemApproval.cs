using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Approvals.Storage;
using Signet.Server.Delegations;

namespace Signet.Server.Approvals;

/// <summary>The agent's side of a question: whether it is answered, and the one time it gives a token.</summary>
public sealed class RedeemApproval(Db db)
{
    /// <summary>What an agent asked with this value; null where it is unknown, or another's.</summary>
    public async Task<Approval?> FindAsync(TenantId tenant, byte[] requestHash, AgentId agent, CancellationToken ct) =>
        await ApprovalRows.FindByRequestAsync(db, tenant, requestHash, ct) is { } found && found.AgentId == agent ? found : null;

    /// <summary>Notes that the agent asked. True where it asked too soon; its interval has grown then (CIBA Core §11).</summary>
    public Task<bool> PollAsync(TenantId tenant, ApprovalId id, CancellationToken ct) => db.InTenantAsync(tenant, tx => ApprovalRows.PollAsync(tx, id, ct), ct);

    /// <summary>Takes the token's right; of racing requests one gets true. The hand-over goes on record in the same transaction.</summary>
    public static Task<bool> TakeAsync(Tx tx, Approval approval, DelegationId delegation, DateTimeOffset tokenEndsAt, CancellationToken ct) =>
        ApprovalRows.TakeAsync(tx, approval.ApprovalId, delegation, tokenEndsAt, ct);
}
