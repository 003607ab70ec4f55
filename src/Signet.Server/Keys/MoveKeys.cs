using Signet.Jose;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Keys.Storage;

namespace Signet.Server.Keys;

/// <summary>
/// Moves keys along: announces a successor in time, lets it take over when everybody can have it, withdraws the old one when nothing
/// it signed is left. Run as often as you like: what is due is done, once.
/// </summary>
public sealed class MoveKeys
{
    private readonly KeySeal seal;

    internal MoveKeys(KeySeal seal) => this.seal = seal;

    /// <summary>Everything of the tenant that is due.</summary>
    public async Task RunAsync(Tx tx, Origin origin, CancellationToken ct)
    {
        var algorithms = (await SigningKeyRows.PublishedAsync(tx, ct)).Select(row => row.Algorithm).Distinct(StringComparer.Ordinal).ToList();
        foreach (var algorithm in algorithms)
        {
            var keys = await SigningKeyRows.LockAsync(tx, algorithm, ct);
            var active = keys.Find(key => key.State is KeyState.Active);
            var announced = keys.Find(key => key.State is KeyState.Announced);
            if (announced is null && active is not null && active.ActivatedAt + KeyLife.Active - KeyLife.Lead <= tx.Now)
            {
                await AnnounceAsync(tx, origin, algorithm, ct);
            }
            else if (announced is not null && announced.CreatedAt + KeyLife.Lead <= tx.Now)
            {
                await TakeOverAsync(tx, origin, active, announced, ct);
            }

            foreach (var old in keys.Where(key => key.State is KeyState.Retiring && key.RetiringAt + KeyLife.Overlap <= tx.Now))
            {
                await SigningKeyRows.RetireAsync(tx, old.Kid, dropped: null, ct);
                tx.Emit(origin, new SigningKeyRetired(old.Kid, algorithm));
                tx.Notify(KeyRings.Topic, tx.Tenant.ToString());
            }
        }
    }

    /// <summary>Announces a successor now; it signs after <see cref="KeyLife.Lead"/>, or at once where that is asked for.</summary>
    public async Task<string> RotateAsync(Tx tx, Origin origin, string algorithm, bool atOnce, CancellationToken ct)
    {
        var keys = await SigningKeyRows.LockAsync(tx, algorithm, ct);
        var kid = keys.Find(key => key.State is KeyState.Announced)?.Kid ?? await AnnounceAsync(tx, origin, algorithm, ct);
        var active = keys.Find(key => key.State is KeyState.Active);
        if (atOnce || active is null)
        {
            var announced = (await SigningKeyRows.LockAsync(tx, algorithm, ct)).Single(key => key.Kid == kid);
            await TakeOverAsync(tx, origin, active, announced, ct);
        }

        return kid;
    }

    /// <summary>Withdraws a key now: nothing it signed is believed from here on. A key that signed is replaced at once. Null: no such key that is published.</summary>
    public async Task<string?> DropAsync(Tx tx, Origin origin, string kid, string reason, CancellationToken ct)
    {
        var row = (await SigningKeyRows.PublishedAsync(tx, ct)).Find(key => key.Kid == kid);
        if (row is null)
        {
            return null;
        }

        await SigningKeyRows.LockAsync(tx, row.Algorithm, ct);
        await SigningKeyRows.RetireAsync(tx, kid, reason, ct);
        tx.Emit(origin, new SigningKeyDropped(kid, row.Algorithm, reason));
        tx.Notify(KeyRings.Topic, tx.Tenant.ToString());
        return row.State is KeyState.Active ? await RotateAsync(tx, origin, row.Algorithm, atOnce: true, ct) : kid;
    }

    private async Task<string> AnnounceAsync(Tx tx, Origin origin, string algorithm, CancellationToken ct)
    {
        using var key = SigningKey.Generate(JwsAlgorithm.TryParse(algorithm) ?? throw new ArgumentException("No such algorithm.", nameof(algorithm)));
        if (!await SigningKeyRows.TryInsertAsync(tx, await seal.ToRowAsync(tx, key, KeyState.Announced, ct), ct))
        {
            throw new InvalidOperationException("Another key was announced while this transaction held them all.");
        }

        tx.Emit(origin, new SigningKeyAnnounced(key.Kid, algorithm));
        tx.Notify(KeyRings.Topic, tx.Tenant.ToString());
        return key.Kid;
    }

    private static async Task TakeOverAsync(Tx tx, Origin origin, SigningKeyRow? old, SigningKeyRow announced, CancellationToken ct)
    {
        if (old is not null)
        {
            await SigningKeyRows.BeginRetiringAsync(tx, old.Kid, ct);
            tx.Emit(origin, new SigningKeyRetiring(old.Kid, old.Algorithm));
        }

        await SigningKeyRows.ActivateAsync(tx, announced.Kid, ct);
        tx.Emit(origin, new SigningKeyActivated(announced.Kid, announced.Algorithm));
        tx.Notify(KeyRings.Topic, tx.Tenant.ToString());
    }
}
