using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Signet.Platform.Jobs;

/// <summary>What a worker tells of its jobs: a span and a duration for each, and, sampled, how much is waiting.</summary>
internal static class JobMetrics
{
    public static readonly ActivitySource Traces = new("Signet.Jobs");
    private static readonly Meter Meter = new("Signet.Jobs");

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("signet_job_duration_seconds", "s", "How long jobs ran, by kind and outcome.");

    private static volatile IReadOnlyList<JobCount> waiting = [];
    private static double outboxLag;

    static JobMetrics()
    {
        Meter.CreateObservableGauge("signet_jobs", () => waiting.Select(c => new Measurement<long>(
            c.Count, new("kind", c.Kind), new("state", SnakeCaseOf(c.State)))), description: "Jobs that are not done, by kind and state.");
        Meter.CreateObservableGauge("signet_outbox_lag_seconds", () => Volatile.Read(ref outboxLag), "s", "How long the oldest event has been waiting to be handed on.");
    }

    public static void Ran(string kind, string outcome, TimeSpan duration) =>
        Duration.Record(duration.TotalSeconds, new("kind", kind), new("outcome", outcome));

    public static void Sampled(IReadOnlyList<JobCount> counts, TimeSpan? lag)
    {
        waiting = counts;
        Volatile.Write(ref outboxLag, lag?.TotalSeconds ?? 0);
    }

    private static string SnakeCaseOf(JobState state) => Data.SnakeCase.Of(state);
}
