using System.Diagnostics.Metrics;

namespace Signet.Server.Passwords;

/// <summary>What hashing costs: the dearest thing this server does, and the first to show that a machine is too small.</summary>
public sealed class PasswordMetrics(IMeterFactory meters)
{
    private readonly Histogram<double> hashing = meters.Create("Signet.Passwords").CreateHistogram(
        "signet_password_hash_seconds", "s", "Time to make or verify one password hash, without the wait for its turn.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28] });

    internal void Hashed(TimeSpan duration) => hashing.Record(duration.TotalSeconds);
}
