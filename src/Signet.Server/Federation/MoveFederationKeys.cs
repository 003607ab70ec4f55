using Signet.Jose;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Federation.Storage;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>
/// Moves federation keys along: announces a successor in time, lets it take over when everybody can have it (OIDFed §11.2), ends the old one when nothing it
/// signed is left. Each move and the configuration that tells of it are one transaction, under the hold of the entity's row. Run as often as you like.
/// </summary>
public sealed class MoveFederationKeys
{
    private readonly FederationKeySeal seal;
    private readonly WriteConfiguration write;

    internal MoveFederationKeys(FederationKeySeal seal, WriteConfiguration write) => (this.seal, this.write) = (seal, write);

    /// <summary>Everything of the tenant that is due. True where something moved.</summary>
    public async Task<bool> RunAsync(Tx tx, Origin origin, Tenant tenant, CancellationToken ct)
    {
        if (await FederationEntityRows.LockAsync(tx, ct) is not { } row || row.ToSettings() is not { Enabled: true } settings)
        {
            return false;
        }

        if (!await MoveAsync(tx, origin, settings, ct))
        {
            return false;
        }

        await FinishAsync(tx, tenant, ct);
        return true;
    }

    /// <summary>Announces a successor now; it signs after the lead, or at once where that is asked for. Null where the entity is off or has no such algorithm.</summary>
    public async Task<string?> RotateAsync(Tx tx, Origin origin, Tenant tenant, string algorithm, bool atOnce, CancellationToken ct)
    {
        if (await FederationEntityRows.LockAsync(tx, ct) is not { } row || row.ToSettings() is not { Enabled: true } settings || !settings.Algorithms.Contains(algorithm))
        {
            return null;
        }

        var keys = await OfAlgorithmAsync(tx, algorithm, ct);
        var announced = keys.Find(key => key.State is FederationKeyState.Announced);
        var active = keys.Find(key => key.State is FederationKeyState.Active);
        announced ??= await MakeAsync(tx, origin, algorithm, FederationKeyState.Announced, ct);
        if (atOnce || active is null)
        {
            await TakeOverAsync(tx, origin, active, announced, ct);
        }

        await FinishAsync(tx, tenant, ct);
        return announced.Kid;
    }

    /// <summary>
    /// Withdraws a key now: it is in no configuration from here on, nothing it signed is served, and the historical keys say why. A key that signed is replaced
    /// at once. The kid of what signs in its place; null where there is no such key in use.
    /// </summary>
    public async Task<string?> RevokeAsync(Tx tx, Origin origin, Tenant tenant, string kid, string reason, CancellationToken ct)
    {
        if (await FederationEntityRows.LockAsync(tx, ct) is null || (await FederationKeyRows.PublishedAsync(tx, ct)).Find(key => key.Kid == kid) is not { } key)
        {
            return null;
        }

        await FederationKeyRows.EndAsync(tx, kid, reason, ct);
        tx.Emit(origin, new FederationKeyRevoked(kid, key.Algorithm, reason));
        await StatementRows.DeleteOfKeyAsync(tx, kid, ct);
        StatementShelf.ForgetAll(tx);
        var successor = kid;
        if (key.State is FederationKeyState.Active)
        {
            var announced = (await OfAlgorithmAsync(tx, key.Algorithm, ct)).Find(other => other.State is FederationKeyState.Announced);
            if (announced is null)
            {
                announced = await MakeAsync(tx, origin, key.Algorithm, FederationKeyState.Active, ct);
            }
            else
            {
                await TakeOverAsync(tx, origin, null, announced, ct);
            }

            successor = announced.Kid;
        }

        await FinishAsync(tx, tenant, ct);
        return successor;
    }

