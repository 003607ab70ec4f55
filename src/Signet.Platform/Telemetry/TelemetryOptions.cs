using Microsoft.Extensions.Logging;

namespace Signet.Platform.Telemetry;

/// <param name="OtlpEndpoint">Where traces, metrics and logs go as well; null sends nothing. Port 4317 is spoken to in gRPC, any other in HTTP.</param>
/// <param name="OtlpHeaders"><c>name=value,…</c> as the OTLP exporters have it, for a collector that asks who we are.</param>
/// <param name="JsonLogs">One JSON object a line; otherwise lines for a person at a terminal.</param>
/// <param name="Level">Of our own categories. Those of the framework, which write addresses and headers when they are talkative, stay at warnings.</param>
public sealed record TelemetryOptions(Uri? OtlpEndpoint, Secret? OtlpHeaders, string Version, bool JsonLogs, LogLevel Level = LogLevel.Information);
