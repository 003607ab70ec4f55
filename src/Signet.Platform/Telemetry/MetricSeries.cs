using System.Globalization;
using System.Text;

namespace Signet.Platform.Telemetry;

/// <summary>One set of labels of an instrument, and the numbers under it.</summary>
internal sealed class MetricSeries(KeyValuePair<string, object?>[] tags, string labels, MetricValue value, MetricSeries? next)
{
    public MetricSeries? Next => next;

    public MetricValue Value => value;

    public long Round => value.Round;

    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> others)
    {
        if (others.Length != tags.Length)
        {
            return false;
        }

        for (var index = 0; index < tags.Length; index++)
        {
            if (!string.Equals(tags[index].Key, others[index].Key, StringComparison.Ordinal) || !Equals(tags[index].Value, others[index].Value))
            {
                return false;
            }
        }

        return true;
    }

    public void Add(double amount) => value.Add(amount);

    public void Set(double amount, long round) => value.Set(amount, round);

    public void Observe(double amount, double[] buckets) => value.Observe(amount, buckets);

    public void WriteTo(StringBuilder text, string name, double[]? buckets)
    {
        if (buckets is null)
        {
            Line(text, name, "", labels, value.Sum);
            return;
        }

        var before = labels.Length > 0 ? labels + "," : "";
        var running = 0L;
        for (var index = 0; index <= buckets.Length; index++)
        {
            running += value.CountOf(index);
            Line(text, name, "_bucket", $"{before}le=\"{(index < buckets.Length ? Number(buckets[index]) : "+Inf")}\"", running);
        }

        Line(text, name, "_sum", labels, value.Sum);
        Line(text, name, "_count", labels, running);
    }

    private static void Line(StringBuilder text, string name, string suffix, string labels, double number)
    {
        text.Append(name).Append(suffix);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(number)).Append('\n');
    }

    private static string Number(double number) => number switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => number.ToString("R", CultureInfo.InvariantCulture),
    };
}

/// <summary>Numbers that many threads add to without a lock.</summary>
internal sealed class MetricValue(double[]? buckets)
{
    private readonly long[] counts = new long[(buckets?.Length ?? -1) + 1];
    private double sum;
    private long round;

    public double Sum => Volatile.Read(ref sum);

    public long Round => Volatile.Read(ref round);

    public long CountOf(int bucket) => Volatile.Read(ref counts[bucket]);

    public void Set(double amount, long now)
    {
        Volatile.Write(ref sum, amount);
        Volatile.Write(ref round, now);
    }

    public void Add(double amount)
    {
        var seen = Volatile.Read(ref sum);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref sum, seen + amount, seen);
            if (before.Equals(seen))
            {
                return;
            }

            seen = before;
        }
    }

    public void Observe(double amount, double[] bounds)
    {
        var bucket = 0;
        while (bucket < bounds.Length && amount > bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref counts[bucket]);
        Add(amount);
    }
}
