using Signet.Platform.Data;
using Signet.Platform.Jobs;

namespace Signet.Platform.Outbox.Storage;

internal static class OutboxRows
{
    // Without a conflict target: naming one would need the right to read, which the application has not.
    public const string Insert = """
        insert into outbox (tenant_id, id, action, subscribers, job_ids, payload, origin, traceparent, at)
        values (@Tenant, @Id, @action, @subscribers, @jobs, @payload::jsonb, @origin::jsonb, @traceparent, @At)
        on conflict do nothing
        """;

    public const string Ring = "select pg_notify(@channel, @payload)";

    public static Task<int> MoveToJobsAsync(Tx tx, int limit, CancellationToken ct) => tx.ScalarAsync<int>("""
        with next as materialized (
            select tenant_id, id from outbox order by at limit @limit for update skip locked
        ), taken as (
            delete from outbox o using next n where o.tenant_id = n.tenant_id and o.id = n.id
            returning o.*
        ), queued as (
            insert into jobs (tenant_id, id, kind, payload, max_attempts, run_at, idempotency_key, traceparent, created_at)
            select t.tenant_id, s.job_id, @prefix || s.name,
                   jsonb_build_object('id', t.id, 'at', t.at, 'origin', t.origin, 'event', t.payload),
                   @attempts, @now, t.id::text, t.traceparent, @now
              from taken t cross join lateral unnest(t.subscribers, t.job_ids) as s (name, job_id)
            on conflict do nothing
        )
        select count(*)::int from taken
        """, new { limit, prefix = EventSubscription.JobKindPrefix, attempts = EnqueueJob.MaxAttempts, now = tx.Now }, ct);

    /// <summary>How long the oldest row has been waiting; null where none is.</summary>
    public static async Task<TimeSpan?> FindLagAsync(Tx tx, CancellationToken ct) =>
        await tx.ScalarAsync<DateTimeOffset?>("select min(at) from outbox", null, ct) is { } oldest ? tx.Now - oldest : null;
}
