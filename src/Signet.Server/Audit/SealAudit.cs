using System.Diagnostics;
using Npgsql;
using Signet.Jose;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit.Storage;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>
/// Gives records their gap-free positions, grows the Merkle tree over them and signs the new root, a batch of a tenant in one transaction:
/// after a kill at any point a batch is sealed or is not. Any number may run; a lock keeps them from sealing one tenant at once,
/// and unique positions keep them from ever forking its log.
/// </summary>
public sealed class SealAudit
{
    internal const int LargestBatch = 5000;
    internal static readonly Origin Origin = Origin.OfWorker("audit-sealer", "audit-sealer");

    private readonly Db db;
    private readonly CheckpointSigner signer;
    private readonly TrustedKeys trusted;
    private readonly AuditMetrics metrics;
    private readonly ILogger<SealAudit> log;

    internal SealAudit(Db db, CheckpointSigner signer, TrustedKeys trusted, AuditMetrics metrics, ILogger<SealAudit> log) =>
        (this.db, this.signer, this.trusted, this.metrics, this.log) = (db, signer, trusted, metrics, log);

    /// <summary>Seals all that waits. The number of records sealed.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var (tenants, waiting) = await db.AsSystemAsync(
            async tx => (await SealedLog.ListWaitingAsync(tx, ct), await SealedLog.CountWaitingAsync(tx, ct)), ct);
        metrics.Unsealed(waiting);
        var total = 0;
        foreach (var tenant in tenants)
        {
            try
            {
                for (var batch = LargestBatch; batch == LargestBatch; total += batch)
                {
                    batch = await SealBatchAsync(tenant, ct);
                }
            }
            catch (PostgresException refused)
            {
                // A log that was tampered with must not keep the others from being sealed.
                log.SealingOfTenantFailed(tenant.Value, refused);
            }
        }

        return total;
    }

    private async Task<int> SealBatchAsync(TenantId tenant, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var count = await db.AsSystemAsync(async tx =>
            await SealedLog.TryLockAsync(tx, tenant, ct) ? await SealBatchAsync(tx, tenant, ct) : 0, ct);
        metrics.Sealed(Stopwatch.GetElapsedTime(started));
        return count;
    }

    private async Task<int> SealBatchAsync(Tx tx, TenantId tenant, CancellationToken ct)
    {
        var head = await SealedLog.FindHeadAsync(tx, tenant, ct);
        var size = head?.Size ?? 0;
        var edge = await SealedLog.ReadTilesAsync(tx, tenant, MerkleTiles.Edge(size), ct);
        if (head is not null && !await IsOursAsync(tx, tenant, head, edge, ct))
        {
            // What we would sign now would vouch for what somebody else put there.
            log.SealingRefused(tenant.Value, size);
            return 0;
        }

        var leaves = await SealedLog.AssignPositionsAsync(tx, tenant, size, LargestBatch, ct);
        if (leaves.Count == 0)
        {
            return 0;
        }

        await trusted.IntroduceAsync(tx, tenant, ct);
        var growth = MerkleTiles.Append(size, edge, leaves.Select(leaf => TreeHash.From(leaf.LeafHash)).ToArray());
        SealedLog.AddWithCommit(tx, tenant, growth, signer.Sign(tenant, growth.Size, growth.Root, tx.Now));
        return leaves.Count;
    }

    // The tree we are about to grow must be the one we signed last.
    private async Task<bool> IsOursAsync(
        Tx tx, TenantId tenant, SealedLog.Head head, IReadOnlyDictionary<TileId, ReadOnlyMemory<byte>> edge, CancellationToken ct)
    {
        try
        {
            return SignedNote.TryParse(head.Note, out var note)
                && note!.Open(await trusted.ListAsync(tx, tenant, ct), Ed25519.Verify) is NoteOpening.Signed
                && Checkpoint.TryParse(note.Text, out var signed)
                && signed!.Origin == CheckpointSigner.OriginOf(tenant)
                && signed.Size == head.Size
                && signed.Root == await MerkleTiles.RootAsync(head.Size, (_, _) => new(edge), ct);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
