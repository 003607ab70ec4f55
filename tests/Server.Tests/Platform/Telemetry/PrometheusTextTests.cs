using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signet.Platform.Telemetry;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Telemetry;

public sealed class PrometheusTextTests : IAsyncLifetime
{
    private readonly PrometheusText text = new();
    private readonly Meter meter = new("Signet.Tests");
    private readonly string name = $"signet_test_{Guid.NewGuid():N}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await text.StartAsync(Ct);

    public ValueTask DisposeAsync()
    {
        meter.Dispose();
        text.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void A_counter_is_one_series_for_each_set_of_labels_in_whatever_order()
    {
        var counter = meter.CreateCounter<long>($"{name}_total", description: "Of the test.");
        counter.Add(2, new("scope", "a"), new("grant", "x"));
        counter.Add(3, new("grant", "x"), new("scope", "a"));
        counter.Add(1, new("scope", "b"), new("grant", "x"));

        var lines = Lines();

        Assert.Equal(
            [$"# HELP {name}_total Of the test.", $"# TYPE {name}_total counter", $"{name}_total{{grant=\"x\",scope=\"a\"}} 5", $"{name}_total{{grant=\"x\",scope=\"b\"}} 1"],
            lines);
    }

    [Fact]
    public void A_label_cannot_break_out_of_its_quotes()
    {
        meter.CreateCounter<long>($"{name}_total").Add(1, new KeyValuePair<string, object?>("scope", "a\"} 1\nfake{x=\"\\"));

        Assert.Equal([$"# TYPE {name}_total counter", $"{name}_total{{scope=\"a\\\"}} 1\\nfake{{x=\\\"\\\\\"}} 1"], Lines());
    }

    [Fact]
    public void A_value_on_the_edge_of_a_bucket_belongs_to_it()
    {
        var histogram = meter.CreateHistogram<double>($"{name}_seconds", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
        histogram.Record(0.25);
        histogram.Record(0.5);
        histogram.Record(1);
        histogram.Record(4);

        Assert.Equal(
            [
                $"# TYPE {name}_seconds histogram", $"{name}_seconds_bucket{{le=\"0.5\"}} 2", $"{name}_seconds_bucket{{le=\"1\"}} 3",
                $"{name}_seconds_bucket{{le=\"+Inf\"}} 4", $"{name}_seconds_sum 5.75", $"{name}_seconds_count 4",
            ],
            Lines());
    }

    [Fact]
    public void What_is_no_longer_observed_is_no_longer_written()
    {
        List<Measurement<int>> seen = [new(3, new KeyValuePair<string, object?>("state", "dead")), new(1, new KeyValuePair<string, object?>("state", "ready"))];
        meter.CreateObservableGauge(name, () => seen);
        var before = Lines();
        seen.RemoveAt(0);

        var after = Lines();

        Assert.Equal([$"# TYPE {name} gauge", $"{name}{{state=\"dead\"}} 3", $"{name}{{state=\"ready\"}} 1"], before);
        Assert.Equal([$"# TYPE {name} gauge", $"{name}{{state=\"ready\"}} 1"], after);
    }

    [Fact]
    public void Gauges_hold_and_up_down_counters_add()
    {
        var gauge = meter.CreateGauge<int>($"{name}_gauge");
        gauge.Record(5);
        gauge.Record(3);
        var sum = meter.CreateUpDownCounter<int>($"{name}_sum");
        sum.Add(5);
        sum.Add(-2);

        Assert.Equal([$"# TYPE {name}_gauge gauge", $"{name}_gauge 3", $"# TYPE {name}_sum gauge", $"{name}_sum 3"], Lines());
    }

    [Fact]
    public void However_many_labels_come_the_text_stays_bounded()
    {
        var counter = meter.CreateCounter<long>($"{name}_total");
        for (var index = 0; index < PrometheusText.MaxSeries + 500; index++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("scope", $"s{index}"));
        }

        var lines = Lines();

        Assert.InRange(lines.Count, PrometheusText.MaxSeries, PrometheusText.MaxSeries + 3);
        Assert.Contains($"{name}_total{{overflow=\"true\"}} 500", lines);
    }

    [Fact]
    public async Task Threads_that_count_together_lose_nothing()
    {
        var counter = meter.CreateCounter<long>($"{name}_total");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () =>
            {
                for (var index = 0; index < 10_000; index++)
                {
                    counter.Add(1, new KeyValuePair<string, object?>("scope", "a"));
                }
            },
            Ct)));

        Assert.Contains($"{name}_total{{scope=\"a\"}} 80000", Lines());
    }

    [Fact]
    public async Task Requests_are_counted_by_template_and_unknown_addresses_by_none()
    {
        var route = $"/{name}/{{id}}";
        await using var app = await SmallApp.StartAsync(
            routes =>
            {
                routes.MapGet(route, (Guid id) => id);
                routes.MapGet($"/{name}/login", IResult () => Results.Unauthorized());
                routes.MapGet("/metrics", (PrometheusText metrics) => metrics.Answer());
            },
            build: builder => builder.Services.AddTelemetry(new TelemetryOptions(null, null, "test", JsonLogs: true)));
        await app.Client.GetAsync($"/{name}/{Guid.NewGuid()}", Ct);
        await app.Client.GetAsync($"/{name}/{Guid.NewGuid()}", Ct);
        await app.Client.GetAsync($"/{name}/login", Ct);
        await app.Client.GetAsync($"/{name}/a/b/c", Ct);
        using var odd = new HttpRequestMessage(new HttpMethod("BREW"), $"/{name}/x/y");
        await app.Client.SendAsync(odd, Ct);

        // A request is counted when it has ended, which can be after its answer has arrived.
        await Until.TrueAsync(async () => (await app.Client.GetStringAsync("/metrics", Ct)).Contains("method=\"other\"", StringComparison.Ordinal), Ct);

        using var response = await app.Client.GetAsync("/metrics", Ct);

        var metrics = await response.Content.ReadAsStringAsync(Ct);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Contains($"signet_http_requests_total{{method=\"GET\",route=\"/{name}/:id\",status_code=\"200\"}} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"signet_http_requests_total{{method=\"GET\",route=\"/{name}/login\",status_code=\"401\"}} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"signet_http_request_duration_seconds_count{{method=\"GET\",route=\"/{name}/:id\",status_code=\"200\"}} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("route=\"none\",status_code=\"404\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("method=\"other\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("BREW", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("a/b/c", metrics, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_collections_total{", metrics, StringComparison.Ordinal);
    }

    private List<string> Lines() => [.. text.Write().Split('\n').Where(line => line.Contains(name, StringComparison.Ordinal))];
}
