using System.Text.RegularExpressions;
using Signet.OAuth;
using Signet.Platform.Http;

namespace Signet.Server.Agents;

/// <summary>What may be said of an agent when it is registered or changed; checked as a whole, each fault under its field's name.</summary>
public sealed partial record AgentMetadata
{
    private const int MostCapabilities = 100;
    private const int MostScopes = 100;

    /// <summary>RS256 for whoever verifies with nothing newer, ES256 for everybody else.</summary>
    public static readonly IReadOnlyList<string> TokenAlgorithms = ["ES256", "RS256"];

    public required string Email { get; init; }

    public required string Version { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<string> Capabilities { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Of <see cref="Scopes"/>: those that need a person's approval.</summary>
    public IReadOnlyList<string> ApprovalScopes { get; init; } = [];

    public required string TokenAlgorithm { get; init; }

    public required int TokenSeconds { get; init; }

    /// <summary>Null if all of it may stand.</summary>
    public Problem? Refuse()
    {
        var errors = new Dictionary<string, string[]>();
        Check(errors, "email", Users.EmailAddress.TryParse(Email) is { } address && address.Value == Email && Email.Length <= 255, "is to be an address of at most 255 characters");
        Check(errors, "version", Version.Length <= 64 && SemanticVersion().IsMatch(Version), "is to be a semantic version such as 1.4.0");
        Check(errors, "description", Description.Length <= 1000 && !Description.Any(char.IsControl), "is to have at most 1000 characters");
        Check(errors, "capabilities", Capabilities.Count is >= 1 and <= MostCapabilities, $"name 1 to {MostCapabilities}");
        Check(errors, "capabilities", Capabilities.All(one => one.Length <= 128 && Capability().IsMatch(one)), "is to be resource:action in small letters, digits, - _ . and *");
        Check(errors, "scopes", Scopes.Count is >= 1 and <= MostScopes, $"name 1 to {MostScopes}");
        Check(errors, "scopes", Scopes.All(ScopeSet.IsToken), "a scope is letters, digits and punctuation without space, quote or backslash (RFC 6749 §3.3)");
        Check(errors, "approvalScopes", ApprovalScopes.All(Scopes.Contains), "are to be among the scopes");
        Check(errors, "tokenAlgorithm", TokenAlgorithms.Contains(TokenAlgorithm), $"one of {string.Join(", ", TokenAlgorithms)}");
        Check(errors, "tokenSeconds", TokenSeconds is >= 60 and <= 3600, "is to be 60 to 3600");
        return errors.Count == 0 ? null : AgentProblems.Invalid with { Errors = errors };
    }

    private static void Check(Dictionary<string, string[]> errors, string field, bool ok, string message)
    {
        if (!ok)
        {
            errors[field] = [.. errors.GetValueOrDefault(field) ?? [], message];
        }
    }

    // https://semver.org, version 2.0.0.
    [GeneratedRegex(@"\A(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SemanticVersion();

    [GeneratedRegex(@"\A[a-z0-9._-]+:([a-z0-9._-]+|\*)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Capability();
}
