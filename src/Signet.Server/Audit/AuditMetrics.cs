using System.Diagnostics.Metrics;

namespace Signet.Server.Audit;

/// <summary>How much is put on record, in which groups, and how far the sealer is behind.</summary>
internal sealed class AuditMetrics : IDisposable
{
    public const string MeterName = "Signet.Audit";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> records;
    private readonly Histogram<int> groups;
    private readonly Histogram<double> sealing;
    private long unsealed;
    private int integrity = -1;

    public AuditMetrics()
    {
        records = meter.CreateCounter<long>("signet_audit_records_total", description: "Audit records written, by outcome.");
        groups = meter.CreateHistogram<int>(
            "signet_audit_group_size", description: "Records that share one commit of the group writer.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });
        sealing = meter.CreateHistogram<double>(
            "signet_audit_seal_seconds", "s", "Time to seal one batch of one tenant.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] });
        // Nothing until the first look: not to know is neither.
        meter.CreateObservableGauge<int>(
            "signet_audit_chain_integrity", () => Volatile.Read(ref integrity) is >= 0 and var found ? [new Measurement<int>(found)] : [],
            description: "1 where the hourly check found every audit log to be what was signed, 0 where it did not.");
        meter.CreateObservableGauge(
            "signet_audit_unsealed", () => Interlocked.Read(ref unsealed), description: "Records without a position when the sealer last looked.");
    }

    /// <param name="news"><c>1</c> or <c>0</c>, from whichever node looked.</param>
    public void IntegrityFound(string news) => Volatile.Write(ref integrity, news == "1" ? 1 : 0);

    public void Counted(AuditRecord record) => records.Add(1, new KeyValuePair<string, object?>("outcome", record.Outcome));

    public void GroupWritten(int size) => groups.Record(size);

    public void Sealed(TimeSpan duration) => sealing.Record(duration.TotalSeconds);

    public void Unsealed(long count) => Interlocked.Exchange(ref unsealed, count);

    public void Dispose() => meter.Dispose();
}
