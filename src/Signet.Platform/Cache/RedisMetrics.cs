using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Signet.Platform.Cache;

/// <summary>Times what is asked of Redis, by command; of keys and values nothing is kept.</summary>
internal static class RedisMetrics
{
    private static readonly Meter Meter = new("Signet.Redis");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "signet_redis_command_duration_seconds", "s", "Time from a command to its answer, by command.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] });

    /// <param name="command">A word of ours.</param>
    public static void Record(string command, long begun) =>
        Duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds, new KeyValuePair<string, object?>("command", command));
}
