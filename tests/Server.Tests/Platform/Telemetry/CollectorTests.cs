using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Signet.Platform.Telemetry;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Telemetry;

public sealed class CollectorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_a_collector_is_configured_it_gets_traces_metrics_and_logs_without_queries()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await SmallApp.StartAsync(routes => routes.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, Ct);
            var text = $"{request.Headers["x-collector-key"]} {Encoding.UTF8.GetString(body.ToArray())}";
            received.AddOrUpdate(signal, text, (_, before) => before + text);
        }));
        var options = new TelemetryOptions(collector.Address, new Secret("x-collector-key=ours"), "1.2.3", JsonLogs: true);
        await using var app = await SmallApp.StartAsync(
            routes => routes.MapGet("/traced/{id}", (string id, ILoggerFactory loggers) => loggers.CreateLogger("Signet.Tests").LogInformation("Logged it")),
            build: builder => builder.Services.AddTelemetry(options));

        using var response = await app.Client.GetAsync("/traced/one?code=hidden-value", Ct);
        await Until.TrueAsync(
            () =>
            {
                app.Services.GetRequiredService<TracerProvider>().ForceFlush();
                app.Services.GetRequiredService<MeterProvider>().ForceFlush();
                app.Services.GetRequiredService<LoggerProvider>().ForceFlush();
                return received.TryGetValue("traces", out var traces) && traces.Contains("GET /traced/{id}", StringComparison.Ordinal) && received.Count is 3;
            },
            Ct);

        Assert.All(received.Values, body => Assert.StartsWith("ours ", body, StringComparison.Ordinal));
        Assert.Contains("1.2.3", received["traces"], StringComparison.Ordinal);
        Assert.Contains("signet_http_requests_total", received["metrics"], StringComparison.Ordinal);
        Assert.Contains("Logged it", received["logs"], StringComparison.Ordinal);
        Assert.All(received.Values, body => Assert.DoesNotContain("hidden-value", body, StringComparison.Ordinal));
    }
}
