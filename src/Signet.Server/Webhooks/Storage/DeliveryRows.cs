using Signet.Platform.Data;

namespace Signet.Server.Webhooks.Storage;

/// <summary>A delivery whose attempt has begun.</summary>
/// <param name="Attempts">This attempt's number, from 1.</param>
internal sealed record ClaimedDelivery(DeliveryId DeliveryId, string EventType, string Body, int Attempts, DateTimeOffset LastAttemptAt);

internal static class DeliveryRows
{
    private const string Columns = """
        delivery_id as id, event_id, event_type, state, attempts, http_status, duration_ms, error, created_at, last_attempt_at, next_attempt_at
        """;

    /// <summary>One delivery a webhook; none where the event is there for it already.</summary>
    public static Task<int> InsertAsync(Tx tx, Guid eventId, string eventType, string body, IReadOnlyList<WebhookId> webhooks, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into webhook_deliveries (tenant_id, delivery_id, webhook_id, event_id, event_type, body, state, created_at, next_attempt_at)
            select @tenant, d.id, d.webhook, @eventId, @eventType, @body, 'pending', @now, @now
              from unnest(@ids::uuid[], @webhooks::uuid[]) as d (id, webhook)
            on conflict (tenant_id, webhook_id, event_id) do nothing
            """, new
        {
            tenant = tx.Tenant,
            eventId,
            eventType,
            body,
            webhooks,
            ids = webhooks.Select(_ => tx.NewId<DeliveryId>()).ToArray(),
            now = tx.Now,
        }, ct);

    /// <summary>Of every tenant: the webhooks that something is due for.</summary>
    public static Task<List<(TenantId Tenant, WebhookId Webhook)>> ListDueAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<(TenantId, WebhookId)>("""
            select distinct tenant_id, webhook_id from webhook_deliveries where state = 'pending' and next_attempt_at <= @now
            """, new { now = tx.Now }, ct);

    /// <summary>Begins attempts: the deliveries are nobody else's until the lease ends.</summary>
    public static Task<List<ClaimedDelivery>> ClaimAsync(Tx tx, WebhookId webhook, int count, TimeSpan lease, CancellationToken ct) =>
        tx.ListAsync<ClaimedDelivery>("""
            with next as materialized (
                select delivery_id from webhook_deliveries
                 where tenant_id = @tenant and webhook_id = @webhook and state = 'pending' and next_attempt_at <= @now
                 order by next_attempt_at limit @count for update skip locked
            )
            update webhook_deliveries d
               set attempts = d.attempts + 1, last_attempt_at = @now, next_attempt_at = @until, http_status = null, duration_ms = null, error = null
              from next n
             where d.tenant_id = @tenant and d.delivery_id = n.delivery_id
            returning d.delivery_id, d.event_type, d.body, d.attempts, d.last_attempt_at
            """, new { tenant = tx.Tenant, webhook, count, now = tx.Now, until = tx.Now + lease }, ct);

    /// <summary>Writes what came of an attempt. False where it is no longer this attempt's to write.</summary>
    /// <param name="next">Null: there is no other attempt.</param>
    public static async Task<bool> LeaveAsync(
        Tx tx, ClaimedDelivery claimed, DeliveryState state, AttemptResult result, DateTimeOffset? next, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            update webhook_deliveries
               set state = @state, http_status = @HttpStatus, duration_ms = @duration, error = @Error, next_attempt_at = @next,
                   finished_at = case when @next::timestamptz is null then @now end
             where tenant_id = @tenant and delivery_id = @DeliveryId and state = 'pending' and attempts = @Attempts and last_attempt_at = @LastAttemptAt
            """, new
        {
            tenant = tx.Tenant,
            claimed.DeliveryId,
            claimed.Attempts,
            claimed.LastAttemptAt,
            state,
            result.HttpStatus,
            duration = (int?)result.Took?.TotalMilliseconds,
            result.Error,
            next,
            now = tx.Now,
        }, ct) == 1;

    /// <summary>Gives up all that waits for the webhook.</summary>
    public static Task GiveUpAsync(Tx tx, WebhookId webhook, DeliveryError error, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update webhook_deliveries set state = 'dead', error = @error, next_attempt_at = null, finished_at = @now
             where tenant_id = @tenant and webhook_id = @webhook and state = 'pending'
            """, new { tenant = tx.Tenant, webhook, error, now = tx.Now }, ct);

    /// <summary>Begins anew with all attempts, once: of two at once one gets the type of its event, the other null, as where there is none or it is still tried.</summary>
    public static Task<string?> ReviveAsync(Tx tx, WebhookId webhook, DeliveryId id, CancellationToken ct) =>
        tx.ScalarAsync<string>("""
            update webhook_deliveries
               set state = 'pending', attempts = 0, http_status = null, duration_ms = null, error = null, next_attempt_at = @now, finished_at = null
             where tenant_id = @tenant and webhook_id = @webhook and delivery_id = @id and state <> 'pending'
            returning event_type
            """, new { tenant = tx.Tenant, webhook, id, now = tx.Now }, ct);

    public static Task<Delivery?> FindAsync(Tx tx, WebhookId webhook, DeliveryId id, CancellationToken ct) =>
        tx.FindAsync<Delivery>($"""
            select {Columns} from webhook_deliveries where tenant_id = @tenant and webhook_id = @webhook and delivery_id = @id
            """, new { tenant = tx.Tenant, webhook, id }, ct);

    public static Task<List<Delivery>> ListAsync(Tx tx, WebhookId webhook, DeliveryState? state, DeliveryId? before, int limit, CancellationToken ct) =>
        tx.ListAsync<Delivery>($"""
            select {Columns} from webhook_deliveries
             where tenant_id = @tenant and webhook_id = @webhook and (@state::text is null or state = @state) and (@before::uuid is null or delivery_id < @before)
             order by delivery_id desc
             limit @limit
            """, new { tenant = tx.Tenant, webhook, state, before, limit }, ct);

    /// <summary>Of every tenant: what was finished before that moment.</summary>
    public static Task PurgeAsync(Tx tx, DateTimeOffset before, CancellationToken ct) =>
        tx.ExecuteAsync("delete from webhook_deliveries where state <> 'pending' and finished_at < @before", new { before }, ct);
}
