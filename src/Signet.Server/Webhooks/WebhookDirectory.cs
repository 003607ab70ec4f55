using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Webhooks.Storage;

namespace Signet.Server.Webhooks;

/// <summary>
/// Finds webhooks, and says of every event whether one wants it: from this node's copy of what the tenant's active webhooks want, which goes the moment
/// one of them changes.
/// </summary>
public sealed class WebhookDirectory(Db db, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "webhooks";

    private readonly NodeCache<TenantId, IReadOnlyList<ActiveWebhook>> active =
        new(Topic, tenant => tenant.ToString(), new NodeCacheOptions(10_000), notifications, time);

    /// <summary>Null where the tenant has no such webhook.</summary>
    public Task<Webhook?> FindAsync(TenantId tenant, WebhookId id, CancellationToken ct) =>
        db.InTenantAsync(tenant, tx => FindAsync(tx, id, ct), ct);

    /// <summary>Newest first, without secrets.</summary>
    public async Task<IReadOnlyList<Webhook>> ListAsync(TenantId tenant, WebhookId? before, int limit, CancellationToken ct)
    {
        var rows = await db.InTenantAsync(tenant, tx => WebhookRows.ListAsync(tx, before, limit, ct), ct);
        return [.. rows.Select(row => row.ToWebhook([]))];
    }

    internal static async Task<Webhook?> FindAsync(Tx tx, WebhookId id, CancellationToken ct) =>
        await WebhookRows.FindAsync(tx, id, ct) is { } row
            ? row.ToWebhook([.. (await SecretRows.ListAsync(tx, id, ct)).Select(secret => secret.ToSecret())])
            : null;

    /// <summary>Asked for every event, before it commits.</summary>
    internal async ValueTask<bool> WantsAsync(RaisedEvent raised, Tx? tx, CancellationToken ct)
    {
        // Two dead receivers would tell each other of their failures for ever.
        if (raised.Event is WebhookDeliveryFailed { EventType: WebhookDeliveryFailed.Name })
        {
            return false;
        }

        var webhooks = await ActiveAsync(raised.Tenant, tx, ct);
        if (webhooks.Count == 0)
        {
            return false;
        }

        var (action, target) = (raised.Event.Action, raised.Event.Target.Id);
        return webhooks.Any(webhook => webhook.Wants(action, target));
    }

    private ValueTask<IReadOnlyList<ActiveWebhook>> ActiveAsync(TenantId tenant, Tx? tx, CancellationToken ct) => tx switch
    {
        null => active.GetAsync(tenant, (key, token) => db.InTenantAsync(key, own => ReadAsync(key, own, token), token), ct),
        // What this transaction changes is in no copy, and must get into none before it has committed.
        _ when tx.Events.Any(raised => raised.Event is WebhookEvent) => new(ReadAsync(tenant, tx, ct)),
        _ => active.GetAsync(tx, tenant, ReadAsync, ct),
    };

    private static async Task<IReadOnlyList<ActiveWebhook>> ReadAsync(TenantId tenant, Tx tx, CancellationToken ct) =>
        await WebhookRows.ListActiveAsync(tx, tenant, ct);
}

/// <summary>A webhook that is told of events, and of which.</summary>
internal sealed record ActiveWebhook(WebhookId WebhookId, string[] Events, DateTimeOffset CreatedAt)
{
    public bool Wants(string action, string? target) =>
        Array.Exists(Events, pattern => EventPattern.Matches(pattern, action)) || (action == WebhookTested.Name && target == WebhookId.ToString());
}
