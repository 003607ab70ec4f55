using Signet.Platform.Data;
using Signet.Server.Audit.Storage;

namespace Signet.Server.Audit;

/// <summary>What a tenant's record holds of one hour.</summary>
/// <param name="Hour">The first moment of it, in UTC.</param>
public sealed record ActivityHour(DateTimeOffset Hour, long SignIns, long Refusals);

/// <summary>Sign-ins and refusals of the last day by the hour, each counted no further than <see cref="Most"/>: a tenant of millions costs no more than one of thousands.</summary>
public static class CountActivity
{
    public const int Most = 20_000;

    /// <summary>How many hours are told of, the present one among them.</summary>
    public const int HoursShown = 24;

    /// <param name="Hours">Oldest first, every hour, those without a record too.</param>
    public sealed record Activity(IReadOnlyList<ActivityHour> Hours)
    {
        public long SignIns => Hours.Sum(hour => hour.SignIns);

        public long Refusals => Hours.Sum(hour => hour.Refusals);
    }

    public static async Task<Activity> RunAsync(Db db, TenantId tenant, DateTimeOffset now, CancellationToken ct)
    {
        var present = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, now.Offset).ToUniversalTime();
        var first = present.AddHours(1 - HoursShown);
        var counted = await AuditQueries.CountByHourAsync(db, tenant, first, Most, ct);
        var byHour = counted.ToDictionary(row => row.Hour);
        return new Activity(
            [.. Enumerable.Range(0, HoursShown)
                .Select(i => first.AddHours(i))
                .Select(hour => byHour.TryGetValue(hour, out var row) ? new ActivityHour(hour, row.SignIns, row.Refusals) : new ActivityHour(hour, 0, 0))]);
    }

    public static string Words(long count) => count >= Most ? $"{Most:N0}+" : count.ToString("N0");
}
