using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Clients.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Clients;

/// <summary>What can happen when an application is to get a new secret.</summary>
public abstract record SecretRotation
{
    private SecretRotation()
    {
    }

    public sealed record Rotated(string ClientSecret, DateTimeOffset OldSecretsEnd) : SecretRotation;

    public sealed record NotFound : SecretRotation;

    public sealed record HasNoSecret : SecretRotation;
}

/// <summary>Gives an application a new secret. The old ones hold for as long as is said, so that a fleet can change over without a gap.</summary>
public static class RotateClientSecret
{
    private const int MaxOverlapHours = 24 * 30;

    /// <param name="OverlapHours">0 to 720: how long the old secrets still hold. 0 ends them now.</param>
    public sealed record Request(int OverlapHours = 0);

    public static void Map(RouteGroupBuilder clients) =>
        clients.MapPost("/{id}/rotate-secret", HandleAsync).Requires(Permission.ManageClients).Produces<SecretRotation.Rotated>().WithSummary("Give an application a new secret.");

    public static async Task<SecretRotation> RunAsync(Tx tx, Origin origin, SecretHash hash, ClientId id, TimeSpan overlap, CancellationToken ct)
    {
        if (await ClientRows.LockAsync(tx, id, ct) is not { } client)
        {
            return new SecretRotation.NotFound();
        }

        if (client.Kind is not ClientKind.Confidential)
        {
            return new SecretRotation.HasNoSecret();
        }

        var end = tx.Now + overlap;
        await ClientRows.ExpireSecretsAsync(tx, id, end, ct);
        var (secret, row) = ClientSecrets.Make(hash, tx.NewId<ClientId>().Value, tx.Now);
        await ClientRows.AddSecretAsync(tx, id, row, ct);
        tx.Emit(origin, new ClientSecretRotated(id, end));
        tx.Notify(ClientDirectory.Topic, id.ToString());
        return new SecretRotation.Rotated(secret, end);
    }

    public static Problem? Refuse(int overlapHours) => overlapHours is >= 0 and <= MaxOverlapHours
        ? null
        : ClientProblems.Invalid with { Detail = $"overlap_hours: is to be 0 to {MaxOverlapHours}." };

    private static async Task<IResult> HandleAsync(
        ClientId id, Request request, Actor actor, Origin origin, Db db, SecretHash hash, CancellationToken ct) =>
        Refuse(request.OverlapHours) ?? await db.InTenantAsync(
            actor.Tenant, tx => RunAsync(tx, origin, hash, id, TimeSpan.FromHours(request.OverlapHours), ct), ct) switch
        {
            SecretRotation.Rotated rotated => TypedResults.Ok(rotated),
            SecretRotation.HasNoSecret => ClientProblems.HasNoSecret,
            _ => (IResult)ClientProblems.NotFound,
        };
}
