using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Signet.Server.AgentCards;

/// <summary>A document anybody may read, also from pages of others. It is kept for a minute at most: whoever stops an agent means now.</summary>
internal static class PublicDocument
{
    private static readonly string CacheControl = $"public, max-age={(int)TimeSpan.FromMinutes(1).TotalSeconds}";

    /// <param name="content">What the tag tells from another version; not what differs at each making, such as a signature.</param>
    /// <param name="write">Makes the bytes, where the caller has not got them.</param>
    public static async Task AnswerAsync(HttpContext context, string type, byte[] content, Func<byte[]> write)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = CacheControl;
        // RFC 9110 §8.8.1: weak, for the bytes may differ where the meaning does not.
        headers.ETag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"";
        headers.AccessControlAllowOrigin = "*";
        if (context.Request.Headers[HeaderNames.IfNoneMatch] == headers.ETag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var document = write();
        context.Response.ContentType = type;
        context.Response.ContentLength = document.Length;
        await context.Response.BodyWriter.WriteAsync(document, context.RequestAborted);
    }
}
