using System.Text.Json;
using System.Text.RegularExpressions;

namespace Server.Tests.BadInput;

/// <summary>What every answer must be, whatever was asked: none of ours without its headers, no refusal in another family's words, nothing of our inside.</summary>
internal sealed partial class Verdict(params IReadOnlyList<string> secrets)
{
    // Those of ResponseHeaders; Cache-Control is looked at by itself.
    private static readonly Dictionary<string, string> Standard = new()
    {
        ["X-Content-Type-Options"] = "nosniff",
        ["Referrer-Policy"] = "same-origin",
        ["Permissions-Policy"] = "camera=()",
        ["Cross-Origin-Opener-Policy"] = "same-origin",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
        ["Content-Security-Policy"] = "default-src 'none'; script-src 'self'",
    };

    private static readonly string[] OAuthErrors =
    [
        // OIDFed §8.9, at the endpoints of the federation.
        "not_found", "invalid_issuer", "invalid_subject", "invalid_trust_anchor", "invalid_trust_chain", "invalid_metadata", "unsupported_parameter",
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "invalid_token",
        "insufficient_scope", "access_denied", "temporarily_unavailable", "invalid_target", "unsupported_token_type",
        // CIBA Core §13 and RFC 9396 §5.
        "invalid_authorization_details", "invalid_binding_message", "request_not_supported", "unknown_user_id",
    ];

    /// <summary>Nothing, or what is wrong with this answer.</summary>
    /// <param name="callerNames">The caller may name the request (AuthZEN §10.1), and the header that says our reference says that name instead.</param>
    public IEnumerable<string> Of(WireAnswer? answer, IReadOnlyList<Shape> shapes, bool isHead, bool mayStayBelow, bool callerNames = false)
    {
        if (answer is null)
        {
            return ["no answer"];
        }

        return answer.IsOurs ? [.. OfHeaders(answer), .. OfBody(answer, shapes, isHead, callerNames)] : OfForeign(answer, mayStayBelow);
    }

    // Kestrel answers what is no HTTP before our first middleware runs; see WireAnswer.IsOurs.
    private static IEnumerable<string> OfForeign(WireAnswer answer, bool mayStayBelow)
    {
        if (!mayStayBelow)
        {
            yield return $"{answer.Status} without our headers";
        }

        if (answer.Status is not (>= 400 and < 500 or 501 or 505) || answer.Body.Length > 0 || answer["Server"] is not null)
        {
            yield return $"{answer.Status} from below with a body or a name: {answer["Server"]} {answer.Body}";
        }
    }

    private static IEnumerable<string> OfHeaders(WireAnswer answer)
    {
        foreach (var (name, part) in Standard)
        {
            if (answer[name]?.Contains(part, StringComparison.Ordinal) is not true || answer.Headers[name].Count() > 1)
            {
                yield return $"{answer.Status} has not its {name}: {answer[name]}";
            }
        }

        if (answer["Cache-Control"] is not { } caching || (answer.Status is not (200 or 304) && caching != "no-store"))
        {
            yield return $"{answer.Status} may be kept: {answer["Cache-Control"]}";
        }

        if (answer["Server"] is not null || answer["X-Powered-By"] is not null)
        {
            yield return "it says what it is made of";
        }

        // RFC 9110 §15.5.6, RFC 6585 §4, RFC 9110 §15.6.4.
        if ((answer.Status is 405 && answer["Allow"] is null) || (answer.Status is 429 or 503 && answer["Retry-After"] is null))
        {
            yield return $"{answer.Status} does not say what to do instead";
        }
    }

    private IEnumerable<string> OfBody(WireAnswer answer, IReadOnlyList<Shape> shapes, bool isHead, bool callerNames)
    {
        if (answer.Status >= 500)
        {
            yield return $"{answer.Status} {answer.Body}";
        }

        if (answer.Status >= 400 && !isHead && !shapes.Any(shape => Has(answer, shape, callerNames)))
        {
            yield return $"{answer.Status} is no {string.Join(" or ", shapes)}: {answer["Content-Type"]} {Shortened(answer.Body)}";
        }

        if (answer.Status >= 400 && Inside().Match(answer.Body) is { Success: true } inside)
        {
            yield return $"{answer.Status} shows our inside: {inside.Value}";
        }

        if (answer.Status >= 400 && secrets.FirstOrDefault(secret => answer.Body.Contains(secret, StringComparison.Ordinal)) is { } told)
        {
            yield return $"{answer.Status} shows a secret: {told[..4]}…";
        }
    }

    private static bool Has(WireAnswer answer, Shape shape, bool callerNames) => shape switch
    {
        Shape.Problem => answer["Content-Type"] == "application/problem+json"
            && Json(answer) is { } problem
            && Text(problem, "type") is not null && Text(problem, "title") is not null && Text(problem, "code") is not null
            && Text(problem, "reference") is { } reference && (callerNames || reference == answer["X-Request-Id"])
            && problem.GetProperty("status").GetInt32() == answer.Status,
        // RFC 6750 §3.1: who shows no token gets the challenge alone.
        Shape.OAuth => (answer is { Status: 401, Body: "" } && answer["WWW-Authenticate"] is not null)
            || (answer["Content-Type"] == "application/json"
                && Json(answer) is { } error && OAuthErrors.Contains(Text(error, "error")) && Text(error, "error_description") is not null),
        _ => answer["Content-Type"] == "text/html; charset=utf-8"
            && answer.Body.StartsWith("<!DOCTYPE html>", StringComparison.OrdinalIgnoreCase)
            && answer.Body.TrimEnd().EndsWith("</html>", StringComparison.Ordinal),
    };

    private static JsonElement? Json(WireAnswer answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            return document.RootElement.ValueKind is JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static string Shortened(string body) => body.Length > 300 ? $"{body[..300]}…" : body;

    // A stack trace, the name of an exception or of a type of ours, a statement, where the database is.
    [GeneratedRegex(@"   at |\b\w+Exception\b|\bSystem\.\w|\bMicrosoft\.\w|\bNpgsql|\bSignet\.(Server|Platform)|;(?i)(host|username|password|database)=|\bselect .{1,80} from |signet/postgres")]
    private static partial Regex Inside();
}
