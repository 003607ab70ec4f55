using Signet.Jose;
using Signet.Platform.Outbound;

namespace Signet.Server.Agents;

/// <summary>Key sets that others publish.</summary>
public sealed class RemoteKeys(OutboundHttp door, TimeProvider time)
{
    private readonly PublishedCopies<Jwks> copies = new(door, time, body => Jwks.TryParse(body));

    /// <summary>The set at this address; null where there is none to be had.</summary>
    public ValueTask<Jwks?> FindAsync(string jwksUri, CancellationToken ct) => copies.FindAsync(jwksUri, ct);

    /// <summary>The same, after a key was not in what <see cref="FindAsync"/> gave. Null where it is not worth another look.</summary>
    public ValueTask<Jwks?> FindAgainAsync(string jwksUri, CancellationToken ct) => copies.FindAgainAsync(jwksUri, ct);
}
