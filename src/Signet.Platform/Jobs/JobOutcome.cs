namespace Signet.Platform.Jobs;

/// <summary>How an attempt ended.</summary>
internal abstract record JobOutcome
{
    private const int LongestError = 1000;

    private JobOutcome()
    {
    }

    public sealed record Done : JobOutcome;

    public sealed record Retry(string Error, DateTimeOffset At) : JobOutcome;

    public sealed record Dead(string Error) : JobOutcome;

    /// <summary>The process stops; somebody else may begin again.</summary>
    public sealed record Released : JobOutcome;

    /// <summary>The lease ended while it ran; the outcome is no longer ours to write.</summary>
    public sealed record Lost : JobOutcome;

    public static JobOutcome Of(Exception failure, Job job, DateTimeOffset now)
    {
        var error = $"{failure.GetType().Name}: {failure.Message}";
        error = error.Length <= LongestError ? error : error[..LongestError];
        return failure is UnreadablePayloadException || job.Attempts >= job.MaxAttempts
            ? new Dead(error)
            : new Retry(error, now + RetryDelay.After(job.Attempts));
    }
}
