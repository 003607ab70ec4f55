using Microsoft.Extensions.Logging;

namespace Signet.Platform.Jobs;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "A background round failed; the next one follows.")]
    public static partial void RoundFailed(this ILogger log, Exception failure);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} of kind {Kind} failed at attempt {Attempt}.")]
    public static partial void JobFailed(this ILogger log, Exception failure, JobId jobId, string kind, int attempt);

    [LoggerMessage(LogLevel.Error, "Job {JobId} of kind {Kind} is dead after attempt {Attempt}.")]
    public static partial void JobDied(this ILogger log, JobId jobId, string kind, int attempt);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} of kind {Kind} lost its lease while it ran; another worker may have it.")]
    public static partial void JobLost(this ILogger log, JobId jobId, string kind);

    [LoggerMessage(LogLevel.Error, "The outcome of job {JobId} could not be written; it runs again when its lease ends.")]
    public static partial void OutcomeNotWritten(this ILogger log, Exception failure, JobId jobId);

    [LoggerMessage(LogLevel.Warning, "Took {Count} jobs back whose worker stopped.")]
    public static partial void JobsReclaimed(this ILogger log, int count);

    [LoggerMessage(LogLevel.Information, "Holds the lease {Lease}.")]
    public static partial void LeaseTaken(this ILogger log, string lease);

    [LoggerMessage(LogLevel.Warning, "Lost the lease {Lease}.")]
    public static partial void LeaseLost(this ILogger log, string lease);

    [LoggerMessage(LogLevel.Information, "Schedule {Schedule} fired for {Due}.")]
    public static partial void ScheduleFired(this ILogger log, string schedule, DateTimeOffset due);
}
