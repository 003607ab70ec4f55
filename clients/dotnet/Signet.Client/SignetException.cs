using System.Net;
using System.Text.Json;

namespace Signet.Client;

/// <summary>A refusal of the server's.</summary>
/// <param name="code">Stable, for programs: <c>AGENT_NOT_FOUND</c>, or OAuth's <c>invalid_client</c>.</param>
/// <param name="message">For people.</param>
/// <param name="httpStatus">The status of the answer.</param>
/// <param name="details">A line for each field that is wrong; null where it is about no field.</param>
public sealed class SignetException(string code, string message, HttpStatusCode httpStatus, IReadOnlyDictionary<string, string>? details) : Exception(message)
{
    /// <summary>Stable, for programs: <c>AGENT_NOT_FOUND</c>, or OAuth's <c>invalid_client</c>.</summary>
    public string Code { get; } = code;

    /// <summary>The status of the answer.</summary>
    public HttpStatusCode HttpStatus { get; } = httpStatus;

    /// <summary>A line for each field that is wrong; null where it is about no field.</summary>
    public IReadOnlyDictionary<string, string>? Details { get; } = details;

    /// <summary>When to ask again, where the server says so.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    internal static SignetException Of(HttpStatusCode status, TimeSpan? retryAfter, string body)
    {
        var (code, message, details) = Read(body);
        return new SignetException(code ?? "unexpected_answer", message ?? $"The server answered {(int)status}.", status, details) { RetryAfter = retryAfter };
    }

    // Problem details with code, message and details; or OAuth's error and error_description (RFC 6749 §5.2); or a proxy's page.
    private static (string? Code, string? Message, IReadOnlyDictionary<string, string>? Details) Read(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return root.ValueKind is JsonValueKind.Object
                ? (Text(root, "code") ?? Text(root, "error"), Text(root, "message") ?? Text(root, "error_description") ?? Text(root, "title"), DetailsOf(root))
                : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static Dictionary<string, string>? DetailsOf(JsonElement root) =>
        root.TryGetProperty("details", out var details) && details.ValueKind is JsonValueKind.Object
            ? details.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.ToString(), StringComparer.Ordinal)
            : null;
}
