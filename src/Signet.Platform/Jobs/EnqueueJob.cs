using System.Text.Json;
using Signet.Platform.Data;
using Signet.Platform.Jobs.Storage;

namespace Signet.Platform.Jobs;

/// <summary>Adds jobs with the commit of the transaction that wants them done: there is no job for work that was rolled back.</summary>
public static class EnqueueJob
{
    public const string Topic = "jobs";

    /// <summary>With the back-off of <see cref="RetryDelay"/>: about five hours.</summary>
    public const int MaxAttempts = 16;

    extension(Tx tx)
    {
        /// <summary>For the transaction's tenant.</summary>
        /// <param name="runAt">Not before; now, where not said.</param>
        /// <param name="idempotencyKey">Of several jobs of one tenant, kind and key only the first is kept, also after it is done and until it is purged.</param>
        public void Enqueue<TPayload>(
            string kind, TPayload payload, DateTimeOffset? runAt = null, string? idempotencyKey = null, int maxAttempts = MaxAttempts) =>
            tx.EnqueueFor(tx.Tenant, kind, payload, runAt, idempotencyKey, maxAttempts);

        /// <summary>The same for a transaction across tenants, which must say whose job it is.</summary>
        public void EnqueueFor<TPayload>(
            TenantId tenant, string kind, TPayload payload, DateTimeOffset? runAt = null, string? idempotencyKey = null, int maxAttempts = MaxAttempts)
        {
            var json = JsonSerializer.Serialize(payload, ColumnJson.Options);
            JobRows.Add(tx, tenant, kind, json, runAt ?? tx.Now, idempotencyKey, maxAttempts);
            if (runAt is null || runAt <= tx.Now)
            {
                tx.Notify(Topic, "");
            }
        }
    }
}
