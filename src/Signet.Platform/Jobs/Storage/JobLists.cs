using Signet.Platform.Data;

namespace Signet.Platform.Jobs.Storage;

internal static class JobLists
{
    // Ids are in the order of their making, so they are the cursor.
    public static Task<List<JobSummary>> ListAsync(Tx tx, JobState? state, string? kind, JobId? before, int limit, CancellationToken ct) => tx.ListAsync<JobSummary>("""
        select id, tenant_id, kind, state, attempts, max_attempts, run_at, created_at, finished_at, last_error
          from jobs
         where (@state is null or state = @state) and (@kind is null or kind = @kind) and (@before is null or id < @before)
         order by id desc limit @limit
        """, new { state, kind, before, limit }, ct);

    public static Task<JobDetail?> FindAsync(Tx tx, JobId id, CancellationToken ct) => tx.FindAsync<JobDetail>("""
        select id, tenant_id, kind, state, attempts, max_attempts, run_at, created_at, finished_at, last_error,
               payload::text as payload, idempotency_key, locked_by, locked_until, traceparent
          from jobs where id = @id
        """, new { id }, ct);

    public static Task<List<JobCount>> CountAsync(Tx tx, CancellationToken ct) => tx.ListAsync<JobCount>("""
        select kind, state, count(*) as count from jobs where state <> 'done' group by kind, state order by kind, state
        """, null, ct);

    public static async Task<bool> RetryAsync(Tx tx, JobId id, CancellationToken ct) => await tx.ExecuteAsync("""
        update jobs set state = 'queued', attempts = 0, run_at = @now, finished_at = null
         where id = @id and state in ('queued', 'dead')
        """, new { id, now = tx.Now }, ct) == 1;

    public static async Task<bool> DiscardAsync(Tx tx, JobId id, CancellationToken ct) => await tx.ExecuteAsync("""
        delete from jobs where id = @id and state in ('queued', 'dead')
        """, new { id }, ct) == 1;
}
