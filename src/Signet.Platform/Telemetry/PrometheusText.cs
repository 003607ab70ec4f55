using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Signet.Platform.Telemetry;

/// <summary>
/// Keeps the meters of <c>Signet.*</c> and the runtime, and writes them in the Prometheus text format 0.0.4.
/// Recording takes no lock and makes no garbage; each instrument has at most <see cref="MaxSeries"/> series, the rest share one marked <c>overflow</c>.
/// </summary>
public sealed class PrometheusText : IHostedService, IDisposable
{
    internal const int MaxSeries = 2000;
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> families = new(StringComparer.Ordinal);
    private readonly Lock scrape = new();
    private long round;

    public PrometheusText()
    {
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name.StartsWith("Signet.", StringComparison.Ordinal) || (instrument.Meter.Name is "System.Runtime" && instrument.IsObservable))
            {
                // By name: an instrument made again (a second host in one process) goes on where the first left off.
                own.EnableMeasurementEvents(instrument, families.GetOrAdd(instrument.Name, static (_, made) => new MetricFamily(made), instrument));
            }
        };
        listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record(state, (double)value, tags));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The whole text, with observable instruments asked now.</summary>
    public string Write()
    {
        lock (scrape)
        {
            var now = Interlocked.Increment(ref round);
            foreach (var family in families.Values)
            {
                family.Round = now;
            }

            listener.RecordObservableInstruments();
            var text = new StringBuilder(16 * 1024);
            foreach (var family in families.Values.OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                family.WriteTo(text);
            }

            return text.ToString();
        }
    }

    /// <summary>The answer of <c>/metrics</c>.</summary>
    public IResult Answer() => Results.Text(Write(), ContentType);

    public void Dispose() => listener.Dispose();

    private static void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => ((MetricFamily)state!).Record(value, tags);
}
