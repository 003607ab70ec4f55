namespace Signet.Server.Ui;

/// <summary>Times in words. Beyond a month a date says more than a count of days.</summary>
internal static class Moments
{
    public static string Relative(DateTimeOffset at, DateTimeOffset now)
    {
        var past = now - at;
        var span = past.Duration();
        if (span < TimeSpan.FromSeconds(45))
            return "just now";
        if (span < TimeSpan.FromDays(30))
            return past > TimeSpan.Zero ? $"{Span(span)} ago" : $"in {Span(span)}";
        return at.UtcDateTime.ToString(at.Year == now.Year ? "d MMM" : "d MMM yyyy");
    }

    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 45 } => $"{Math.Max(1, (int)span.TotalSeconds)} s",
        { TotalMinutes: < 59.5 } => $"{Math.Max(1, Math.Round(span.TotalMinutes)):0} min",
        { TotalHours: < 23.5 } => $"{Math.Round(span.TotalHours):0} h",
        _ => Math.Round(span.TotalDays) is var days and > 1 ? $"{days:0} days" : "1 day",
    };

    public static string Absolute(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy, HH:mm:ss 'UTC'");
}
