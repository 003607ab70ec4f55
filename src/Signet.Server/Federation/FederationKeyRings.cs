using Signet.Jose;
using Signet.OpenIdFederation;
using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Federation.Storage;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>An entity's federation keys at one moment.</summary>
/// <param name="Published">Those in its configuration: announced, active, retiring.</param>
/// <param name="Signing">What signs: hand it to the drafts of the library, or to <see cref="Jwt"/> with the type of the message.</param>
public sealed record FederationKeyRing(FederationKeys Published, SigningKey Signing);

/// <summary>The federation keys of tenants, from this node's copy, which goes the moment a key moves.</summary>
public sealed class FederationKeyRings
{
    internal const string Topic = "federation_keys";

    private readonly Db db;
    private readonly FederationKeySeal seal;
    private readonly NodeCache<TenantId, FederationKeyRing?> rings;

    internal FederationKeyRings(Db db, FederationKeySeal seal, Notifications notifications, TimeProvider time)
    {
        this.db = db;
        this.seal = seal;
        rings = new(Topic, key => key.ToString(), new NodeCacheOptions(10_000), notifications, time);
    }

    /// <summary>Null where the tenant has none: it never was a federation entity.</summary>
    public ValueTask<FederationKeyRing?> FindAsync(Tenant tenant, CancellationToken ct) =>
        rings.GetAsync(tenant.Id, (id, token) => db.InTenantAsync(id, async tx =>
        {
            var (settings, _) = await FederationDirectory.LoadAsync(tx, token);
            return await LoadAsync(tx, settings, token);
        }, token), ct);

    /// <summary>The same as this transaction sees it.</summary>
    internal async Task<FederationKeyRing?> LoadAsync(Tx tx, FederationSettings settings, CancellationToken ct)
    {
        var rows = await FederationKeyRows.PublishedAsync(tx, ct);
        var active = rows.Where(row => row.State is FederationKeyState.Active).ToList();
        // The first of the algorithms that has a key; a new one's is announced first.
        var signing = settings.Algorithms.Select(name => active.Find(row => row.Algorithm == name)).FirstOrDefault(row => row is not null) ?? active.FirstOrDefault();
        return signing is null
            ? null
            : new FederationKeyRing(FederationKeys.Of(rows.Select(FederationKeySeal.PublicKeyOf)), await seal.OpenAsync(tx, signing, ct));
    }
}
