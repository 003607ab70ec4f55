using Signet.Platform.Data;
using Signet.Platform.Outbound;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Webhooks.Storage;

namespace Signet.Server.Webhooks;

/// <summary>Registers a receiver. Its secret is in the answer and nowhere else ever again.</summary>
public static class CreateWebhook
{
    private const int MostOfTenant = 50;

    /// <param name="Events">All, where not said.</param>
    public sealed record Request(string Name, string Url, IReadOnlyList<string>? Events = null)
    {
        public WebhookMetadata ToMetadata() => new(Name, Url, [.. (Events ?? ["*"]).Distinct(StringComparer.Ordinal)]);
    }

    public sealed record Created(WebhookView Webhook, string Secret);

    public static void Map(RouteGroupBuilder webhooks) =>
        webhooks.MapPost("", HandleAsync).Requires(Permission.ManageWebhooks).Produces<Created>(StatusCodes.Status201Created).WithSummary("Register a webhook.");

    /// <summary>Null where the tenant has as many as it may.</summary>
    public static async Task<Created?> RunAsync(Tx tx, Origin origin, WebhookSeal seal, WebhookMetadata metadata, CancellationToken ct)
    {
        var webhook = new Webhook(
            tx.NewId<WebhookId>(), metadata.Name.Trim(), metadata.Url, metadata.Events, WebhookState.Active, tx.Now, tx.Now, []);
        if (!await WebhookRows.InsertAsync(tx, WebhookRow.Of(webhook), MostOfTenant, ct))
        {
            return null;
        }

        var secret = await seal.MakeAsync(tx, webhook.Id, ct);
        tx.Emit(origin, new WebhookCreated(webhook.Id, webhook.Name, webhook.Receiver, webhook.Events));
        tx.Notify(WebhookDirectory.Topic, tx.Tenant.ToString());
        return new Created(WebhookView.Of((await WebhookDirectory.FindAsync(tx, webhook.Id, ct))!), secret);
    }

    private static async Task<IResult> HandleAsync(
        Request request, Actor actor, Origin origin, Db db, WebhookSeal seal, OutboundHttp door, CancellationToken ct)
    {
        var metadata = request.ToMetadata();
        if (metadata.Refuse(door) is { } refusal)
        {
            return refusal;
        }

        return await db.InTenantAsync(actor.Tenant, tx => RunAsync(tx, origin, seal, metadata, ct), ct) is { } created
            ? TypedResults.Created($"/api/v1/webhooks/{created.Webhook.Id}", created)
            : WebhookProblems.TooMany;
    }
}

/// <summary>A webhook on the wire of the management API.</summary>
/// <param name="Secrets">Empty in lists.</param>
public sealed record WebhookView(
    WebhookId Id, string Name, string Url, IReadOnlyList<string> Events, WebhookState State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    IReadOnlyList<WebhookSecret> Secrets)
{
    public static WebhookView Of(Webhook webhook) => new(
        webhook.Id, webhook.Name, webhook.Url, webhook.Events, webhook.State, webhook.CreatedAt, webhook.UpdatedAt, webhook.Secrets);
}
