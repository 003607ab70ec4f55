using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Signet.Platform.Http;

/// <summary>
/// The headers every answer carries, refusals included. Closed by default: nothing is stored, framed, sniffed, or run from another origin;
/// an endpoint whose answer may be cached says so itself by setting <c>Cache-Control</c>.
/// </summary>
public static class ResponseHeaders
{
    private const string PolicyStart =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    private static readonly SearchValues<char> SourceCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:/[]+");

    private static readonly StringValues Policy = PolicyStart;
    private static readonly StringValues NoSniff = "nosniff";

    // Not "no-referrer": with it browsers send "Origin: null" with our own forms (Fetch §3.1), and the browser token compares the origin.
    private static readonly StringValues Referrer = "same-origin";
    private static readonly StringValues NoFeatures =
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";
    private static readonly StringValues SameOrigin = "same-origin";
    private static readonly StringValues Strict = "max-age=31536000";
    private static readonly StringValues NoStore = "no-store";

    /// <summary>Comes after the request id, before everything that answers.</summary>
    public static IApplicationBuilder UseResponseHeaders(this IApplicationBuilder app) => app.Use(next => context =>
    {
        Apply(context);
        return next(context);
    });

    /// <summary>Lets forms of this page lead to where <paramref name="redirectUri"/> points: browsers apply <c>form-action</c> to redirects after a POST too.</summary>
    /// <returns>False, and nothing changed, where the URI has no source expression (CSP3 §2.3.1).</returns>
    public static bool AllowFormsTo(HttpContext context, string redirectUri)
    {
        if (SourceOf(redirectUri) is not { } source)
        {
            return false;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"{headers.ContentSecurityPolicy.ToString()} {source}";
        return true;
    }

    internal static void Apply(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers[RequestId.Header] = RequestId.Of(context).Value;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = Referrer;
        headers["Permissions-Policy"] = NoFeatures;
        headers["Cross-Origin-Opener-Policy"] = SameOrigin;
        headers["Cross-Origin-Resource-Policy"] = SameOrigin;
        headers.CacheControl = NoStore;
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = Strict;
        }
    }

    private static string? SourceOf(string redirectUri)
    {
        if (!Uri.TryCreate(redirectUri, UriKind.Absolute, out var uri))
        {
            return null;
        }

        var source = uri.Scheme is "https" or "http" ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : $"{uri.Scheme}:";
        return source.AsSpan().ContainsAnyExcept(SourceCharacters) || uri.Scheme is "javascript" or "data" or "blob" or "vbscript" ? null : source;
    }
}
