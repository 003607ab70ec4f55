using Cronos;

namespace Signet.Platform.Jobs;

/// <summary>Makes a job of a kind at the times of a cron expression (five fields), for the default tenant. The payload is a <see cref="ScheduledRun"/>.</summary>
/// <param name="Name">Stable; the times already fired are kept under it.</param>
/// <param name="Zone">UTC, where not said.</param>
public sealed record Schedule(string Name, string Cron, string Kind, TimeZoneInfo? Zone = null)
{
    private readonly CronExpression expression = CronExpression.Parse(Cron);

    /// <summary>The expression and its zone: when this changes the next time is reckoned anew.</summary>
    internal string Spec => $"{Cron} {(Zone ?? TimeZoneInfo.Utc).Id}";

    /// <summary>The first time after this one; null for an expression that has none.</summary>
    internal DateTimeOffset? NextAfter(DateTimeOffset moment) => expression.GetNextOccurrence(moment, Zone ?? TimeZoneInfo.Utc)?.ToUniversalTime();
}

/// <param name="Due">The time of the schedule this run is for; later than the last run's, but runs in between may have been left out.</param>
public sealed record ScheduledRun(DateTimeOffset Due);
