using System.Diagnostics.Metrics;

namespace Signet.Server.Policy;

/// <summary>What was decided, how long it took, and whether reloads succeed.</summary>
internal sealed class PolicyMetrics(IMeterFactory meters)
{
    private readonly Counter<long> decisions = Meter(meters).CreateCounter<long>("signet_policy_decisions_total", description: "Policy decisions, by engine and outcome.");
    private readonly Histogram<double> durations = Meter(meters).CreateHistogram(
        "signet_policy_decision_duration_seconds", "s", "Time to one policy decision, by engine.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.00001, 0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 2.5] });
    private readonly Counter<long> reloads = Meter(meters).CreateCounter<long>("signet_policy_reloads_total", description: "Reloads of the policy on this node, by result.");

    public void Decided(string engine, PolicyDecision decision, TimeSpan duration)
    {
        var by = new KeyValuePair<string, object?>("engine", engine);
        decisions.Add(1, by, new KeyValuePair<string, object?>("decision", decision is PolicyDecision.Allowed ? "allow" : "deny"));
        durations.Record(duration.TotalSeconds, by);
    }

    public void Reloaded(bool succeeded) => reloads.Add(1, new KeyValuePair<string, object?>("result", succeeded ? "loaded" : "refused"));

    private static Meter Meter(IMeterFactory meters) => meters.Create("Signet.Policy");
}
