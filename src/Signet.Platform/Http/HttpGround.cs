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
        .UseErrorHandler()
        .UseStorableUrls();

    // PostgreSQL holds no NUL: an address that carries one can name nothing, and must not get as far as a statement.
    private static IApplicationBuilder UseStorableUrls(this IApplicationBuilder app) => app.Use(next => context =>
        context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) is true || context.Request.Path.Value?.Contains('\0') is true
            ? (HttpProblems.InvalidInput with { Detail = "The address contains characters that are not allowed." }).ExecuteAsync(context)
            : next(context));
}
