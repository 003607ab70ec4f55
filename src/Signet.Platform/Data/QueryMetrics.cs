using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Signet.Platform.Data;

/// <summary>Times what is asked of the database, by the first word of the statement; of the statement itself nothing is kept.</summary>
public static class QueryMetrics
{
    private static readonly string[] Operations = ["select", "insert", "update", "delete", "with", "commit"];
    private static readonly Meter Meter = new("Signet.Database");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "signet_db_query_duration_seconds", "s", "Time from a statement to its answer, by operation.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] });

    /// <param name="begun">Of <see cref="Stopwatch.GetTimestamp"/>.</param>
    public static void Record(string sql, long begun) =>
        Duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds, new KeyValuePair<string, object?>("operation", OperationOf(sql)));

    private static string OperationOf(string sql)
    {
        var text = sql.AsSpan().TrimStart();
        foreach (var operation in Operations)
        {
            if (text.StartsWith(operation, StringComparison.OrdinalIgnoreCase))
            {
                return operation;
            }
        }

        return "other";
    }
}
