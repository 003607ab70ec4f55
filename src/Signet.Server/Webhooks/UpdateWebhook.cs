using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbound;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Webhooks.Storage;

namespace Signet.Server.Webhooks;

/// <summary>What can happen when a webhook is to change.</summary>
public abstract record WebhookChange
{
    private WebhookChange()
    {
    }

    public sealed record Changed(Webhook Webhook) : WebhookChange;

    public sealed record NotFound : WebhookChange;

    public sealed record Refused(Problem Problem) : WebhookChange;
}

/// <summary>Changes a webhook. What is not named stays; the whole is checked as if it were new. Disabling gives up what waits for it.</summary>
public static class UpdateWebhook
{
    public sealed record Request(string? Name = null, string? Url = null, IReadOnlyList<string>? Events = null, WebhookState? State = null);

    public static void Map(RouteGroupBuilder webhooks) =>
        webhooks.MapPatch("/{id}", HandleAsync).Requires(Permission.ManageWebhooks).Produces<WebhookView>().WithSummary("Change a webhook.");

    public static async Task<WebhookChange> RunAsync(Tx tx, Origin origin, OutboundHttp door, WebhookId id, Request request, CancellationToken ct)
    {
        if (await WebhookRows.LockAsync(tx, id, ct) is not { } row)
        {
            return new WebhookChange.NotFound();
        }

        var before = row.ToWebhook([]);
        var metadata = new WebhookMetadata(
            request.Name ?? before.Name, request.Url ?? before.Url, request.Events is { } events ? [.. events.Distinct(StringComparer.Ordinal)] : before.Events);
        if (metadata.Refuse(door) is { } refusal)
        {
            return new WebhookChange.Refused(refusal);
        }

        var after = before with
        {
            Name = metadata.Name.Trim(),
            Url = metadata.Url,
            Events = metadata.Events,
            State = request.State ?? before.State,
            UpdatedAt = tx.Now,
        };
        await WebhookRows.UpdateAsync(tx, WebhookRow.Of(after), ct);
        if (!after.IsActive)
        {
            await DeliveryRows.GiveUpAsync(tx, id, DeliveryError.WebhookDisabled, ct);
        }

        Emit(tx, origin, before, after, request);
        tx.Notify(WebhookDirectory.Topic, tx.Tenant.ToString());
        return new WebhookChange.Changed((await WebhookDirectory.FindAsync(tx, id, ct))!);
    }

    private static void Emit(Tx tx, Origin origin, Webhook before, Webhook after, Request request)
    {
        (string Name, bool Named)[] all = [("name", request.Name is not null), ("url", request.Url is not null), ("events", request.Events is not null)];
        string[] fields = [.. all.Where(field => field.Named).Select(field => field.Name)];
        if (fields.Length > 0)
        {
            tx.Emit(origin, new WebhookUpdated(after.Id, fields, after.Receiver, after.Events));
        }

        if (after.State != before.State)
        {
            tx.Emit(origin, after.IsActive ? new WebhookEnabled(after.Id) : new WebhookDisabled(after.Id, "requested"));
        }
    }

    private static async Task<IResult> HandleAsync(
        WebhookId id, Request request, Actor actor, Origin origin, Db db, OutboundHttp door, CancellationToken ct) =>
        await db.InTenantAsync(actor.Tenant, tx => RunAsync(tx, origin, door, id, request, ct), ct) switch
        {
            WebhookChange.Changed changed => TypedResults.Ok(WebhookView.Of(changed.Webhook)),
            WebhookChange.Refused refused => refused.Problem,
            _ => WebhookProblems.NotFound,
        };
}
