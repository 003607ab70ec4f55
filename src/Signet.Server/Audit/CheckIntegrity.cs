using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit.Storage;

namespace Signet.Server.Audit;

/// <summary>
/// Verifies the log of every tenant, every hour, on one node; all nodes then show the outcome as the gauge <c>signet_audit_chain_integrity</c>.
/// What is broken goes on record in its tenant.
/// </summary>
internal sealed class CheckIntegrity(Db db, VerifyAudit verify, AuditWriter audit, ILogger<CheckIntegrity> log)
{
    public const string Topic = "audit_integrity";

    private static readonly Origin Origin = Origin.OfWorker("audit-checker", "audit-checker");

    /// <summary>Whether every log is what was signed.</summary>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        var broken = 0;
        foreach (var tenant in await db.AsSystemAsync(tx => SealedLog.ListTenantsAsync(tx, ct), ct))
        {
            var found = await verify.RunAsync(tenant, [], ct);
            if (!found.Verified)
            {
                broken++;
                log.IntegrityBroken(tenant.Value, found.Faults.Count, found.Faults[0]);
                await audit.RecordAsync(tenant, Origin, new AuditVerified(tenant, found.Signed, found.Faults.Count), ct);
            }
        }

        await db.AsSystemAsync(tx =>
        {
            tx.Notify(Topic, broken == 0 ? "1" : "0");
            return Task.CompletedTask;
        }, ct);
        return broken == 0;
    }
}
