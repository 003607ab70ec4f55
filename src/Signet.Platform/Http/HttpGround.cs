using Microsoft.AspNetCore.Builder;
using Signet.Platform.Telemetry;

namespace Signet.Platform.Http;

/// <summary>What stands under every request, in this order. The order is the security: nothing answers before the client, the reference and the headers are decided.</summary>
public static class HttpGround
{
    /// <param name="certificateHeader">What trusted proxies say their clients' certificates in; null where none does.</param>
    public static IApplicationBuilder UseHttpGround(this IApplicationBuilder app, TrustedProxies proxies, string? certificateHeader = null) => app
        .UseClientAddress(proxies)
        .UseClientCertificate(certificateHeader)
        .UseRequestMetrics()
        .UseRequestIds()
        .UseResponseHeaders()
        .UseErrorHandler();
}
