using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbound;
using Signet.Platform.Outbox;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.SignIn;
using Signet.Server.Ui;
using Signet.Server.Webhooks;

namespace Signet.Server.Console;

/// <summary>Webhooks: adding one, changing it, what it was sent, and sending that again. A secret is on the one page that answers its making.</summary>
internal static class WebhookPages
{
    private const int PageSize = 50;

    public static void Map(RouteGroupBuilder webhooks)
    {
        webhooks.MapGet("", ListAsync).Requires(Permission.ReadWebhooks);
        webhooks.MapGet("/new", () => (IResult)new Page<NewWebhookPage>()).Requires(Permission.ManageWebhooks);
        webhooks.MapPost("/new", CreateAsync).Requires(Permission.ManageWebhooks);
        webhooks.MapGet("/{id}", (WebhookId id, HttpContext context, CancellationToken ct) => ShowAsync(context, id, null, ct)).Requires(Permission.ReadWebhooks);
        webhooks.MapPost("/{id}", UpdateAsync).Requires(Permission.ManageWebhooks);
        webhooks.MapPost("/{id}/rotate-secret", RotateAsync).Requires(Permission.ManageWebhooks);
        webhooks.MapPost("/{id}/test", TestAsync).Requires(Permission.ManageWebhooks);
        webhooks.MapPost("/{id}/deliveries/{delivery}/redeliver", RedeliverAsync).Requires(Permission.ManageWebhooks);
        webhooks.MapPost("/{id}/disable", (WebhookId id, HttpContext context, CancellationToken ct) =>
            MoveAsync(context, id, WebhookState.Disabled, ct)).Requires(Permission.ManageWebhooks);
        webhooks.MapPost("/{id}/enable", (WebhookId id, HttpContext context, CancellationToken ct) =>
            MoveAsync(context, id, WebhookState.Active, ct)).Requires(Permission.ManageWebhooks);
        webhooks.MapPost("/{id}/delete", DeleteAsync).Requires(Permission.ManageWebhooks);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Actor actor, WebhookDirectory directory, CancellationToken ct)
    {
        var query = TableQuery.From(context.Request);
        WebhookId? before = WebhookId.TryParse(query.After, null, out var cursor) ? cursor : null;
        var webhooks = await directory.ListAsync(actor.Tenant, before, PageSize + 1, ct);
        return new Page<WebhooksPage>(new
        {
            Webhooks = webhooks.Take(PageSize).ToList(),
            Next = webhooks.Count > PageSize ? webhooks[PageSize - 1].Id.ToString() : null,
            Query = query,
        });
    }

