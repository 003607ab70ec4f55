using System.Collections.Concurrent;
using System.Text.Json;
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
    public ValueTask<Jwks?> FindAsync(string jwksUri, CancellationToken ct) => FindAsync(jwksUri, Fresh, token => FetchSetAsync(jwksUri, token), ct);

    /// <summary>The same, after a key was not in what <see cref="FindAsync(string, CancellationToken)"/> gave. Null where it is not worth another look.</summary>
    public ValueTask<Jwks?> FindAgainAsync(string jwksUri, CancellationToken ct) => AgainAsync(jwksUri, token => FetchSetAsync(jwksUri, token), ct);

    /// <summary>The set an issuer's discovery document leads to (OIDC Discovery §4); null where there is none to be had.</summary>
    public ValueTask<Jwks?> FindOfIssuerAsync(string issuer, CancellationToken ct) => FindAsync(KeyOf(issuer), Fresh, token => DiscoverAsync(issuer, token), ct);

    /// <summary>The same, after a key was not in what <see cref="FindOfIssuerAsync"/> gave. Null where it is not worth another look.</summary>
    public ValueTask<Jwks?> FindAgainOfIssuerAsync(string issuer, CancellationToken ct) => AgainAsync(KeyOf(issuer), token => DiscoverAsync(issuer, token), ct);

    // No URL has a space: the two kinds of address can't be taken for each other.
    private static string KeyOf(string issuer) => $"issuer {issuer}";

    private async ValueTask<Jwks?> AgainAsync(string key, Func<CancellationToken, Task<Jwks?>> fetch, CancellationToken ct) =>
        copies.TryGet(key, out var copy) && time.GetUtcNow() - copy.TriedAt < Pause ? null : await FindAsync(key, TimeSpan.Zero, fetch, ct);

    private async ValueTask<Jwks?> FindAsync(string key, TimeSpan freshFor, Func<CancellationToken, Task<Jwks?>> fetch, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!copies.TryGet(key, out var copy) || (now - copy.FetchedAt >= freshFor && now - copy.TriedAt >= Pause))
        {
            // Shared by all who wait for it, so it is not cancelled with any one of them; the door's own limit ends it.
            copy = await flights.GetOrAdd(key, name => new Lazy<Task<Copy>>(() => FlyAsync(name, fetch))).Value.WaitAsync(ct);
        }

        return now - copy.FetchedAt < Stale ? copy.Keys : null;
    }

    private async Task<Copy> FlyAsync(string key, Func<CancellationToken, Task<Jwks?>> fetch)
    {
        try
        {
            var keys = await fetch(CancellationToken.None);
            var now = time.GetUtcNow();
            var before = copies.TryGet(key, out var old) ? old : new Copy(null, DateTimeOffset.MinValue, now);
            var copy = keys is null ? before with { TriedAt = now } : new Copy(keys, now, now);
            copies.Set(key, copy);
            return copy;
        }
        finally
        {
            flights.TryRemove(key, out _);
        }
    }

    private async Task<Jwks?> DiscoverAsync(string issuer, CancellationToken ct)
    {
        // OIDC Discovery §4.1: the well-known path follows the issuer, whose closing slash goes first.
        var document = await FetchAsync($"{issuer.TrimEnd('/')}/.well-known/openid-configuration", ct) is { } body ? StrictJson.TryParseElement(body) : null;
        // OIDC Discovery §4.3: a document of another issuer is none.
        return document is { ValueKind: JsonValueKind.Object } members
            && TextOf(members, "issuer") == issuer && TextOf(members, "jwks_uri") is { } uri
                ? await FetchSetAsync(uri, ct)
                : null;
    }

    private async Task<Jwks?> FetchSetAsync(string url, CancellationToken ct) => await FetchAsync(url, ct) is { } body ? Jwks.TryParse(body) : null;

    private async Task<byte[]?> FetchAsync(string url, CancellationToken ct)
    {
        var request = OutboundRequest.Get(url) with { MaxBytes = MaxBytes, Timeout = TimeSpan.FromSeconds(5) };
        return await door.SendAsync(request, ct) is OutboundResult.Answered { Status: StatusCodes.Status200OK } answered ? answered.Body : null;
    }

    private static string? TextOf(JsonElement members, string name) =>
        members.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private sealed record Copy(Jwks? Keys, DateTimeOffset FetchedAt, DateTimeOffset TriedAt);
}
