using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Signet.Platform.Data;

namespace Signet.Platform.Cache;

/// <param name="Capacity">How many entries it holds at most.</param>
public sealed record NodeCacheOptions(int Capacity)
{
    /// <summary>How long a value is used although no news came.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The same for "there is none" (null); zero keeps no such answer.</summary>
    public TimeSpan NegativeAge { get; init; } = TimeSpan.Zero;
}

/// <summary>
/// Copies of what the database says, on this node. A value is answered only if it was read after the last news about it, while no news can be missed;
/// otherwise it is read again. Many who ask for one missing key cause one load.
/// </summary>
public sealed class NodeCache<TKey, TValue> where TKey : notnull
{
    /// <summary>News under this key makes every entry of the topic old.</summary>
    public const string Everything = "*";

    // News bumps the stamp its key falls on; keys that share a stamp by accident are read once more than needed.
    private const int Stripes = 4096;
    private readonly int[] stamps = new int[Stripes];
    private int epoch;

    private readonly BoundedMap<TKey, Entry> entries;
    private readonly ConcurrentDictionary<TKey, Flight> flights = new();
    private readonly Func<TKey, string> newsKey;
    private readonly Notifications notifications;
    private readonly TimeProvider time;
    private readonly CacheCounts counts;
    private readonly long maxAge;
    private readonly long negativeAge;

    /// <param name="topic">The topic of the news; also the cache's name in the metrics.</param>
    /// <param name="newsKey">Under which key news about this entry comes; it must come whenever what the loader reads has changed.</param>
    public NodeCache(string topic, Func<TKey, string> newsKey, NodeCacheOptions options, Notifications notifications, TimeProvider time)
    {
        this.newsKey = newsKey;
        this.notifications = notifications;
        this.time = time;
        entries = new BoundedMap<TKey, Entry>(options.Capacity);
        counts = CacheCounts.For(topic);
        maxAge = (long)(options.MaxAge.TotalSeconds * time.TimestampFrequency);
        negativeAge = (long)(options.NegativeAge.TotalSeconds * time.TimestampFrequency);
        notifications.Subscribe(topic, Forget, ForgetEverything);
    }

    /// <param name="loader">Reads the truth. Shared by all who wait for the key, so it is not cancelled with any one of them.</param>
    public ValueTask<TValue> GetAsync(TKey key, Func<TKey, CancellationToken, Task<TValue>> loader, CancellationToken ct)
    {
        // While news can be missed no copy is used; but those who ask at one moment still share one look, or a starved database would be asked by all of them.
        return TryCopy(key, out var copy) ? new(copy) : new(LoadAsync(key, loader, ct));
    }

    /// <summary>
    /// The same for who holds a transaction, and reads what is not copied with it: waiting for another's look, or for a second connection, while holding one
    /// could end with all waiting for each other. The transaction must not have changed what is read.
    /// </summary>
    public async ValueTask<TValue> GetAsync(Tx tx, TKey key, Func<TKey, Tx, CancellationToken, Task<TValue>> loader, CancellationToken ct)
    {
        if (TryCopy(key, out var copy))
        {
            return copy;
        }

        var mark = MarkOf(key);
        var value = await loader(key, tx, ct);
        Keep(key, value, mark);
        return value;
    }

    private bool TryCopy(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (notifications.Connected && entries.TryGet(key, out var entry) && IsCurrent(entry.Mark) && time.GetTimestamp() < entry.UsableUntil)
        {
            counts.Hit();
            value = entry.Value;
            return true;
        }

        counts.Miss();
        value = default;
        return false;
    }

    private Task<TValue> LoadAsync(TKey key, Func<TKey, CancellationToken, Task<TValue>> loader, CancellationToken ct)
    {
        while (true)
        {
            if (!flights.TryGetValue(key, out var running))
            {
                running = null;
            }
            else if (IsCurrent(running.Mark))
            {
                return running.Landed.Task.WaitAsync(ct);
            }

            // One that began before the last news may bring the old value: whoever asks now starts another.
            var mine = new Flight(MarkOf(key));
            if (running is null ? flights.TryAdd(key, mine) : flights.TryUpdate(key, mine, running))
            {
                _ = FlyAsync(key, mine, loader);
                return mine.Landed.Task.WaitAsync(ct);
            }
        }
    }

    private async Task FlyAsync(TKey key, Flight flight, Func<TKey, CancellationToken, Task<TValue>> loader)
    {
        try
        {
            var value = await loader(key, CancellationToken.None);
            Keep(key, value, flight.Mark);
            flights.TryRemove(new KeyValuePair<TKey, Flight>(key, flight));
            flight.Landed.SetResult(value);
        }
        catch (Exception failure)
        {
            flights.TryRemove(new KeyValuePair<TKey, Flight>(key, flight));
            flight.Landed.SetException(failure);
        }
    }

    private void Keep(TKey key, TValue value, Mark mark)
    {
        var age = value is null ? negativeAge : maxAge;
        if (age > 0 && notifications.Connected && IsCurrent(mark))
        {
            entries.Set(key, new Entry(value, mark, time.GetTimestamp() + age));
        }
    }

    // Taken before the truth is read: news that comes while it is read makes what was read useless, though it may be stored.
    private Mark MarkOf(TKey key)
    {
        var stripe = StripeOf(newsKey(key));
        return new Mark(stripe, Volatile.Read(ref stamps[stripe]), Volatile.Read(ref epoch));
    }

    private bool IsCurrent(Mark mark) => Volatile.Read(ref stamps[mark.Stripe]) == mark.Stamp && Volatile.Read(ref epoch) == mark.Epoch;

    private void Forget(string news)
    {
        if (news == Everything)
        {
            ForgetEverything();
        }
        else
        {
            Interlocked.Increment(ref stamps[StripeOf(news)]);
        }
    }

    private void ForgetEverything() => Interlocked.Increment(ref epoch);

    private static int StripeOf(string news) => StringComparer.Ordinal.GetHashCode(news) & (Stripes - 1);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Mark(int Stripe, int Stamp, int Epoch);

    private readonly record struct Entry(TValue Value, Mark Mark, long UsableUntil);

    private sealed class Flight(Mark mark)
    {
        public Mark Mark => mark;

        public TaskCompletionSource<TValue> Landed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
