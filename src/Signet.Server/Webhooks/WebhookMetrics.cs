using System.Diagnostics.Metrics;

namespace Signet.Server.Webhooks;

/// <summary>What deliveries come to.</summary>
public sealed class WebhookMetrics(IMeterFactory meters)
{
    private const string MeterName = "Signet.Webhooks";

    private readonly Counter<long> deliveries = meters.Create(MeterName).CreateCounter<long>(
        "signet_webhook_deliveries_total", description: "Attempts to deliver an event, by outcome: delivered, retried, dead, gone.");

    private readonly Histogram<double> seconds = meters.Create(MeterName).CreateHistogram<double>(
        "signet_webhook_delivery_seconds", "s", "How long receivers took to answer an attempt.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    internal void Attempted(string outcome, TimeSpan took)
    {
        deliveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        seconds.Record(took.TotalSeconds);
    }
}
