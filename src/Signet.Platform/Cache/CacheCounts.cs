using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Signet.Platform.Cache;

/// <summary>Hits and misses of one cache. Counted in lanes of a cache line each, so that threads don't wait for one another on the hot path.</summary>
internal sealed class CacheCounts
{
    private const int Lanes = 16;
    private const int LaneLength = 8;
    private static readonly ConcurrentDictionary<string, CacheCounts> All = new(StringComparer.Ordinal);
    private static readonly Meter Meter = new("Signet.Cache");
    private readonly long[] hits = new long[Lanes * LaneLength];
    private readonly long[] misses = new long[Lanes * LaneLength];

    static CacheCounts()
    {
        Meter.CreateObservableCounter("signet_cache_hits_total", () => Measure(c => c.hits), description: "Answers from this node's copies.");
        Meter.CreateObservableCounter("signet_cache_misses_total", () => Measure(c => c.misses), description: "Answers that had to be loaded.");
    }

    public static CacheCounts For(string name) => All.GetOrAdd(name, _ => new CacheCounts());

    public void Hit() => Interlocked.Increment(ref hits[Lane()]);

    public void Miss() => Interlocked.Increment(ref misses[Lane()]);

    private static int Lane() => (Environment.CurrentManagedThreadId & (Lanes - 1)) * LaneLength;

    private static IEnumerable<Measurement<long>> Measure(Func<CacheCounts, long[]> which) =>
        All.Select(cache => new Measurement<long>(which(cache.Value).Sum(), new KeyValuePair<string, object?>("cache", cache.Key)));
}
