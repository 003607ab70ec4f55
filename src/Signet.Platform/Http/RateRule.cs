namespace Signet.Platform.Http;

/// <summary>So many requests in such a time, for each key: a full allowance at once, then one more each <see cref="Interval"/>.</summary>
/// <param name="Name">Unique among all rules; stands in metrics and in the store's keys.</param>
public sealed record RateRule(string Name, int Permits, TimeSpan Window)
{
    /// <summary>After this time one more is allowed.</summary>
    public TimeSpan Interval => Window / Permits;
}

/// <summary>What a limit says to one request.</summary>
public abstract record RateDecision
{
    private RateDecision()
    {
    }

    /// <summary>One permit is taken.</summary>
    public sealed record Allowed : RateDecision
    {
        public static readonly Allowed Instance = new();
    }

    /// <summary>Nothing is taken; the next permit is there after this time.</summary>
    public sealed record Refused(TimeSpan RetryAfter) : RateDecision;
}

/// <summary>
/// Counts requests by the generic cell rate algorithm: of each key it remembers one moment, the time at which its allowance will be full again.
/// Implementations: this process, Redis.
/// </summary>
public interface IRateLimits
{
    ValueTask<RateDecision> TakeAsync(RateRule rule, string key, CancellationToken ct);
}
