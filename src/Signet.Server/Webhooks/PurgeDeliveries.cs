using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Webhooks.Storage;

namespace Signet.Server.Webhooks;

/// <summary>Every hour: forgets deliveries that were finished thirty days ago, and secrets that have ended.</summary>
public static class PurgeDeliveries
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    public static Task RunAsync(Db db, Origin origin, CancellationToken ct) =>
        db.AcrossTenantsAsync(origin, "purge of old webhook deliveries", async tx =>
        {
            await SecretRows.PurgeAsync(tx, ct);
            await DeliveryRows.PurgeAsync(tx, tx.Now - Keep, ct);
            return true;
        }, ct);
}
