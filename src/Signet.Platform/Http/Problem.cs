using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Signet.Platform.Http;

/// <summary>
/// A refusal on the wire (<see href="https://www.rfc-editor.org/rfc/rfc9457"/>): a stable code, words safe for anybody, and the reference that leads to the log.
/// Modules declare theirs as static fields and add circumstances with <c>with</c>.
/// </summary>
/// <param name="Code"><c>module.what_happened</c>; without a module, a code every API of ours shares.</param>
public sealed record Problem(int Status, string Code, string Title) : IResult, IStatusCodeHttpResult
{
    public const string ContentType = "application/problem+json";

    private static readonly Dictionary<string, JsonNode?> NoExtensions = [];

    /// <summary>The code in the words of an API that is older than ours; null: <see cref="Code"/> itself.</summary>
    public string? CodeOnWire { get; init; }

    /// <summary>What can be said about this occurrence. Never a secret, never an exception's text.</summary>
    public string? Detail { get; init; }

    /// <summary>What is wrong with which field of the request.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>RFC 9457 §3.2: further members. Their names must not be those of this type.</summary>
    public IReadOnlyDictionary<string, JsonNode?>? Extensions { get; init; }

    /// <summary>RFC 9110 §10.2.3: after how long it makes sense to ask again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>RFC 9110 §11.6.1: how to authenticate.</summary>
    public string? Challenge { get; init; }

    /// <summary>RFC 9457 §3.1.1: <c>urn:signet:module:what_happened</c>.</summary>
    public string Type => $"urn:signet:{(Code.Contains('.') ? Code.Replace('.', ':') : "http:" + Code)}";

    int? IStatusCodeHttpResult.StatusCode => Status;

    public Problem WithError(string field, string message) => this with { Errors = new Dictionary<string, string[]> { [field] = [message] } };

    /// <summary>Writes the answer in the form its endpoint speaks: see <see cref="ErrorShape"/>.</summary>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } pause)
        {
            RetryAfterHeader.Set(response, pause);
        }

        if (Challenge is not null)
        {
            response.Headers.WWWAuthenticate = Challenge;
        }

        return (httpContext.GetEndpoint()?.Metadata.GetMetadata<ErrorShape>() ?? httpContext.Features.Get<ErrorShape>()) is { } shape
            ? shape.WriteAsync(httpContext, this)
            : WriteJsonAsync(httpContext);
    }

    /// <summary>The problem+json body, whatever the endpoint speaks.</summary>
    public async Task WriteJsonAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = ContentType;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        using (var json = new Utf8JsonWriter(response.BodyWriter))
        {
            Write(json, context.Features.Get<RequestId>()?.Value);
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void Write(Utf8JsonWriter json, string? reference)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, Type);
        json.WriteString("title"u8, Title);
        json.WriteNumber("status"u8, Status);
        json.WriteString("code"u8, CodeOnWire ?? Code);
        if (Detail is not null)
        {
            json.WriteString("detail"u8, Detail);
        }

        if (reference is not null)
        {
            json.WriteString("reference"u8, reference);
        }

        if (Errors is not null)
        {
            json.WriteStartObject("errors"u8);
            foreach (var (field, messages) in Errors)
            {
                json.WriteStartArray(field);
                foreach (var message in messages)
                {
                    json.WriteStringValue(message);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        foreach (var (name, value) in Extensions ?? NoExtensions)
        {
            json.WritePropertyName(name);
            if (value is null)
            {
                json.WriteNullValue();
            }
            else
            {
                value.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }
}

/// <summary>
/// How a refusal is written where that is not problem+json (OAuth errors, pages): metadata of an endpoint, for its own refusals and the platform's; a feature
/// of a request that has no endpoint.
/// </summary>
public sealed record ErrorShape(Func<HttpContext, Problem, Task> WriteAsync);
