using System.Diagnostics;
using Signet.Platform.Data;

namespace Signet.Platform.Jobs.Storage;

internal static class JobRows
{
    // Without a conflict target: naming one would need the right to read, which the application has not.
    public static void Add(Tx tx, TenantId tenant, string kind, string payload, DateTimeOffset runAt, string? idempotencyKey, int maxAttempts) => tx.Defer("""
        insert into jobs (tenant_id, id, kind, payload, max_attempts, run_at, idempotency_key, traceparent, created_at)
        values (@tenant, @id, @kind, @payload::jsonb, @maxAttempts, @runAt, @idempotencyKey, @traceparent, @now)
        on conflict do nothing
        """, new
    {
        tenant,
        id = tx.NewId<JobId>(),
        kind,
        payload,
        maxAttempts,
        runAt,
        idempotencyKey,
        traceparent = Activity.Current?.Id,
        now = tx.Now,
    });

    /// <summary>Each job goes to one of those who claim at once, until the lease ends.</summary>
    public static Task<List<Job>> ClaimAsync(Tx tx, string worker, string[] kinds, int count, TimeSpan lease, CancellationToken ct) => tx.ListAsync<Job>("""
        with next as materialized (
            select tenant_id, id from jobs
             where state = 'queued' and run_at <= @now and kind = any(@kinds)
             order by run_at limit @count for update skip locked
        )
        update jobs j
           set state = 'running', attempts = j.attempts + 1, locked_by = @worker, locked_until = @until
          from next n
         where j.tenant_id = n.tenant_id and j.id = n.id
        returning j.id, j.tenant_id, j.kind, j.payload::text as payload, j.attempts, j.max_attempts, j.idempotency_key, j.traceparent, j.created_at
        """, new { worker, kinds, count, now = tx.Now, until = tx.Now + lease }, ct);

    /// <summary>The ids of those that are still this worker's.</summary>
    public static Task<List<JobId>> ExtendAsync(Tx tx, string worker, JobId[] ids, TimeSpan lease, CancellationToken ct) => tx.ListAsync<JobId>("""
        update jobs set locked_until = @until
         where state = 'running' and locked_by = @worker and id = any(@ids)
        returning id
        """, new { worker, ids, until = tx.Now + lease }, ct);

    public static Task<bool> FinishAsync(Tx tx, string worker, Job job, CancellationToken ct) => LeaveAsync(tx, """
        update jobs
           set state = 'done', finished_at = @now, locked_by = null, locked_until = null, last_error = null
         where tenant_id = @TenantId and id = @Id and state = 'running' and locked_by = @worker and attempts = @Attempts
        """, new { worker, job.TenantId, job.Id, job.Attempts, now = tx.Now }, ct);

    /// <summary>Puts it back for later; as dead where <paramref name="retryAt"/> is null.</summary>
    public static Task<bool> FailAsync(Tx tx, string worker, Job job, string error, DateTimeOffset? retryAt, CancellationToken ct) => LeaveAsync(tx, """
        update jobs
           set state = case when @retryAt is null then 'dead' else 'queued' end,
               finished_at = case when @retryAt is null then @now end,
               run_at = coalesce(@retryAt, run_at), locked_by = null, locked_until = null, last_error = @error
         where tenant_id = @TenantId and id = @Id and state = 'running' and locked_by = @worker and attempts = @Attempts
        """, new { worker, job.TenantId, job.Id, job.Attempts, error, retryAt, now = tx.Now }, ct);

    /// <summary>Gives back what was not tried to its end, as if it had not been claimed.</summary>
    public static Task<bool> ReleaseAsync(Tx tx, string worker, Job job, CancellationToken ct) => LeaveAsync(tx, """
        update jobs
           set state = 'queued', attempts = attempts - 1, run_at = @now, locked_by = null, locked_until = null
         where tenant_id = @TenantId and id = @Id and state = 'running' and locked_by = @worker and attempts = @Attempts
        """, new { worker, job.TenantId, job.Id, job.Attempts, now = tx.Now }, ct);

    /// <summary>Takes back what workers hold whose leases ended. The attempt counts: a job that kills its worker dies too in the end.</summary>
    public static Task<int> ReclaimAsync(Tx tx, CancellationToken ct) => tx.ExecuteAsync("""
        update jobs
           set state = case when attempts >= max_attempts then 'dead' else 'queued' end,
               finished_at = case when attempts >= max_attempts then @now end,
               run_at = @now, locked_by = null, locked_until = null, last_error = 'The worker stopped while it ran.'
         where state = 'running' and locked_until < @now
        """, new { now = tx.Now }, ct);

    public static Task<int> PurgeAsync(Tx tx, DateTimeOffset doneBefore, DateTimeOffset deadBefore, CancellationToken ct) => tx.ExecuteAsync("""
        delete from jobs where (state = 'done' and finished_at < @doneBefore) or (state = 'dead' and finished_at < @deadBefore)
        """, new { doneBefore, deadBefore }, ct);

    private static async Task<bool> LeaveAsync(Tx tx, string sql, object arguments, CancellationToken ct) =>
        await tx.ExecuteAsync(sql, arguments, ct) == 1;
}
