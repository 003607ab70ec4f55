using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Signet.Platform.Http;

/// <summary>Checks the <see cref="BrowserToken"/> of every request that changes something, at every endpoint that asks for it, before anything is bound.</summary>
public static class RequireBrowserToken
{
    /// <summary>Comes after routing and after the request's tenant is known.</summary>
    public static IApplicationBuilder UseBrowserToken(this IApplicationBuilder app, BrowserToken tokens) => app.Use(next => async context =>
    {
        var metadata = context.GetEndpoint()?.Metadata.GetMetadata<TokenPurpose>();
        if (metadata is { Purpose: { } purpose } && !IsSafe(context.Request.Method))
        {
            var refusal = metadata.OriginOnly ? tokens.CheckOrigin(context) : await tokens.CheckAsync(context, purpose);
            if (refusal is not null)
            {
                await refusal.ExecuteAsync(context);
                return;
            }
        }

        await next(context);
    });

    /// <summary>The pages of this group carry tokens of this purpose. Replaces the framework's own antiforgery.</summary>
    public static TBuilder RequiresBrowserToken<TBuilder>(this TBuilder endpoints, string purpose) where TBuilder : IEndpointConventionBuilder =>
        endpoints.DisableAntiforgery().WithMetadata(new TokenPurpose(purpose, OriginOnly: false));

    /// <summary>For addresses that are called without a page (a script's first sign-in): what a browser calls cross-site is refused, a token is not asked for.</summary>
    public static TBuilder RequiresOwnOrigin<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.DisableAntiforgery().WithMetadata(new TokenPurpose("", OriginOnly: true));

    // RFC 9110 §9.2.1.
    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private sealed record TokenPurpose(string Purpose, bool OriginOnly);
}
