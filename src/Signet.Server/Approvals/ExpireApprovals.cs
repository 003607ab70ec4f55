using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Approvals.Storage;

namespace Signet.Server.Approvals;

/// <summary>Puts on record what ran out, once each, and forgets what is a month old.</summary>
public sealed class ExpireApprovals(Db db, ApprovalMetrics metrics)
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    public async Task RunAsync(Origin origin, CancellationToken ct)
    {
        var expired = await db.AcrossTenantsAsync(origin, "approvals that ran out", async tx =>
        {
            var ended = await ApprovalRows.ExpireAsync(tx, ct);
            foreach (var one in ended)
            {
                tx.EmitFor(one.TenantId, origin, new ApprovalExpired(one.AgentId, one.ApprovalId, one.UserId, one.DecidedAt is null ? "unanswered" : "unused"));
            }

            await ApprovalRows.PurgeAsync(tx, tx.Now - Keep, ct);
            return ended.Count;
        }, ct);
        if (expired > 0)
        {
            metrics.Became(ApprovalState.Expired, expired);
        }
    }
}
