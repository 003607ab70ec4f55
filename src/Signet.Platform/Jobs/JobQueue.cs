using Signet.Platform.Data;
using Signet.Platform.Jobs.Storage;

namespace Signet.Platform.Jobs;

/// <param name="Before">The last id of the page before; the newest jobs come first.</param>
public sealed record JobFilter(JobState? State = null, string? Kind = null, JobId? Before = null, int Limit = 50);

/// <summary>A job as an operator sees it in a list: without its payload, which may be personal.</summary>
public sealed record JobSummary(
    JobId Id, TenantId TenantId, string Kind, JobState State, int Attempts, int MaxAttempts, DateTimeOffset RunAt, DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt, string? LastError);

/// <param name="LockedBy">The worker that has it.</param>
public sealed record JobDetail(
    JobId Id, TenantId TenantId, string Kind, JobState State, int Attempts, int MaxAttempts, DateTimeOffset RunAt, DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt, string? LastError, string Payload, string? IdempotencyKey, string? LockedBy, DateTimeOffset? LockedUntil, string? Traceparent);

/// <summary>A page of jobs; <see cref="Next"/> is what to ask for the one after it, null at the end.</summary>
public sealed record JobPage(IReadOnlyList<JobSummary> Jobs, JobId? Next);

public sealed record JobCount(string Kind, JobState State, long Count);

/// <summary>What an operator may do with jobs. The transaction must be one across tenants.</summary>
public static class JobQueue
{
    public static async Task<JobPage> ListAsync(Tx tx, JobFilter filter, CancellationToken ct)
    {
        var limit = Math.Clamp(filter.Limit, 1, 200);
        var found = await JobLists.ListAsync(tx, filter.State, filter.Kind, filter.Before, limit + 1, ct);
        return found.Count > limit ? new JobPage(found[..limit], found[limit - 1].Id) : new JobPage(found, null);
    }

    public static Task<JobDetail?> FindAsync(Tx tx, JobId id, CancellationToken ct) => JobLists.FindAsync(tx, id, ct);

    /// <summary>How many there are that are not done, by kind and state.</summary>
    public static Task<List<JobCount>> CountAsync(Tx tx, CancellationToken ct) => JobLists.CountAsync(tx, ct);

    /// <summary>Runs it now, with all its attempts before it. False where there is no dead or waiting job of this id.</summary>
    public static async Task<bool> RetryAsync(Tx tx, JobId id, CancellationToken ct)
    {
        var retried = await JobLists.RetryAsync(tx, id, ct);
        if (retried)
        {
            tx.Notify(EnqueueJob.Topic, "");
        }

        return retried;
    }

    /// <summary>Deletes it undone. False where there is no dead or waiting job of this id.</summary>
    public static Task<bool> DiscardAsync(Tx tx, JobId id, CancellationToken ct) => JobLists.DiscardAsync(tx, id, ct);
}
