using Signet.Jose;
using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Keys.Storage;

namespace Signet.Server.Keys;

/// <summary>
/// The key rings of tenants, from this node's copy, which goes the moment a key moves. A tenant's first key of an algorithm is made
/// when it is first needed; of many nodes that need it at once, one makes it.
/// </summary>
public sealed class KeyRings
{
    internal const string Topic = "signing_keys";

    private readonly Db db;
    private readonly KeySeal seal;
    private readonly NodeCache<TenantId, KeyRing> rings;

    internal KeyRings(Db db, KeySeal seal, Notifications notifications, TimeProvider time)
    {
        this.db = db;
        this.seal = seal;
        rings = new(Topic, key => key.ToString(), new NodeCacheOptions(10_000), notifications, time);
    }

    public ValueTask<KeyRing> GetAsync(TenantId tenant, CancellationToken ct) => rings.GetAsync(tenant, LoadAsync, ct);

    public async ValueTask<SigningKey> GetSigningKeyAsync(TenantId tenant, string algorithm, CancellationToken ct)
    {
        if ((await GetAsync(tenant, ct)).Find(algorithm) is { } key)
        {
            return key;
        }

        await db.InTenantAsync(tenant, tx => MakeFirstAsync(tx, algorithm, ct), ct);
        return (await GetAsync(tenant, ct)).Find(algorithm) ?? throw new InvalidOperationException($"The tenant's {algorithm} key was made and is not there.");
    }

    private async Task MakeFirstAsync(Tx tx, string algorithm, CancellationToken ct)
    {
        using var key = SigningKey.Generate(JwsAlgorithm.TryParse(algorithm) ?? throw new ArgumentException("No such algorithm.", nameof(algorithm)));
        var row = await seal.ToRowAsync(tx, key, KeyState.Active, ct);
        if (await SigningKeyRows.TryInsertAsync(tx, row, ct))
        {
            tx.Emit(Origin.OfWorker("keys", "first-use"), new SigningKeyActivated(key.Kid, algorithm));
        }

        tx.Notify(Topic, tx.Tenant.ToString());
    }

    private Task<KeyRing> LoadAsync(TenantId tenant, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx =>
        {
            var published = new List<Jwk>();
            var signing = new Dictionary<string, SigningKey>(StringComparer.Ordinal);
            foreach (var row in await SigningKeyRows.PublishedAsync(tx, ct))
            {
                published.Add(KeySeal.PublicKeyOf(row));
                if (row.State is KeyState.Active)
                {
                    signing[row.Algorithm] = await seal.OpenAsync(tx, row, ct);
                }
            }

            return new KeyRing(published, signing);
        }, ct);
}
