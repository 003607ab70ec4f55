using System.CommandLine;
using Signet.Platform.Data;
using Signet.Platform.Outbound;
using Signet.Server.Webhooks;

namespace Signet.Host.Cli;

/// <summary><c>signet webhook create|list|delete|rotate-secret|deliveries|redeliver</c>: receivers of events.</summary>
internal static class WebhookCommand
{
    public static Command Make() => new("webhook", "Receivers that are told of events.")
    {
        Create(), List(), Delete(), Rotate(), Deliveries(), RedeliverOne(),
    };

    private static Command Create()
    {
        var name = new Option<string>("--name") { Description = "What people see.", Required = true };
        var url = new Option<string>("--url") { Description = "Where deliveries go: https.", Required = true };
        var events = new Option<string[]>("--event") { Description = "An action, a beginning such as users.*, or *; repeat for more; all, where none is given.", DefaultValueFactory = _ => [] };
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("create", "Register a webhook.") { name, url, events, tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            var wanted = parsed.GetValue(events) is { Length: > 0 } named ? named : null;
            var metadata = new CreateWebhook.Request(parsed.GetValue(name)!, parsed.GetValue(url)!, wanted).ToMetadata();
            if (metadata.Refuse(host.Get<OutboundHttp>()) is { Errors: { } errors })
            {
                return Output.Fail(errors.SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}")));
            }

            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var created = await host.Get<Db>().InTenantAsync(
                found.Id, tx => CreateWebhook.RunAsync(tx, host.Origin, host.Get<WebhookSeal>(), metadata, token), token);
            return created is null ? Output.Fail(WebhookProblems.TooMany.Title) : Print(created, parsed.GetValue(json));
        }, ct));
        return command;
    }

    private static int Print(CreateWebhook.Created created, bool json)
    {
        if (json)
        {
            Output.Json(created);
        }
        else
        {
            Output.Line($"webhook_id  {created.Webhook.Id}");
            Output.Line($"secret      {created.Secret}");
            Output.Line("The secret is not shown again.");
        }

        return 0;
    }

    private static Command List()
    {
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("list", "List webhooks.") { tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var webhooks = await host.Get<WebhookDirectory>().ListAsync(found.Id, null, 1000, token);
            if (parsed.GetValue(json))
            {
                Output.Json(webhooks.Select(WebhookView.Of));
            }
            else
            {
                Output.Table(webhooks, hook => hook.Id.ToString(), hook => hook.Name, hook => SnakeCase.Of(hook.State), hook => hook.Url, hook => string.Join(' ', hook.Events));
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command Delete()
    {
        var id = Id();
        var tenant = TenantOption.Make();
        var command = new Command("delete", "Delete a webhook with its secrets and deliveries.") { id, tenant };
        command.SetAction((parsed, ct) => WithWebhookAsync(parsed, id, tenant, async (host, found, webhook) =>
            await host.Get<Db>().InTenantAsync(found, tx => DeleteWebhook.RunAsync(tx, host.Origin, webhook, ct), ct)
                ? 0
                : Output.Fail(WebhookProblems.NotFound.Title), ct));
        return command;
    }

    private static Command Rotate()
    {
        var id = Id();
        var overlap = new Option<int>("--overlap-hours") { Description = "How long the present secret still signs.", DefaultValueFactory = _ => 0 };
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("rotate-secret", "Give a webhook a new secret.") { id, overlap, tenant, json };
        command.SetAction((parsed, ct) => WithWebhookAsync(parsed, id, tenant, async (host, found, webhook) =>
        {
            if (RotateWebhookSecret.Refuse(parsed.GetValue(overlap)) is { Errors: { } errors })
            {
                return Output.Fail(errors.Select(error => $"--overlap-hours: {error.Value[0]}."));
            }

            var rotated = await host.Get<Db>().InTenantAsync(found, tx => RotateWebhookSecret.RunAsync(
                tx, host.Origin, host.Get<WebhookSeal>(), webhook, TimeSpan.FromHours(parsed.GetValue(overlap)), ct), ct);
            if (rotated is null)
            {
                return Output.Fail(WebhookProblems.NotFound.Title);
            }

            if (parsed.GetValue(json))
            {
                Output.Json(rotated);
            }
            else
            {
                Output.Line($"secret  {rotated.Secret}");
                Output.Line($"The old secret ends at {rotated.OldSecretEnds:u}.");
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command Deliveries()
    {
        var id = Id();
        var state = new Option<string?>("--state") { Description = "pending, delivered or dead." };
        var limit = new Option<int>("--limit") { Description = "How many, the newest first; 200 at most.", DefaultValueFactory = _ => 50 };
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("deliveries", "List what a webhook was sent.") { id, state, limit, tenant, json };
        command.SetAction((parsed, ct) => WithWebhookAsync(parsed, id, tenant, async (host, found, webhook) =>
        {
            DeliveryState? wanted = SnakeCase.TryParse<DeliveryState>(parsed.GetValue(state), out var named) ? named : null;
            if (parsed.GetValue(state) is not null && wanted is null)
            {
                return Output.Fail("--state: is to be pending, delivered or dead.");
            }

            if (await ListDeliveries.RunAsync(host.Get<Db>(), found, webhook, wanted, null, parsed.GetValue(limit), ct) is not { } page)
            {
                return Output.Fail(WebhookProblems.NotFound.Title);
            }

            if (parsed.GetValue(json))
            {
                Output.Json(page.Deliveries);
            }
            else
            {
                Output.Table(
                    page.Deliveries, one => one.Id.ToString(), one => $"{one.CreatedAt:u}", one => one.EventType, one => SnakeCase.Of(one.State),
                    one => $"{one.Attempts}", one => one.HttpStatus?.ToString() ?? "-", one => one.Error is { } error ? SnakeCase.Of(error) : "-");
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command RedeliverOne()
    {
        var id = Id();
        var delivery = new Argument<string>("delivery-id") { Description = "The delivery." };
        var tenant = TenantOption.Make();
        var command = new Command("redeliver", "Deliver an event to a webhook again; a running worker sends it.") { id, delivery, tenant };
        command.SetAction((parsed, ct) => WithWebhookAsync(parsed, id, tenant, async (host, found, webhook) =>
            !DeliveryId.TryParse(parsed.GetValue(delivery), null, out var one)
                ? Output.Fail("delivery-id: is a UUID.")
                : await host.Get<Db>().InTenantAsync(found, tx => Redeliver.RunAsync(tx, host.Origin, webhook, one, ct), ct) switch
                {
                    Redelivery.Queued => 0,
                    Redelivery.WebhookDisabled => Output.Fail(WebhookProblems.Disabled.Title),
                    Redelivery.StillPending => Output.Fail(WebhookProblems.StillPending.Title),
                    _ => Output.Fail(WebhookProblems.NoSuchDelivery.Title),
                }, ct));
        return command;
    }

    private static Argument<string> Id() => new("webhook-id") { Description = "The webhook." };

    private static Task<int> WithWebhookAsync(
        ParseResult parsed, Argument<string> id, Option<string> tenant, Func<CommandHost, TenantId, WebhookId, Task<int>> work, CancellationToken ct) =>
        CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (!WebhookId.TryParse(parsed.GetValue(id), null, out var webhook))
            {
                return Output.Fail("webhook-id: is a UUID.");
            }

            return await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is { } found
                ? await work(host, found.Id, webhook)
                : TenantOption.Unknown(parsed.GetValue(tenant)!);
        }, ct);
}