    private static async Task<IResult> ShowAsync(HttpContext context, WebhookId id, Problem? refusal, CancellationToken ct, WebhookForm? form = null)
    {
        var (tenant, services) = (context.Features.Get<Actor>()!.Tenant, context.RequestServices);
        // Whatever was posted, links lead on from the page itself.
        var query = TableQuery.From(context.Request, "state") with { Path = $"{context.Request.PathBase}/console/webhooks/{id}" };
        DeliveryState? state = SnakeCase.TryParse<DeliveryState>(query.Facet("state"), out var named) ? named : null;
        DeliveryId? before = DeliveryId.TryParse(query.After, null, out var cursor) ? cursor : null;
        if (await services.GetRequiredService<WebhookDirectory>().FindAsync(tenant, id, ct) is not { } webhook
            || await ListDeliveries.RunAsync(services.GetRequiredService<Db>(), tenant, id, state, before, PageSize, ct) is not { } page)
        {
            return WebhookProblems.NotFound;
        }

        return new Page<WebhookPage>(
            new
            {
                Webhook = webhook,
                page.Deliveries,
                Next = page.Next?.ToString(),
                Query = query,
                Form = form ?? WebhookForm.Of(webhook),
                Refusal = form is null ? refusal : null,
                Errors = WebhookForm.ErrorsOf(form is null ? null : refusal),
            },
            refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, Actor actor, Origin origin, Db db, WebhookSeal seal, OutboundHttp door, CancellationToken ct)
    {
        var form = WebhookForm.Read(await FormBody.ReadAsync(context.Request, ct));
        var metadata = form.ToCreate().ToMetadata();
        if (metadata.Refuse(door) is { } refusal)
        {
            return Again(refusal);
        }

        return await db.InTenantAsync(actor.Tenant, tx => CreateWebhook.RunAsync(tx, origin, seal, metadata, ct), ct) is { } created
            ? new Page<WebhookSecretPage>(
                new { created.Webhook.Name, Id = created.Webhook.Id.ToString(), created.Secret, IsNew = true }, StatusCodes.Status201Created)
            : Again(WebhookProblems.TooMany);

        IResult Again(Problem problem) => new Page<NewWebhookPage>(new { Form = form, Errors = WebhookForm.ErrorsOf(problem) }, problem.Status);
    }

    private static async Task<IResult> UpdateAsync(
        WebhookId id, HttpContext context, Actor actor, Origin origin, Db db, OutboundHttp door, CancellationToken ct)
    {
        var form = WebhookForm.Read(await FormBody.ReadAsync(context.Request, ct));
        return await db.InTenantAsync(actor.Tenant, tx => UpdateWebhook.RunAsync(tx, origin, door, id, form.ToUpdate(), ct), ct) switch
        {
            WebhookChange.Changed => Done.To(context, $"/console/webhooks/{id}", "saved"),
            WebhookChange.Refused refused => await ShowAsync(context, id, refused.Problem, ct, form),
            _ => WebhookProblems.NotFound,
        };
    }

    private static async Task<IResult> RotateAsync(
        WebhookId id, HttpContext context, Actor actor, Origin origin, Db db, WebhookSeal seal, WebhookDirectory directory, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var hours = int.TryParse(FormText.Of(form, "overlap_hours"), out var number) ? number : -1;
        if (RotateWebhookSecret.Refuse(hours) is { } refusal)
        {
            return await ShowAsync(context, id, refusal, ct);
        }

        var name = (await directory.FindAsync(actor.Tenant, id, ct))?.Name ?? "";
        return await db.InTenantAsync(actor.Tenant, tx => RotateWebhookSecret.RunAsync(tx, origin, seal, id, TimeSpan.FromHours(hours), ct), ct) is { } rotated
            ? new Page<WebhookSecretPage>(new
            {
                Name = name,
                Id = id.ToString(),
                rotated.Secret,
                OldSecretEnds = hours == 0 ? (DateTimeOffset?)null : rotated.OldSecretEnds,
            })
            : WebhookProblems.NotFound;
    }

    private static async Task<IResult> TestAsync(WebhookId id, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        (await db.InTenantAsync(actor.Tenant, tx => TestWebhook.RunAsync(tx, origin, id, ct), ct)).Refusal is { } refusal
            ? await ShowAsync(context, id, refusal, ct)
            : Done.To(context, $"/console/webhooks/{id}", "webhook-tested");

    private static async Task<IResult> RedeliverAsync(
        WebhookId id, DeliveryId delivery, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        await db.InTenantAsync(actor.Tenant, tx => Redeliver.RunAsync(tx, origin, id, delivery, ct), ct) switch
        {
            Redelivery.Queued => Done.To(context, $"/console/webhooks/{id}", "redelivered"),
            Redelivery.WebhookDisabled => await ShowAsync(context, id, WebhookProblems.Disabled, ct),
            Redelivery.StillPending => await ShowAsync(context, id, WebhookProblems.StillPending, ct),
            _ => WebhookProblems.NoSuchDelivery,
        };

    private static async Task<IResult> MoveAsync(HttpContext context, WebhookId id, WebhookState to, CancellationToken ct)
    {
        var (services, features) = (context.RequestServices, context.Features);
        return await services.GetRequiredService<Db>().InTenantAsync(
            features.Get<Actor>()!.Tenant,
            tx => UpdateWebhook.RunAsync(
                tx, features.Get<Origin>()!, services.GetRequiredService<OutboundHttp>(), id, new UpdateWebhook.Request(State: to), ct), ct) switch
        {
            WebhookChange.Changed => Done.To(context, $"/console/webhooks/{id}", to is WebhookState.Active ? "webhook-enabled" : "webhook-disabled"),
            WebhookChange.Refused refused => await ShowAsync(context, id, refused.Problem, ct),
            _ => WebhookProblems.NotFound,
        };
    }

    private static async Task<IResult> DeleteAsync(
        WebhookId id, HttpContext context, Actor actor, Origin origin, Db db, WebhookDirectory directory, CancellationToken ct)
    {
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } webhook)
        {
            return WebhookProblems.NotFound;
        }

        var form = await FormBody.ReadAsync(context.Request, ct);
        if (!string.Equals(FormText.Of(form, "confirm"), webhook.Name, StringComparison.Ordinal))
        {
            return await ShowAsync(context, id, ConsoleProblems.NotConfirmed, ct);
        }

        return await db.InTenantAsync(actor.Tenant, tx => DeleteWebhook.RunAsync(tx, origin, id, ct), ct)
            ? Done.To(context, "/console/webhooks", "webhook-deleted")
            : WebhookProblems.NotFound;
    }
}
