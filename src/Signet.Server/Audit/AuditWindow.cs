using System.Globalization;
using Signet.Platform.Http;

namespace Signet.Server.Audit;

/// <summary>A span of time as a request names it: by days of UTC, or by moments (RFC 3339). Both ends belong to it.</summary>
/// <param name="From">The first moment; null: the beginning.</param>
/// <param name="To">The first moment after; null: none.</param>
internal sealed record AuditWindow(DateTimeOffset? From, DateTimeOffset? To)
{
    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public bool IsAll => From is null && To is null;

    /// <summary>Null, with the refusal that names the parameter, where either is no date or the end lies before the beginning.</summary>
    public static AuditWindow? Read((string Name, string? Text) first, (string Name, string? Text) last, out Problem? refusal)
    {
        refusal = null;
        DateTimeOffset? from = null, to = null;
        if (first.Text is { } start)
        {
            if (ReadSpan(start) is not { } span)
            {
                refusal = NoDate(first.Name);
                return null;
            }

            from = span.Begin;
        }

        if (last.Text is { } end)
        {
            if (ReadSpan(end) is not { } span)
            {
                refusal = NoDate(last.Name);
                return null;
            }

            to = span.After;
        }

        if (to <= from)
        {
            refusal = AuditProblems.InvalidWindow.WithError(last.Name, $"must not be before {first.Name}");
            return null;
        }

        return new AuditWindow(from, to);
    }

    private static Problem NoDate(string name) =>
        AuditProblems.InvalidWindow.WithError(name, "must be a day, 2030-01-31, or a moment, 2030-01-31T12:00:00Z");

    // A day is all of it; a moment is as long as the shortest time on record, a microsecond.
    private static (DateTimeOffset Begin, DateTimeOffset After)? ReadSpan(string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            var begin = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            return (begin, After(begin, TimeSpan.FromDays(1)));
        }

        return DateTimeOffset.TryParseExact(
            text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
                ? (moment, After(moment, TimeSpan.FromMicroseconds(1)))
                : null;
    }

    private static DateTimeOffset After(DateTimeOffset begin, TimeSpan length) =>
        begin < DateTimeOffset.MaxValue - length ? begin + length : DateTimeOffset.MaxValue;
}
