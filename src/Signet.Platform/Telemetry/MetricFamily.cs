using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Signet.Platform.Telemetry;

/// <summary>One instrument: its name and kind, and a series for each set of labels seen.</summary>
internal sealed class MetricFamily
{
    // Where an instrument gives no advice: seconds from 5 ms to 10 s.
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];

    private readonly ConcurrentDictionary<int, MetricSeries> byHash = new();
    private readonly Dictionary<string, MetricSeries> byLabels = new(StringComparer.Ordinal);
    private readonly string type;
    private readonly string? help;
    private readonly bool observable;
    private readonly bool sets;
    private readonly double[]? buckets;

    public MetricFamily(Instrument instrument)
    {
        observable = instrument.IsObservable;
        var kind = instrument.GetType().Name;
        type = kind.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal) ? "counter"
            : "gauge";
        // An UpDownCounter is a gauge that is told its changes; every other gauge, and what is observed, is told its value.
        sets = observable || (type is "gauge" && !kind.StartsWith("UpDownCounter", StringComparison.Ordinal));
        help = instrument.Description;
        buckets = type is "histogram" ? BucketsOf(instrument) : null;
        Name = NameOf(instrument, type);
    }

    public string Name { get; }

    /// <summary>The scrape that is under way; a series that an observable instrument did not report in it is gone.</summary>
    public long Round { get; set; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Find(tags) ?? Add(tags);
        if (buckets is not null)
        {
            series.Observe(value, buckets);
        }
        else if (sets)
        {
            series.Set(value, Round);
        }
        else
        {
            series.Add(value);
        }
    }

    public void WriteTo(StringBuilder text)
    {
        lock (byLabels)
        {
            var live = byLabels.Values.Where(s => !observable || s.Round == Round).ToList();
            if (live.Count is 0)
            {
                return;
            }

            if (help is not null)
            {
                text.Append("# HELP ").Append(Name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
            }

            text.Append("# TYPE ").Append(Name).Append(' ').Append(type).Append('\n');
            foreach (var series in live)
            {
                series.WriteTo(text, Name, buckets);
            }
        }
    }

    private MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        for (var series = byHash.GetValueOrDefault(HashOf(tags)); series is not null; series = series.Next)
        {
            if (series.Has(tags))
            {
                return series;
            }
        }

        return null;
    }

    private MetricSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (byLabels)
        {
            if (Find(tags) is { } raced)
            {
                return raced;
            }

            if (byLabels.Count >= PrometheusText.MaxSeries)
            {
                tags = Overflow;
            }

            var labels = LabelsOf(tags);
            // The same labels in another order are the same series under a second hash.
            var hash = HashOf(tags);
            var made = new MetricSeries(tags.ToArray(), labels, byLabels.GetValueOrDefault(labels)?.Value ?? new MetricValue(buckets), byHash.GetValueOrDefault(hash));
            byLabels.TryAdd(labels, made);
            byHash[hash] = made;
            return made;
        }
    }

    private static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = 17;
        foreach (var (name, value) in tags)
        {
            hash = (hash * 31) + name.Length;
            hash = (hash * 31) + (value is string text ? string.GetHashCode(text, StringComparison.Ordinal) : value?.GetHashCode() ?? 0);
        }

        return hash;
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(',', tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{Plain(tag.Key)}=\"{Escape(tag.Value)}\""));

    private static string Escape(object? value) => (Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string NameOf(Instrument instrument, string type)
    {
        var name = Plain(instrument.Name);
        if (instrument.Unit is "s" && !name.Contains("_seconds", StringComparison.Ordinal))
        {
            name += "_seconds";
        }
        else if (instrument.Unit is "By" && !name.Contains("_bytes", StringComparison.Ordinal))
        {
            name += "_bytes";
        }

        return type is "counter" && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static string Plain(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static double[] BucketsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } given } => [.. given],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } given } => [.. given.Select(b => (double)b)],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } given } => [.. given.Select(b => (double)b)],
        _ => Seconds,
    };
}
