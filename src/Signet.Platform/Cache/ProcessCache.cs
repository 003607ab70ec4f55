namespace Signet.Platform.Cache;

/// <summary>The shared cache of an installation without Redis: in this process, bounded.</summary>
public sealed class ProcessCache(TimeProvider time, int capacity = 50_000) : ISharedCache
{
    private readonly BoundedMap<string, Entry> entries = new(capacity);

    public ValueTask<byte[]?> FindAsync(string key, CancellationToken ct) =>
        new(entries.TryGet(key, out var entry) && !IsExpired(entry) ? entry.Value : null);

    public ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken ct)
    {
        entries.Set(key, MakeEntry(value, timeToLive));
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(string key, CancellationToken ct)
    {
        entries.Remove(key);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> AddAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken ct) =>
        new(entries.TryReplace(key, MakeEntry(value, timeToLive), IsExpired));

    private Entry MakeEntry(ReadOnlyMemory<byte> value, TimeSpan timeToLive) => new(value.ToArray(), time.GetUtcNow() + timeToLive);

    private bool IsExpired(Entry entry) => entry.Until <= time.GetUtcNow();

    private readonly record struct Entry(byte[] Value, DateTimeOffset Until);
}