    /// <summary>The keys that the settings ask for, without telling anybody yet: for who holds the row and writes the configuration itself.</summary>
    internal async Task<bool> MoveAsync(Tx tx, Origin origin, FederationSettings settings, CancellationToken ct)
    {
        var published = await FederationKeyRows.PublishedAsync(tx, ct);
        var moved = false;
        var isFirst = published.All(key => key.State is not FederationKeyState.Active);
        foreach (var algorithm in settings.Algorithms)
        {
            var active = published.Find(key => key.Algorithm == algorithm && key.State is FederationKeyState.Active);
            var announced = published.Find(key => key.Algorithm == algorithm && key.State is FederationKeyState.Announced);
            if (active is null && announced is null)
            {
                // The first keys of an entity are nobody's surprise; those of a further algorithm are announced like any other.
                await MakeAsync(tx, origin, algorithm, isFirst ? FederationKeyState.Active : FederationKeyState.Announced, ct);
                moved = true;
            }
            else if (announced is not null && announced.CreatedAt + settings.KeyLead <= tx.Now)
            {
                await TakeOverAsync(tx, origin, active, announced, ct);
                moved = true;
            }
            else if (announced is null && active!.ActivatedAt + TimeSpan.FromDays(settings.KeyDays) - settings.KeyLead <= tx.Now)
            {
                await MakeAsync(tx, origin, algorithm, FederationKeyState.Announced, ct);
                moved = true;
            }
        }

        return await EndAsync(tx, origin, settings, ct) || moved;
    }

    private static async Task<bool> EndAsync(Tx tx, Origin origin, FederationSettings settings, CancellationToken ct)
    {
        var moved = false;
        var published = await FederationKeyRows.PublishedAsync(tx, ct);
        var canSign = published.Any(key => key.State is FederationKeyState.Active && settings.Algorithms.Contains(key.Algorithm));
        foreach (var key in published)
        {
            var unwanted = canSign && !settings.Algorithms.Contains(key.Algorithm);
            if (unwanted && key.State is FederationKeyState.Active)
            {
                await FederationKeyRows.BeginRetiringAsync(tx, key.Kid, ct);
                tx.Emit(origin, new FederationKeyRetiring(key.Kid, key.Algorithm));
                moved = true;
            }
            else if ((unwanted && key.State is FederationKeyState.Announced)
                || (key.State is FederationKeyState.Retiring && key.RetiringAt + settings.KeyOverlap <= tx.Now))
            {
                await FederationKeyRows.EndAsync(tx, key.Kid, null, ct);
                tx.Emit(origin, new FederationKeyEnded(key.Kid, key.Algorithm));
                moved = true;
            }
        }

        return moved;
    }

    private async Task FinishAsync(Tx tx, Tenant tenant, CancellationToken ct)
    {
        await write.RunAsync(tx, tenant, ct);
        tx.Notify(FederationKeyRings.Topic, tx.Tenant.ToString());
    }

    private async Task<FederationKeyRow> MakeAsync(Tx tx, Origin origin, string algorithm, FederationKeyState state, CancellationToken ct)
    {
        using var key = SigningKey.Generate(JwsAlgorithm.TryParse(algorithm) ?? throw new ArgumentException("No such algorithm.", nameof(algorithm)));
        var row = await seal.ToRowAsync(tx, key, state, ct);
        await FederationKeyRows.InsertAsync(tx, row, ct);
        tx.Emit(origin, state is FederationKeyState.Active ? new FederationKeyActivated(key.Kid, algorithm) : (DomainEvent)new FederationKeyAnnounced(key.Kid, algorithm));
        return row;
    }

    private static async Task TakeOverAsync(Tx tx, Origin origin, FederationKeyRow? old, FederationKeyRow announced, CancellationToken ct)
    {
        if (old is not null)
        {
            await FederationKeyRows.BeginRetiringAsync(tx, old.Kid, ct);
            tx.Emit(origin, new FederationKeyRetiring(old.Kid, old.Algorithm));
        }

        await FederationKeyRows.ActivateAsync(tx, announced.Kid, ct);
        tx.Emit(origin, new FederationKeyActivated(announced.Kid, announced.Algorithm));
    }

    private static async Task<List<FederationKeyRow>> OfAlgorithmAsync(Tx tx, string algorithm, CancellationToken ct) =>
        [.. (await FederationKeyRows.PublishedAsync(tx, ct)).Where(key => key.Algorithm == algorithm)];
}
