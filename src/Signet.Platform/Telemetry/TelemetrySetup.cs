using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Signet.Platform.Telemetry;

/// <summary>Logs to the console, metrics for <c>/metrics</c>, and everything to a collector where one is configured.</summary>
public static class TelemetrySetup
{
    private const string OwnNames = "Signet.*";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetryOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<PrometheusText>();
        services.AddHostedService(provider => provider.GetRequiredService<PrometheusText>());
        // A trace id, like a request id, is ours to choose: hosting would take the caller's.
        services.AddSingleton<DistributedContextPropagator>(new OwnTraces());
        AddLogs(services, options);
        if (options.OtlpEndpoint is { } endpoint)
        {
            AddCollector(services, options, endpoint);
        }
        else
        {
            services.AddHostedService<TraceIds>();
        }

        return services;
    }

    private static void AddLogs(IServiceCollection services, TelemetryOptions options) => services.AddLogging(logging => logging
        .ClearProviders()
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("Signet", options.Level)
        // "Now listening on …", "Application is shutting down".
        .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information)
        .AddConsole(console => console.FormatterName = options.JsonLogs ? JsonLog.FormatterName : PlainLog.FormatterName)
        .AddConsoleFormatter<JsonLog, ConsoleFormatterOptions>()
        .AddConsoleFormatter<PlainLog, ConsoleFormatterOptions>());

    private static void AddCollector(IServiceCollection services, TelemetryOptions options, Uri endpoint) => services
        .AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("signet", serviceVersion: options.Version))
        .WithTracing(traces => traces.AddSource(OwnNames, "Microsoft.AspNetCore", "Npgsql").AddOtlpExporter(otlp => Address(otlp, options, endpoint, "v1/traces")))
        .WithMetrics(metrics => metrics.AddMeter(OwnNames, "System.Runtime").AddOtlpExporter(otlp => Address(otlp, options, endpoint, "v1/metrics")))
        .WithLogging(
            logs => logs.AddOtlpExporter(otlp => Address(otlp, options, endpoint, "v1/logs")),
            logs => logs.IncludeScopes = true);

    private static void Address(OtlpExporterOptions otlp, TelemetryOptions options, Uri endpoint, string path)
    {
        const int GrpcPort = 4317;
        var grpc = endpoint.Port == GrpcPort;
        otlp.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = grpc ? endpoint : new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{path}");
        otlp.Headers = options.OtlpHeaders?.Reveal();
    }

    /// <summary>Reads no trace context from outside. Inside, between a request and its jobs, the rows of the queue carry it.</summary>
    private sealed class OwnTraces : DistributedContextPropagator
    {
        public override IReadOnlyCollection<string> Fields => [];

        public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
        {
        }

        public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
            (traceId, traceState) = (null, null);

        public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
    }

    /// <summary>Without a collector nobody samples, and the log of a job would not know the request it comes from: asks for ids, and nothing more.</summary>
    private sealed class TraceIds : IHostedService, IDisposable
    {
        private readonly ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name.StartsWith("Signet.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
        };

        public Task StartAsync(CancellationToken cancellationToken)
        {
            ActivitySource.AddActivityListener(listener);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => listener.Dispose();
    }
}
