using Signet.Platform.Data;
using Signet.Server.Permissions;
using Signet.Server.Webhooks.Storage;

namespace Signet.Server.Webhooks;

/// <summary>What a webhook was sent and what came of it, newest first, a page at a time; kept for 30 days.</summary>
public static class ListDeliveries
{
    public const int LargestPage = 200;

    /// <param name="Next">Give it as <c>before</c> to get the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<Delivery> Deliveries, DeliveryId? Next);

    public static void Map(RouteGroupBuilder webhooks) =>
        webhooks.MapGet("/{id}/deliveries", HandleAsync).Requires(Permission.ReadWebhooks).Produces<Page>().WithSummary("List deliveries to a webhook.");

    /// <summary>Null where there is no such webhook.</summary>
    public static Task<Page?> RunAsync(
        Db db, TenantId tenant, WebhookId id, DeliveryState? state, DeliveryId? before, int limit, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx =>
        {
            if (await WebhookRows.FindAsync(tx, id, ct) is null)
            {
                return null;
            }

            var size = Math.Clamp(limit, 1, LargestPage);
            var found = await DeliveryRows.ListAsync(tx, id, state, before, size + 1, ct);
            return found.Count > size ? new Page(found.GetRange(0, size), found[size - 1].Id) : new Page(found, null);
        }, ct);

    private static async Task<IResult> HandleAsync(
        WebhookId id, Actor actor, Db db, CancellationToken ct, string? state = null, DeliveryId? before = null, int limit = 50)
    {
        if (state is not null && !SnakeCase.TryParse<DeliveryState>(state, out _))
        {
            return WebhookProblems.InvalidFilter.WithError("state", "is to be pending, delivered or dead");
        }

        DeliveryState? wanted = state is null ? null : SnakeCase.Parse<DeliveryState>(state);
        return await RunAsync(db, actor.Tenant, id, wanted, before, limit, ct) is { } page ? TypedResults.Ok(page) : WebhookProblems.NotFound;
    }
}
