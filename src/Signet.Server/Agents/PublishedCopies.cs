using System.Collections.Concurrent;
using Signet.Platform.Cache;
using Signet.Platform.Outbound;

namespace Signet.Server.Agents;

/// <summary>
/// Small documents that others publish, from this node's copy. What is not in the copy makes it be fetched anew, but not more than once a minute: names
/// are free to invent. What can't be fetched is not tried again for a while, and an old copy serves for an hour at most.
/// </summary>
/// <param name="read">Null where the bytes are no such document.</param>
public sealed class PublishedCopies<T>(OutboundHttp door, TimeProvider time, Func<byte[], T?> read) where T : class
{
    private const int MaxBytes = 256 * 1024;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Stale = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly BoundedMap<string, Copy> copies = new(10_000);
    private readonly ConcurrentDictionary<string, Lazy<Task<Copy>>> flights = new(StringComparer.Ordinal);

    /// <summary>What is at this address; null where there is nothing to be had.</summary>
    public ValueTask<T?> FindAsync(string address, CancellationToken ct) => FindAsync(address, Fresh, ct);

    /// <summary>The same, after something was not in what <see cref="FindAsync(string, CancellationToken)"/> gave. Null where it is not worth another look.</summary>
    public async ValueTask<T?> FindAgainAsync(string address, CancellationToken ct) =>
        copies.TryGet(address, out var copy) && time.GetUtcNow() - copy.TriedAt < Pause ? null : await FindAsync(address, TimeSpan.Zero, ct);

    private async ValueTask<T?> FindAsync(string address, TimeSpan freshFor, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!copies.TryGet(address, out var copy) || (now - copy.FetchedAt >= freshFor && now - copy.TriedAt >= Pause))
        {
            // Shared by all who wait for it, so it is not cancelled with any one of them; the door's own limit ends it.
            copy = await flights.GetOrAdd(address, uri => new Lazy<Task<Copy>>(() => FlyAsync(uri))).Value.WaitAsync(ct);
        }

        return now - copy.FetchedAt < Stale ? copy.Document : null;
    }

    private async Task<Copy> FlyAsync(string address)
    {
        try
        {
            var document = await FetchAsync(address);
            var now = time.GetUtcNow();
            var before = copies.TryGet(address, out var old) ? old : new Copy(null, DateTimeOffset.MinValue, now);
            var copy = document is null ? before with { TriedAt = now } : new Copy(document, now, now);
            copies.Set(address, copy);
            return copy;
        }
        finally
        {
            flights.TryRemove(address, out _);
        }
    }

    private async Task<T?> FetchAsync(string address)
    {
        var request = OutboundRequest.Get(address) with { MaxBytes = MaxBytes, Timeout = TimeSpan.FromSeconds(5) };
        return await door.SendAsync(request, CancellationToken.None) is OutboundResult.Answered { Status: StatusCodes.Status200OK } answered
            ? read(answered.Body)
            : null;
    }

    private sealed record Copy(T? Document, DateTimeOffset FetchedAt, DateTimeOffset TriedAt);
}
