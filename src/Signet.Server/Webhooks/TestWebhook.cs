using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;

namespace Signet.Server.Webhooks;

/// <summary>Makes an event that goes to one webhook whatever its patterns, by the way every event goes.</summary>
public static class TestWebhook
{
    /// <param name="EventId">Its delivery appears in the list of deliveries under this id in a moment.</param>
    public sealed record Accepted(Guid EventId);

    public static void Map(RouteGroupBuilder webhooks) =>
        webhooks.MapPost("/{id}/test", HandleAsync).Requires(Permission.ManageWebhooks).Produces<Accepted>(StatusCodes.Status202Accepted)
            .WithSummary("Send a webhook a test event.");

    /// <summary>The event's id, or why there is none.</summary>
    public static async Task<(Guid EventId, Problem? Refusal)> RunAsync(Tx tx, Origin origin, WebhookId id, CancellationToken ct)
    {
        if (await WebhookDirectory.FindAsync(tx, id, ct) is not { } webhook)
        {
            return (default, WebhookProblems.NotFound);
        }

        if (!webhook.IsActive)
        {
            return (default, WebhookProblems.Disabled);
        }

        tx.Emit(origin, new WebhookTested(id));
        return (tx.Events[^1].Id, null);
    }

    private static async Task<IResult> HandleAsync(WebhookId id, Actor actor, Origin origin, Db db, CancellationToken ct)
    {
        var (eventId, refusal) = await db.InTenantAsync(actor.Tenant, tx => RunAsync(tx, origin, id, ct), ct);
        return refusal ?? (IResult)TypedResults.Accepted($"/api/v1/webhooks/{id}/deliveries", new Accepted(eventId));
    }
}
