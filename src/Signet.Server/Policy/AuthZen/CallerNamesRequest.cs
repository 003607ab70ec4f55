using Microsoft.Extensions.Primitives;
using Signet.Platform.Http;

namespace Signet.Server.Policy.AuthZen;

/// <summary>
/// Endpoint metadata: the caller's <c>X-Request-ID</c> comes back unchanged, in refusals too (AuthZEN §10.1). Everywhere else the reference in that header
/// is ours to choose; here it is in the body of a refusal, and in the record beside the caller's.
/// </summary>
internal sealed class CallerNamesRequest
{
    private const int Longest = 200;

    /// <summary>Null where the caller sent none.</summary>
    public static string? Of(HttpContext context) => context.Request.Headers[RequestId.Header] is [{ Length: > 0 } id] ? id : null;

    /// <summary>Comes after routing, before anything that refuses.</summary>
    public static Task RunAsync(HttpContext context, RequestDelegate next)
    {
        var sent = context.Request.Headers[RequestId.Header];
        if (sent.Count == 0 || context.GetEndpoint()?.Metadata.GetMetadata<CallerNamesRequest>() is null)
        {
            return next(context);
        }

        if (!IsPrintable(sent))
        {
            return PolicyProblems.RequestIdInvalid.ExecuteAsync(context);
        }

        context.Response.OnStarting(() =>
        {
            context.Response.Headers[RequestId.Header] = sent;
            return Task.CompletedTask;
        });
        return next(context);
    }

    private static bool IsPrintable(StringValues sent) => sent is [{ Length: <= Longest } id] && id.All(letter => letter is >= ' ' and <= '~');
}
