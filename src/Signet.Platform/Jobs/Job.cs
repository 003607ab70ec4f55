using Signet.Platform.Data;
using Signet.Platform.Outbox;

namespace Signet.Platform.Jobs;

public enum JobState
{
    /// <summary>Waits for its time, or for a worker.</summary>
    Queued,

    /// <summary>A worker has it, until its lease ends.</summary>
    Running,
    Done,

    /// <summary>Failed as often as it may; waits for an operator.</summary>
    Dead,
}

/// <summary>
/// What a handler is told about its job. A handler runs at least once: what it does outside the database carries <see cref="Id"/>, the same at every
/// attempt, so that the other side can recognise a repetition.
/// </summary>
/// <param name="Attempts">This attempt's number, from 1.</param>
public sealed record Job(
    JobId Id, TenantId TenantId, string Kind, string Payload, int Attempts, int MaxAttempts, string? IdempotencyKey, string? Traceparent, DateTimeOffset CreatedAt)
{
    /// <summary>Who to name in what the job causes.</summary>
    public Origin Origin => Origin.OfWorker(Kind, Id.ToString());
}
