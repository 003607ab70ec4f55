using Microsoft.Net.Http.Headers;
using Signet.OpenIdFederation;

namespace Signet.Server.Federation;

/// <summary>Answers of federation endpoints: signed bytes with the headers that let others keep them, and refusals in the words of OIDFed §8.9.</summary>
internal static class FederationAnswer
{
    private static readonly FederationError NoEntity = FederationError.NotFound("There is no federation entity at this address.");
    private static readonly TimeSpan LongestKept = TimeSpan.FromMinutes(5);

    public static Task RefuseNoEntityAsync(HttpContext context) => RefuseAsync(context, NoEntity);

    public static Task RefuseAsync(HttpContext context, FederationError error)
    {
        context.Response.StatusCode = error.Status;
        context.Response.Headers.CacheControl = "no-store";
        return WriteAsync(context, "application/json", error.ToUtf8Json());
    }

    public static Task JsonAsync(HttpContext context, byte[] document)
    {
        context.Response.Headers.CacheControl = "public, max-age=60";
        return WriteAsync(context, "application/json", document);
    }

    /// <summary>For a minute to five it may be kept: whoever suspends somebody means soon. Never past its end.</summary>
    public static Task SignedAsync(HttpContext context, string type, SignedStatement statement, DateTimeOffset now)
    {
        var left = statement.ExpiresAt - now;
        var kept = left < LongestKept ? left : LongestKept;
        context.Response.Headers.CacheControl = $"public, max-age={Math.Max(0, (int)kept.TotalSeconds)}";
        context.Response.Headers.ETag = statement.ETag;
        if (context.Request.Headers[HeaderNames.IfNoneMatch] == statement.ETag)
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return WriteAsync(context, $"application/{type}", statement.Bytes);
    }

    /// <summary>What is true this moment and not to be kept.</summary>
    public static Task FreshAsync(HttpContext context, string type, byte[] body)
    {
        context.Response.Headers.CacheControl = "no-store";
        return WriteAsync(context, type, body);
    }

    private static async Task WriteAsync(HttpContext context, string type, byte[] body)
    {
        // Any page may read what anybody may read.
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
        }
    }
}
