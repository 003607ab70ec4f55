using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit.Storage;

namespace Signet.Server.Audit;

/// <summary>
/// Takes the content of records that are older than their tenant keeps them. Position, leaf hash and MAC stay, so that the log verifies as before.
/// The log is emptied from its beginning; what was emptied is on record.
/// </summary>
public sealed class PruneAudit(Db db, TimeProvider time)
{
    internal const int BatchSize = 5000;
    private static readonly Origin Origin = Origin.OfWorker("audit-retention", "audit-retention");

    // Every later checkpoint vouches for all an earlier one did, so of older days one an hour is kept.
    private static readonly TimeSpan CheckpointsInFull = TimeSpan.FromDays(1);

    /// <summary>Empties what is due in every tenant, and thins out old checkpoints. The number of records emptied.</summary>
    public async Task<long> RunAsync(CancellationToken ct)
    {
        var total = 0L;
        foreach (var (tenant, days) in await db.AsSystemAsync(tx => Retention.ListAsync(tx, ct), ct))
        {
            var before = time.GetUtcNow() - TimeSpan.FromDays(days);
            for (long batch = -1; batch != 0; total += batch)
            {
                batch = await db.AsSystemAsync(tx => PruneBatchAsync(tx, tenant, before, ct), ct);
            }
        }

        await db.AsSystemAsync(tx => Retention.ThinCheckpointsAsync(tx, time.GetUtcNow() - CheckpointsInFull, ct), ct);
        return total;
    }

    private static async Task<long> PruneBatchAsync(Tx tx, TenantId tenant, DateTimeOffset before, CancellationToken ct)
    {
        if (await Retention.PruneAsync(tx, tenant, before, BatchSize, ct) is not { Records: > 0 } pruned)
        {
            return 0;
        }

        tx.EmitFor(tenant, Origin, new AuditPruned(tenant, pruned.Records, pruned.UpTo, before));
        return pruned.Records;
    }
}
