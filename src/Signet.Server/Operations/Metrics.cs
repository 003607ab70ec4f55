using Signet.Platform.Http;
using Signet.Platform.Telemetry;
using Signet.Server.Settings;

namespace Signet.Server.Operations;

/// <summary>
/// <c>/metrics</c> in the text form of Prometheus. Without a token it is for a scraper that reaches this node directly: what comes through the proxy is
/// the public, which the figures are not for, and finds nothing here. With one, whoever shows it gets them, from anywhere.
/// </summary>
public static class Metrics
{
    private const string Scheme = "Bearer ";

    public static void Map(RouteGroupBuilder probes) => probes.MapGet("/metrics", (HttpContext context, PrometheusText metrics, HostSettings settings) =>
        settings.MetricsToken is { } wanted
            ? Shows(context, new Secret(wanted)) ? metrics.Answer() : HttpProblems.Of(StatusCodes.Status401Unauthorized) with { Challenge = "Bearer realm=\"metrics\"" }
            : ClientAddress.Of(context).ThroughProxy ? HttpProblems.NotFound : metrics.Answer());

    private static bool Shows(HttpContext context, Secret wanted) =>
        context.Request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && new Secret(header[Scheme.Length..]) == wanted;
}
