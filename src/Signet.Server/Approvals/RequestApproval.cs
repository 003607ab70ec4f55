using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Approvals.Storage;
using Signet.Server.Users;

namespace Signet.Server.Approvals;

/// <summary>What an agent wants approved.</summary>
/// <param name="RequestHash">Of the value it will poll with.</param>
/// <param name="Life">How long it stays open.</param>
public sealed record WantedApproval(
    byte[] RequestHash, AgentId Agent, int Epoch, UserId User, string[] Scopes, string[] Resources, string? BindingMessage, string? Details, string? DpopKey,
    TimeSpan Life);

/// <summary>Puts an agent's question before a person.</summary>
public sealed class RequestApproval(Db db, ApprovalMetrics metrics)
{
    /// <summary>The least time between two polls (CIBA Core §7.3).</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>More waiting questions of one agent would only drown the person.</summary>
    public const int MostWaiting = 20;

    /// <summary>Null where too many of the agent's questions wait already.</summary>
    public async Task<Approval?> RunAsync(TenantId tenant, Origin origin, WantedApproval wanted, CancellationToken ct)
    {
        var made = await db.InTenantAsync(tenant, async tx =>
        {
            var row = new Approval(
                tx.NewId<ApprovalId>(), wanted.Agent, wanted.Epoch, wanted.User, wanted.Scopes, wanted.Resources, wanted.BindingMessage, wanted.Details,
                wanted.DpopKey, ApprovalState.Waiting, tx.Now, tx.Now + wanted.Life, null, null, null, null, null, null);
            if (!await ApprovalRows.InsertAsync(tx, row, wanted.RequestHash, (int)Interval.TotalSeconds, MostWaiting, ct))
            {
                return null;
            }

            tx.Emit(origin, new ApprovalRequested(row.AgentId, row.ApprovalId, row.UserId, row.Scopes, row.ExpiresAt.ToUnixTimeSeconds()));
            return row;
        }, ct);
        if (made is not null)
        {
            metrics.Became(ApprovalState.Waiting);
        }

        return made;
    }
}
