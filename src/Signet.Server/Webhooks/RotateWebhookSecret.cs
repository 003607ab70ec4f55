using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Webhooks.Storage;

namespace Signet.Server.Webhooks;

/// <summary>Gives a webhook a new secret. For as long as is said the present one signs too, so that the receiver can change over without a gap.</summary>
public static class RotateWebhookSecret
{
    private const int MaxOverlapHours = 24 * 30;

    /// <param name="OverlapHours">0 to 720: how long the present secret still signs. 0 ends it now.</param>
    public sealed record Request(int OverlapHours = 0);

    public sealed record Rotated(string Secret, DateTimeOffset OldSecretEnds);

    public static void Map(RouteGroupBuilder webhooks) =>
        webhooks.MapPost("/{id}/rotate-secret", HandleAsync).Requires(Permission.ManageWebhooks).Produces<Rotated>().WithSummary("Give a webhook a new secret.");

    /// <summary>Null where there is no such webhook.</summary>
    public static async Task<Rotated?> RunAsync(Tx tx, Origin origin, WebhookSeal seal, WebhookId id, TimeSpan overlap, CancellationToken ct)
    {
        if (await WebhookRows.LockAsync(tx, id, ct) is null)
        {
            return null;
        }

        var end = tx.Now + overlap;
        await SecretRows.ExpireAsync(tx, id, end, ct);
        var secret = await seal.MakeAsync(tx, id, ct);
        tx.Emit(origin, new WebhookSecretRotated(id, end));
        return new Rotated(secret, end);
    }

    public static Problem? Refuse(int overlapHours) => overlapHours is >= 0 and <= MaxOverlapHours
        ? null
        : WebhookProblems.Invalid.WithError("overlap_hours", $"is to be 0 to {MaxOverlapHours}");

    private static async Task<IResult> HandleAsync(
        WebhookId id, Request request, Actor actor, Origin origin, Db db, WebhookSeal seal, CancellationToken ct) =>
        Refuse(request.OverlapHours) is { } refusal ? refusal
        : await db.InTenantAsync(actor.Tenant, tx => RunAsync(tx, origin, seal, id, TimeSpan.FromHours(request.OverlapHours), ct), ct) is { } rotated
            ? TypedResults.Ok(rotated)
            : WebhookProblems.NotFound;
}
