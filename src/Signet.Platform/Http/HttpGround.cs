using Microsoft.AspNetCore.Builder;
using Signet.Platform.Telemetry;

namespace Signet.Platform.Http;

/// <summary>What stands under every request, in this order. The order is the security: nothing answers before the client, the reference and the headers are decided.</summary>
public static class HttpGround
{
    public static IApplicationBuilder UseHttpGround(this IApplicationBuilder app, TrustedProxies proxies) => app
        .UseClientAddress(proxies)
        .UseRequestMetrics()
        .UseRequestIds()
        .UseResponseHeaders()
        .UseErrorHandler();
}
