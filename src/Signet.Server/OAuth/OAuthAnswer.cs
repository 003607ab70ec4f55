using Signet.OAuth;
using Signet.Platform.Http;

namespace Signet.Server.OAuth;

/// <summary>How the OAuth endpoints answer: JSON bytes, never cached (RFC 6749 §5.1), errors in the form of RFC 6749 §5.2.</summary>
internal static class OAuthAnswer
{
    public const string Json = "application/json";

    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body, int status = StatusCodes.Status200OK, string contentType = Json)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers.Pragma = "no-cache";
        await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    public static Task WriteAsync(HttpContext context, OAuthError error) => WriteAsync(context, error.ToUtf8Json(), error.Status);

    public static Task WriteAsync(HttpContext context, ClientCheck refusal)
    {
        switch (refusal)
        {
            case ClientCheck.Refused refused:
                if (refused.Error.Status == StatusCodes.Status401Unauthorized)
                {
                    // RFC 6749 §5.2: a 401 says which scheme would do; ours is Basic wherever a secret can come by header.
                    context.Response.Headers.WWWAuthenticate = "Basic realm=\"oauth\"";
                }

                return WriteAsync(context, refused.Error);
            case ClientCheck.Unknown:
                RetryAfterHeader.Set(context.Response, TimeSpan.FromSeconds(5));
                return WriteAsync(context, OAuthError.TemporarilyUnavailable);
            case ClientCheck.TooMany tooMany:
                RetryAfterHeader.Set(context.Response, tooMany.RetryAfter);
                return WriteAsync(context, OAuthError.TemporarilyUnavailable.ToUtf8Json(), StatusCodes.Status429TooManyRequests);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
