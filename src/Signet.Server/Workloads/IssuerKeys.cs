using System.Text.Json;
using Signet.Jose;
using Signet.Platform.Outbound;
using Signet.Server.Agents;

namespace Signet.Server.Workloads;

/// <summary>The keys of a policy's issuer: those that are pinned, those at the address the policy names, or at the one the issuer names itself.</summary>
public sealed class IssuerKeys(OutboundHttp door, RemoteKeys remote, TimeProvider time)
{
    private const string WellKnown = "/.well-known/openid-configuration";

    private readonly PublishedCopies<Discovered> discovered = new(door, time, Read);

    /// <summary>Null where they can't be had now.</summary>
    internal async ValueTask<Jwks?> FindAsync(WorkloadTrust trust, CancellationToken ct) =>
        trust.PinnedKeys ?? (await AddressOfAsync(trust, ct) is { } address ? await remote.FindAsync(address, ct) : null);

    /// <summary>The same, after a key was not among them. Null where it is not worth another look.</summary>
    internal async ValueTask<Jwks?> FindAgainAsync(WorkloadTrust trust, CancellationToken ct) =>
        trust.PinnedKeys is null && await AddressOfAsync(trust, ct) is { } address ? await remote.FindAgainAsync(address, ct) : null;

    private async ValueTask<string?> AddressOfAsync(WorkloadTrust trust, CancellationToken ct) =>
        trust.JwksUri
        // OIDC Discovery §4.1, §4.3: the document is about the issuer it was asked for, or it is nobody's.
        ?? (await discovered.FindAsync(trust.Issuer.TrimEnd('/') + WellKnown, ct) is { } document && document.Issuer == trust.Issuer ? document.JwksUri : null);

    private static Discovered? Read(byte[] body) =>
        StrictJson.TryParseElement(body) is { ValueKind: JsonValueKind.Object } document
        && document.TryGetProperty("issuer", out var issuer) && issuer.ValueKind is JsonValueKind.String
        && document.TryGetProperty("jwks_uri", out var uri) && uri.ValueKind is JsonValueKind.String
            ? new Discovered(issuer.GetString()!, uri.GetString()!)
            : null;

    private sealed record Discovered(string Issuer, string JwksUri);
}
