using Signet.Server.Permissions;

namespace Signet.Server.Webhooks;

/// <summary>Webhooks of the tenant, newest first, a page at a time.</summary>
public static class ListWebhooks
{
    /// <param name="Next">Give it as <c>before</c> to get the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<WebhookView> Webhooks, WebhookId? Next);

    public static void Map(RouteGroupBuilder webhooks)
    {
        webhooks.MapGet("", HandleAsync).Requires(Permission.ReadWebhooks).Produces<Page>().WithSummary("List webhooks.");
        webhooks.MapGet("/{id}", FindAsync).Requires(Permission.ReadWebhooks).Produces<WebhookView>().WithSummary("One webhook.");
    }

    private static async Task<IResult> HandleAsync(
        Actor actor, WebhookDirectory directory, CancellationToken ct, WebhookId? before = null, int limit = 50)
    {
        var size = Math.Clamp(limit, 1, 200);
        var webhooks = await directory.ListAsync(actor.Tenant, before, size + 1, ct);
        return TypedResults.Ok(new Page([.. webhooks.Take(size).Select(WebhookView.Of)], webhooks.Count > size ? webhooks[size - 1].Id : null));
    }

    private static async Task<IResult> FindAsync(WebhookId id, Actor actor, WebhookDirectory directory, CancellationToken ct) =>
        await directory.FindAsync(actor.Tenant, id, ct) is { } webhook ? TypedResults.Ok(WebhookView.Of(webhook)) : WebhookProblems.NotFound;
}
