using System.Text.Json;
using Signet.Platform.Http;
using Signet.Server.Ui;

namespace Signet.Server;

/// <summary>How each family of routes says that something went wrong before or below its own handlers.</summary>
internal static class ErrorShapes
{
    /// <summary>RFC 6749 §5.2, for clients that read nothing else.</summary>
    public static readonly ErrorShape Protocol = new(WriteProtocolAsync);

    /// <summary>A page for the person, with the reference to quote.</summary>
    public static readonly ErrorShape Interaction = new(WritePageAsync);

    private static async Task WriteProtocolAsync(HttpContext context, Problem problem)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("error", problem.Status switch
        {
            429 or 503 => "temporarily_unavailable",
            >= 500 => "server_error",
            401 => "invalid_client",
            403 => "access_denied",
            _ => "invalid_request",
        });
        json.WriteString("error_description", problem.Title);
        json.WriteString("reference", RequestId.Of(context).Value);
        json.WriteEndObject();
    }

    private static Task WritePageAsync(HttpContext context, Problem problem)
    {
        var model = ErrorWords.Of(problem, context.Request.PathBase) with { Reference = RequestId.Of(context).Value };
        return new Page<ErrorCard>(new { Model = model }, problem.Status).ExecuteAsync(context);
    }
}
