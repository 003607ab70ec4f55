using System.Collections.Concurrent;
using Signet.Jose;
using Signet.Platform.Cache;
using Signet.Platform.Outbound;

namespace Signet.Server.Agents;

/// <summary>
/// Key sets that others publish, from this node's copy. A key that is not in the copy makes it be fetched anew, but not more than once a minute: names of
/// keys are free to invent. What can't be fetched is not tried again for a while, and an old copy serves for an hour at most.
/// </summary>
public sealed class RemoteKeys(OutboundHttp door, TimeProvider time)
{
    private const int MaxBytes = 256 * 1024;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Stale = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly BoundedMap<string, Copy> copies = new(10_000);
    private readonly ConcurrentDictionary<string, Lazy<Task<Copy>>> flights = new(StringComparer.Ordinal);

    /// <summary>The set at this address; null where there is none to be had.</summary>
    public ValueTask<Jwks?> FindAsync(string jwksUri, CancellationToken ct) => FindAsync(jwksUri, Fresh, ct);

    /// <summary>The same, after a key was not in what <see cref="FindAsync(string, CancellationToken)"/> gave. Null where it is not worth another look.</summary>
    public async ValueTask<Jwks?> FindAgainAsync(string jwksUri, CancellationToken ct) =>
        copies.TryGet(jwksUri, out var copy) && time.GetUtcNow() - copy.TriedAt < Pause ? null : await FindAsync(jwksUri, TimeSpan.Zero, ct);

    private async ValueTask<Jwks?> FindAsync(string jwksUri, TimeSpan freshFor, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!copies.TryGet(jwksUri, out var copy) || (now - copy.FetchedAt >= freshFor && now - copy.TriedAt >= Pause))
        {
            // Shared by all who wait for it, so it is not cancelled with any one of them; the door's own limit ends it.
            copy = await flights.GetOrAdd(jwksUri, uri => new Lazy<Task<Copy>>(() => FlyAsync(uri))).Value.WaitAsync(ct);
        }

        return now - copy.FetchedAt < Stale ? copy.Keys : null;
    }

    private async Task<Copy> FlyAsync(string jwksUri)
    {
        try
        {
            var keys = await FetchAsync(jwksUri);
            var now = time.GetUtcNow();
            var before = copies.TryGet(jwksUri, out var old) ? old : new Copy(null, DateTimeOffset.MinValue, now);
            var copy = keys is null ? before with { TriedAt = now } : new Copy(keys, now, now);
            copies.Set(jwksUri, copy);
            return copy;
        }
        finally
        {
            flights.TryRemove(jwksUri, out _);
        }
    }

    private async Task<Jwks?> FetchAsync(string jwksUri)
    {
        var request = OutboundRequest.Get(jwksUri) with { MaxBytes = MaxBytes, Timeout = TimeSpan.FromSeconds(5) };
        return await door.SendAsync(request, CancellationToken.None) is OutboundResult.Answered { Status: StatusCodes.Status200OK } answered
            ? Jwks.TryParse(answered.Body)
            : null;
    }

    private sealed record Copy(Jwks? Keys, DateTimeOffset FetchedAt, DateTimeOffset TriedAt);
}
