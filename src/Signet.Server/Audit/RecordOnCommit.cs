using Signet.Platform.Data;
using Signet.Server.Audit.Storage;

namespace Signet.Server.Audit;

/// <summary>The commit step that puts a transaction's events on record: they commit with what they tell of, or neither does.</summary>
internal sealed class RecordOnCommit(AuditScribe scribe, AuditMetrics metrics)
{
    public async ValueTask RunAsync(Tx tx, CancellationToken ct)
    {
        if (tx.Events.Count == 0)
        {
            return;
        }

        var records = new AuditRecord[tx.Events.Count];
        for (var i = 0; i < records.Length; i++)
        {
            records[i] = await scribe.WriteAsync(tx.Events[i], tx, ct);
            metrics.Counted(records[i]);
        }

        AuditEvents.AddWithCommit(tx, records);
    }
}
