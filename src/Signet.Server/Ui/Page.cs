using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Signet.Server.Ui;

/// <summary>Answers with a component as a whole HTML page that no cache keeps. Use: <c>return new Page&lt;UsersPage&gt;(new { Users = users });</c></summary>
/// <param name="parameters">An object whose properties bear the names of the component's parameters.</param>
public sealed class Page<TComponent>(object? parameters = null, int status = StatusCodes.Status200OK) : IResult, IStatusCodeHttpResult, IContentTypeHttpResult
    where TComponent : IComponent
{
    public int? StatusCode => status;

    public string ContentType => "text/html; charset=utf-8";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        // A page shows what one person may see at one moment (RFC 9111 §5.2.2.5).
        httpContext.Response.Headers.CacheControl = "no-store";
        var result = parameters is null ? new RazorComponentResult<TComponent>() : new RazorComponentResult<TComponent>(parameters);
        return new RazorComponentResult(typeof(TComponent), result.Parameters)
        {
            StatusCode = status,
            ContentType = ContentType,
            PreventStreamingRendering = true,
        }.ExecuteAsync(httpContext);
    }
}
