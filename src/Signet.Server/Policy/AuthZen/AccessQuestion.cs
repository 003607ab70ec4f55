using System.Text.Json;
using Signet.OAuth;

namespace Signet.Server.Policy.AuthZen;

/// <summary>A question of AuthZEN in the terms of the policy, or what keeps it from being one.</summary>
internal abstract record AccessQuestion
{
    private const string Route = "route";
    private const int LongestType = 64;

    private AccessQuestion()
    {
    }

    public sealed record Valid(PolicyInput Input, string Subject) : AccessQuestion;

    /// <param name="Field">Where, in the request's own words.</param>
    public sealed record Invalid(string Field, string Message) : AccessQuestion;

    /// <summary>
    /// The action's name is the method. A resource of type <c>route</c> has its path as id; any other is <c>type/id</c>. The scopes are those the caller found
    /// in the access token: <c>subject.properties.scopes</c>, a list, or <c>scope</c>, as RFC 6749 §3.3 writes them.
    /// </summary>
    public static AccessQuestion Read(AccessRequest request)
    {
        if (request.Subject is not { Type.Length: > 0, Id.Length: > 0 } subject)
        {
            return new Invalid("subject", "is required, with type and id");
        }

        if (request.Action is not { Name.Length: > 0 } action)
        {
            return new Invalid("action", "is required, with a name");
        }

        if (request.Resource is not { Type.Length: > 0, Id.Length: > 0 } resource)
        {
            return new Invalid("resource", "is required, with type and id");
        }

        if (!IsType(subject.Type) || !IsType(resource.Type))
        {
            return new Invalid(IsType(subject.Type) ? "resource.type" : "subject.type", $"is to be 1 to {LongestType} letters, digits, and _ - . :");
        }

        if (ScopesOf(subject) is not { } scopes)
        {
            return new Invalid("subject.properties", "scopes is to be a list of scopes, or scope a text of them with one space between");
        }

        if ((resource.Type == Route) != resource.Id.StartsWith('/'))
        {
            return new Invalid("resource.id", "begins with a slash if, and only if, the resource is a route");
        }

        // Another kind of subject may choose its own id, and must not be able to choose that of an agent.
        var agent = subject.Type is "agent" or "client" ? subject.Id : null;
        var input = new PolicyInput(action.Name, resource.Type == Route ? resource.Id : $"{resource.Type}/{resource.Id}", scopes, agent);
        return input.Fault is { } part
            ? new Invalid(FieldOf(part), "can't be asked about: it is too long, or can be read in more than one way")
            : new Valid(input, $"{subject.Type}:{subject.Id}");
    }

    private static string FieldOf(string part) => part switch
    {
        "method" => "action.name",
        "path" => "resource.id",
        "scopes" => "subject.properties",
        _ => "subject.id",
    };

    private static bool IsType(string text) =>
        text.Length <= LongestType && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or ':');

    // Both at once would leave open which counts.
    private static IReadOnlyList<string>? ScopesOf(AccessSubject subject) =>
        (subject.Properties?.GetValueOrDefault("scopes"), subject.Properties?.GetValueOrDefault("scope")) switch
        {
            (null or { ValueKind: JsonValueKind.Undefined }, null or { ValueKind: JsonValueKind.Undefined }) => [],
            ({ ValueKind: JsonValueKind.Array } list, null or { ValueKind: JsonValueKind.Undefined }) => ListOf(list),
            (null or { ValueKind: JsonValueKind.Undefined }, { ValueKind: JsonValueKind.String } text) => TextOf(text),
            _ => null,
        };

    private static List<string>? ListOf(JsonElement list)
    {
        var scopes = new List<string>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || ScopeSet.TryParse(item.GetString(), out var one) is false || one!.Tokens is not [var scope])
            {
                return null;
            }

            scopes.Add(scope);
        }

        return scopes;
    }

    private static IReadOnlyList<string>? TextOf(JsonElement text) =>
        text.GetString() is { Length: > 0 } given ? ScopeSet.TryParse(given, out var scopes) ? scopes.Tokens : null : [];
}
