using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Webhooks.Storage;

namespace Signet.Server.Webhooks;

/// <summary>Deletes a webhook with its secrets and its deliveries, those that wait too.</summary>
public static class DeleteWebhook
{
    public static void Map(RouteGroupBuilder webhooks) =>
        webhooks.MapDelete("/{id}", HandleAsync).Requires(Permission.ManageWebhooks).WithSummary("Delete a webhook.");

    /// <summary>False where there is no such webhook.</summary>
    public static async Task<bool> RunAsync(Tx tx, Origin origin, WebhookId id, CancellationToken ct)
    {
        if (!await WebhookRows.DeleteAsync(tx, id, ct))
        {
            return false;
        }

        tx.Emit(origin, new WebhookDeleted(id));
        tx.Notify(WebhookDirectory.Topic, tx.Tenant.ToString());
        return true;
    }

    private static async Task<IResult> HandleAsync(WebhookId id, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        await db.InTenantAsync(actor.Tenant, tx => RunAsync(tx, origin, id, ct), ct) ? TypedResults.NoContent() : WebhookProblems.NotFound;
}
