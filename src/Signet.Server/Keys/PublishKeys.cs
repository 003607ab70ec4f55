using Microsoft.Net.Http.Headers;
using Signet.Server.Tenants;

namespace Signet.Server.Keys;

/// <summary>The tenant's key set, as bytes made when a key last moved.</summary>
public static class PublishKeys
{
    private static readonly string CacheControl = $"public, max-age={(int)KeyLife.CacheFor.TotalSeconds}";

    public static void Map(RouteGroupBuilder protocol) => protocol.MapGet("/oauth2/jwks", HandleAsync);

    private static async Task HandleAsync(HttpContext context, Tenant tenant, KeyRings rings)
    {
        var ring = await rings.GetAsync(tenant.Id, context.RequestAborted);
        if (ring.Verification.Keys.Count == 0)
        {
            // Who reads the set before the first token keeps it for an hour: it has to have the keys that will sign.
            await rings.GetSigningKeyAsync(tenant.Id, "ES256", context.RequestAborted);
            await rings.GetSigningKeyAsync(tenant.Id, "RS256", context.RequestAborted);
            ring = await rings.GetAsync(tenant.Id, context.RequestAborted);
        }

        var headers = context.Response.Headers;
        headers.CacheControl = CacheControl;
        headers.ETag = ring.ETag;
        // Any page may read public keys.
        headers.AccessControlAllowOrigin = "*";
        if (context.Request.Headers[HeaderNames.IfNoneMatch] == ring.ETag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = "application/jwk-set+json";
        context.Response.ContentLength = ring.Document.Length;
        await context.Response.Body.WriteAsync(ring.Document, context.RequestAborted);
    }
}
