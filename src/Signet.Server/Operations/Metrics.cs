using Signet.Platform.Http;
using Signet.Platform.Telemetry;

namespace Signet.Server.Operations;

/// <summary>
/// <c>/metrics</c> in the text form of Prometheus, for a scraper that reaches this node directly. What comes through the proxy is the public, which
/// the figures are not for: it finds nothing here.
/// </summary>
public static class Metrics
{
    public static void Map(RouteGroupBuilder probes) => probes.MapGet("/metrics", (HttpContext context, PrometheusText metrics) =>
        ClientAddress.Of(context).ThroughProxy ? HttpProblems.NotFound : metrics.Answer());
}
