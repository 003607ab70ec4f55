using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Signet.Platform.Http;

namespace Signet.Server.Ui;

/// <summary>Answers with a component as a whole HTML page that no cache keeps. Use: <c>return new Page&lt;UsersPage&gt;(new { Users = users });</c></summary>
/// <param name="parameters">An object whose properties bear the names of the component's parameters.</param>
public sealed class Page<TComponent>(object? parameters = null, int status = StatusCodes.Status200OK) : IResult, IStatusCodeHttpResult, IContentTypeHttpResult
    where TComponent : IComponent
{
    public int? StatusCode => status;

    /// <summary>For a page that says to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public string ContentType => "text/html; charset=utf-8";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        // A page shows what one person may see at one moment (RFC 9111 §5.2.2.5).
        httpContext.Response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } pause)
        {
            RetryAfterHeader.Set(httpContext.Response, pause);
        }

        var result = parameters is null ? new RazorComponentResult<TComponent>() : new RazorComponentResult<TComponent>(parameters);
        return new RazorComponentResult(typeof(TComponent), result.Parameters)
        {
            StatusCode = status,
            ContentType = ContentType,
            PreventStreamingRendering = true,
        }.ExecuteAsync(httpContext);
    }
}
