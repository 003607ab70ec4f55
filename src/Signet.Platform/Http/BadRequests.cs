using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Signet.Platform.Http;

/// <summary>Says what is wrong with a request the framework could not read: which parameter, which field, where. Never repeats its values.</summary>
internal static partial class BadRequests
{
    private const int LongestFieldName = 64;

    public static Problem Explain(BadHttpRequestException refused) => refused switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => HttpProblems.BodyTooLarge,
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => HttpProblems.UnsupportedMediaType,
        { InnerException: JsonException json } => OfJson(json),
        // Kestrel's own refusals (a line too long, a length that lies) keep their status; its words say nothing of ours.
        { StatusCode: not StatusCodes.Status400BadRequest } => HttpProblems.Of(refused.StatusCode),
        { InnerException: InvalidDataException } => HttpProblems.InvalidInput with { Detail = "The form has too many or too long fields." },
        { InnerException: IOException } => HttpProblems.InvalidInput with { Detail = "The body cannot be read." },
        _ => OfParameter(refused.Message),
    };

    // 'Required parameter "string id" was not provided from query string.' and 'Failed to bind parameter "Guid id" from "…".'
    private static Problem OfParameter(string message)
    {
        if (Parameter().Match(message) is not { Success: true } match)
        {
            return HttpProblems.InvalidInput;
        }

        var missing = message.StartsWith("Required", StringComparison.Ordinal) || message.StartsWith("Implicit", StringComparison.Ordinal);
        return missing && message.Contains("body", StringComparison.Ordinal)
            ? HttpProblems.InvalidInput with { Detail = "The request has no body." }
            : HttpProblems.InvalidInput.WithError(match.Groups["name"].Value, missing ? "is required" : "is not valid");
    }

    private static Problem OfJson(JsonException json)
    {
        // These two name members of our own types, not what the caller wrote.
        if (json.Message.StartsWith("JSON deserialization for type", StringComparison.Ordinal) && json.Message.LastIndexOf(':') is > 0 and var colon)
        {
            return HttpProblems.InvalidInput with
            {
                Errors = Quoted().Matches(json.Message[colon..]).ToDictionary(m => m.Groups["name"].Value, _ => (string[])["is required"]),
            };
        }

        if (NullMember().Match(json.Message) is { Success: true } member)
        {
            return HttpProblems.InvalidInput.WithError(JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Groups["name"].Value), "must not be null");
        }

        if (json.InnerException is InvalidCastException or FormatException or InvalidOperationException or null
            && json.Path is { Length: > 2 and <= LongestFieldName } path && path.StartsWith("$.", StringComparison.Ordinal)
            && !json.Message.Contains("is an invalid", StringComparison.Ordinal))
        {
            return HttpProblems.InvalidInput.WithError(path[2..], "has the wrong type or form");
        }

        return HttpProblems.InvalidInput with
        {
            Detail = json is { LineNumber: { } line, BytePositionInLine: { } position }
                ? $"The body is not the JSON this address reads (line {line + 1}, byte {position + 1})."
                : "The body is not the JSON this address reads.",
        };
    }

    [GeneratedRegex("parameter \"[^\"]* (?<name>[A-Za-z0-9_.@-]+)\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Parameter();

    [GeneratedRegex("'(?<name>[A-Za-z0-9_]+)'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Quoted();

    [GeneratedRegex("^The (constructor parameter|property or field) '(?<name>[A-Za-z0-9_]+)' on type", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex NullMember();
}
