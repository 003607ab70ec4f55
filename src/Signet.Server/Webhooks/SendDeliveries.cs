using System.Text;
using Signet.Platform.Data;
using Signet.Platform.Outbound;
using Signet.Platform.Outbox;
using Signet.Server.Webhooks.Storage;

namespace Signet.Server.Webhooks;

/// <summary>
/// Sends what is due for one webhook. Each attempt is claimed by an update before it begins and written by one after, so that it is made by one process,
/// and made again by another if that one dies. A receiver is asked once at first and, for as long as it takes all it is given, up to eight times at once.
/// </summary>
internal sealed class SendDeliveries(Db db, OutboundHttp door, WebhookSeal seal, WebhookMetrics metrics, TimeProvider time, ILogger<SendDeliveries> log)
{
    private const int MostAtOnce = 8;
    private const int LargestAnswer = 64 * 1024;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    // Longer than an attempt can take, with the waits for the database before and after it.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);
    private static readonly Origin Origin = Origin.OfWorker("webhooks", "webhooks");

    private sealed record Batch(string Url, IReadOnlyList<string> Secrets, IReadOnlyList<ClaimedDelivery> Deliveries);

    /// <summary>Until nothing is due any more. False where nothing was.</summary>
    /// <param name="stopping">No more is begun then; what is under way ends.</param>
    public async Task<bool> DrainAsync(TenantId tenant, WebhookId webhook, CancellationToken stopping)
    {
        var width = 1;
        var any = false;
        while (!stopping.IsCancellationRequested && await ClaimAsync(tenant, webhook, width) is { } batch)
        {
            any = true;
            var delivered = await Task.WhenAll(batch.Deliveries.Select(delivery => AttemptAsync(tenant, webhook, batch, delivery)));
            width = Array.TrueForAll(delivered, arrived => arrived) ? Math.Min(width * 2, MostAtOnce) : 1;
        }

        return any;
    }

    private Task<Batch?> ClaimAsync(TenantId tenant, WebhookId id, int width) => db.InTenantAsync(tenant, async tx =>
    {
        var claimed = await DeliveryRows.ClaimAsync(tx, id, width, Lease, CancellationToken.None);
        if (claimed.Count == 0 || await WebhookRows.FindAsync(tx, id, CancellationToken.None) is not { } webhook)
        {
            return null;
        }

        if (webhook.State is not WebhookState.Active)
        {
            // Made while the webhook was being disabled.
            await DeliveryRows.GiveUpAsync(tx, id, DeliveryError.WebhookDisabled, CancellationToken.None);
            return null;
        }

        return new Batch(webhook.Url, await seal.OpenAsync(tx, id, CancellationToken.None), claimed);
    }, CancellationToken.None);

    private async Task<bool> AttemptAsync(TenantId tenant, WebhookId webhook, Batch batch, ClaimedDelivery claimed)
    {
        // One more than there may be: the process that had the last one stopped during it.
        var result = claimed.Attempts > AttemptDelay.MostAttempts
            ? new AttemptResult(DeliveryError.Lost, null, null)
            : await SendAsync(batch, claimed);
        if (result.Error is { } error)
        {
            log.AttemptFailed(tenant, claimed.DeliveryId, claimed.Attempts, error);
        }

        var outcome = result.Error switch
        {
            null => "delivered",
            DeliveryError.Gone => "gone",
            _ when claimed.Attempts >= AttemptDelay.MostAttempts => "dead",
            _ => "retried",
        };
        await db.InTenantAsync(tenant, tx => LeaveAsync(tx, webhook, claimed, result, outcome), CancellationToken.None);
        metrics.Attempted(outcome, result.Took ?? TimeSpan.Zero);
        return result.Error is null;
    }

    private async Task<AttemptResult> SendAsync(Batch batch, ClaimedDelivery claimed)
    {
        var begun = time.GetTimestamp();
        var result = await door.SendAsync(
            new OutboundRequest(HttpMethod.Post, batch.Url)
            {
                Headers = new Dictionary<string, string>
                {
                    [WebhookSignature.Header] = WebhookSignature.Of(batch.Secrets, time.GetUtcNow(), claimed.Body),
                    ["Signet-Delivery"] = claimed.DeliveryId.ToString(),
                    ["Signet-Event"] = claimed.EventType,
                },
                Body = Encoding.UTF8.GetBytes(claimed.Body),
                Timeout = TimeLimit,
                MaxBytes = LargestAnswer,
            },
            CancellationToken.None);
        return AttemptResult.Of(result, time.GetElapsedTime(begun));
    }

    private static async Task LeaveAsync(Tx tx, WebhookId webhook, ClaimedDelivery claimed, AttemptResult result, string outcome)
    {
        var state = outcome switch
        {
            "delivered" => DeliveryState.Delivered,
            "retried" => DeliveryState.Pending,
            _ => DeliveryState.Dead,
        };
        DateTimeOffset? next = state is DeliveryState.Pending ? tx.Now + AttemptDelay.After(claimed.Attempts) : null;
        if (outcome is "gone")
        {
            // Before the delivery, as all who change both do: two in the other order could wait for each other.
            await DisableAsync(tx, webhook, claimed, result);
        }
        else if (await DeliveryRows.LeaveAsync(tx, claimed, state, result, next, CancellationToken.None) && outcome is "dead")
        {
            tx.Emit(Origin, new WebhookDeliveryFailed(webhook, claimed.DeliveryId, claimed.EventType, claimed.Attempts, result.Error!.Value));
        }
    }

    // RFC 9110 §15.5.11: the receiver says that the condition is likely to be permanent.
    private static async Task DisableAsync(Tx tx, WebhookId webhook, ClaimedDelivery claimed, AttemptResult result)
    {
        var disabled = await WebhookRows.DisableAsync(tx, webhook, CancellationToken.None);
        await DeliveryRows.LeaveAsync(tx, claimed, DeliveryState.Dead, result, null, CancellationToken.None);
        if (disabled)
        {
            await DeliveryRows.GiveUpAsync(tx, webhook, DeliveryError.WebhookDisabled, CancellationToken.None);
            tx.Emit(Origin, new WebhookDisabled(webhook, "gone"));
            tx.Notify(WebhookDirectory.Topic, tx.Tenant.ToString());
        }
    }
}
