using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Webhooks.Storage;

namespace Signet.Server.Webhooks;

/// <summary>What can happen when something is to be delivered again.</summary>
public abstract record Redelivery
{
    private Redelivery()
    {
    }

    public sealed record Queued(Delivery Delivery) : Redelivery;

    public sealed record NotFound : Redelivery;

    public sealed record WebhookDisabled : Redelivery;

    public sealed record StillPending : Redelivery;
}

/// <summary>Delivers again what was delivered or given up: the same bytes under the same id, with all attempts before it. Of many who ask at once one succeeds.</summary>
public static class Redeliver
{
    public static void Map(RouteGroupBuilder webhooks) =>
        webhooks.MapPost("/{id}/deliveries/{delivery}/redeliver", HandleAsync).Requires(Permission.ManageWebhooks)
            .Produces<Delivery>(StatusCodes.Status202Accepted).WithSummary("Deliver an event to a webhook again.");

    public static async Task<Redelivery> RunAsync(Tx tx, Origin origin, WebhookId id, DeliveryId delivery, CancellationToken ct)
    {
        // Locked before the delivery, as who disables the webhook locks: so none is revived after the rest was given up.
        var webhook = await WebhookRows.LockAsync(tx, id, ct);
        if (webhook is null || await DeliveryRows.FindAsync(tx, id, delivery, ct) is null)
        {
            return new Redelivery.NotFound();
        }

        if (webhook.State is not WebhookState.Active)
        {
            return new Redelivery.WebhookDisabled();
        }

        if (await DeliveryRows.ReviveAsync(tx, id, delivery, ct) is not { } eventType)
        {
            return new Redelivery.StillPending();
        }

        tx.Emit(origin, new WebhookRedelivered(id, delivery, eventType));
        tx.Notify(DeliveryLoop.Topic, "");
        return new Redelivery.Queued((await DeliveryRows.FindAsync(tx, id, delivery, ct))!);
    }

    private static async Task<IResult> HandleAsync(
        WebhookId id, DeliveryId delivery, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        await db.InTenantAsync(actor.Tenant, tx => RunAsync(tx, origin, id, delivery, ct), ct) switch
        {
            Redelivery.Queued queued => TypedResults.Accepted((string?)null, queued.Delivery),
            Redelivery.WebhookDisabled => WebhookProblems.Disabled,
            Redelivery.StillPending => WebhookProblems.StillPending,
            _ => (IResult)WebhookProblems.NoSuchDelivery,
        };
}
