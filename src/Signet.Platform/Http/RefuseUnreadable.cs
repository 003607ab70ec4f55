using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Signet.Platform.Http;

/// <summary>Refuses what no handler could make anything of, before one tries: in the words of the chosen route, which is why it comes after routing.</summary>
public static class RefuseUnreadable
{
    private static readonly Problem Nul = HttpProblems.InvalidInput with { Detail = "The address contains characters that are not allowed." };
    private static readonly Problem NoHost = HttpProblems.InvalidInput with { Detail = "The Host header names no host." };
    private static readonly Problem OtherCharset = HttpProblems.UnsupportedMediaType with { Detail = "JSON is read in UTF-8 only." };

    /// <summary>Comes after routing, before everything that looks anything up.</summary>
    public static IApplicationBuilder UseReadableRequests(this IApplicationBuilder app) => app.Use(next => context =>
        Find(context) is { } problem ? problem.ExecuteAsync(context) : next(context));

    private static Problem? Find(HttpContext context)
    {
        var request = context.Request;
        // PostgreSQL holds no NUL: an address that carries one can name nothing, and must not get as far as a statement.
        if (request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) is true || request.Path.Value?.Contains('\0') is true)
        {
            return Nul;
        }

        // RFC 9112 §3.2: a Host that is none is a 400. HTTP/1.0 may leave it out.
        if (ClientAddress.Of(context).Host.Length is 0 && !HttpProtocol.IsHttp10(request.Protocol))
        {
            return NoHost;
        }

        if (request.ContentType is not { } text || !request.HasJsonContentType() || !MediaTypeHeaderValue.TryParse(text, out var type))
        {
            return null;
        }

        // RFC 8259 §8.1. The framework's reader takes others, and throws at those it has never heard of.
        if (!FormBody.IsUtf8(type))
        {
            return OtherCharset;
        }

        // RFC 9110 §5.6.6: a quoted value is the same value; the framework's reader throws at the quotes. Said without it, UTF-8 is what is meant.
        request.ContentType = type.MediaType.ToString();
        return null;
    }
}
