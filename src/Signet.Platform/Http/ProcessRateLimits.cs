using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Signet.Platform.Http;

/// <summary>
/// Limits of this process. Memory is bounded: when full, the keys nearest to a full allowance are forgotten first,
/// so that a flood of new keys cannot wash away the ones that are being refused. Takes no lock.
/// </summary>
public sealed class ProcessRateLimits(TimeProvider time, int capacity = 100_000) : IRateLimits
{
    private readonly ConcurrentDictionary<Key, Cell> cells = new(KeyComparer.Instance);
    private int count;
    private int sweeping;

    internal int Count => cells.Count;

    public ValueTask<RateDecision> TakeAsync(RateRule rule, string key, CancellationToken ct) => new(Take(rule, key));

    public RateDecision Take(RateRule rule, string key)
    {
        var now = time.GetTimestamp();
        var interval = Ticks(rule.Interval);
        // A full allowance means: the moment it is full again lies no further ahead than the window.
        var furthest = now + Ticks(rule.Window);
        var cell = FindOrAdd(new Key(rule, key), now);
        var seen = Volatile.Read(ref cell.FullAt);
        while (true)
        {
            var next = Math.Max(seen, now) + interval;
            if (next > furthest)
            {
                return new RateDecision.Refused(time.GetElapsedTime(furthest, next));
            }

            var before = Interlocked.CompareExchange(ref cell.FullAt, next, seen);
            if (before == seen)
            {
                return RateDecision.Allowed.Instance;
            }

            seen = before;
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private Cell FindOrAdd(Key key, long now)
    {
        if (cells.TryGetValue(key, out var cell))
        {
            return cell;
        }

        cell = new Cell { FullAt = now };
        if (!cells.TryAdd(key, cell))
        {
            return cells.GetValueOrDefault(key) ?? cell;
        }

        if (Interlocked.Increment(ref count) > capacity && Interlocked.CompareExchange(ref sweeping, 1, 0) is 0)
        {
            Sweep(now);
            Volatile.Write(ref sweeping, 0);
        }

        return cell;
    }

    // Leaves nine tenths at most, so that the cost is spread over the tenth that may come before the next time.
    private void Sweep(long now)
    {
        var left = cells.Select(entry => (Entry: entry, Debt: (Volatile.Read(ref entry.Value.FullAt) - now) / (double)Ticks(entry.Key.Rule.Window))).ToArray();
        Array.Sort(left, (a, b) => a.Debt.CompareTo(b.Debt));
        var surplus = left.Length - (capacity * 9 / 10);
        for (var index = 0; index < left.Length && (index < surplus || left[index].Debt <= 0); index++)
        {
            if (cells.TryRemove(left[index].Entry))
            {
                Interlocked.Decrement(ref count);
            }
        }
    }

    private readonly record struct Key(RateRule Rule, string Text);

    private sealed class Cell
    {
        public long FullAt;
    }

    // A rule is one object for the life of the process; comparing its members would cost more than all the rest.
    private sealed class KeyComparer : IEqualityComparer<Key>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(Key x, Key y) => ReferenceEquals(x.Rule, y.Rule) && string.Equals(x.Text, y.Text, StringComparison.Ordinal);

        public int GetHashCode(Key key) => HashCode.Combine(RuntimeHelpers.GetHashCode(key.Rule), StringComparer.Ordinal.GetHashCode(key.Text));
    }
}
