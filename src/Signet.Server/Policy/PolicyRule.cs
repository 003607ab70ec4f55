using Signet.OAuth;

namespace Signet.Server.Policy;

/// <summary>One line of a policy: who asks with all of these scopes may do this there.</summary>
/// <param name="Path">The template: <c>/users/{id}</c>, or <c>document/{id}</c> for what is no route. A parameter stands for exactly one segment.</param>
/// <param name="Scopes">All of them are needed; none: any caller with a token.</param>
public sealed record PolicyRule(string Method, string Path, IReadOnlyList<string> Scopes)
{
    private const int LongestPath = 512;
    private const int MostScopes = 20;

    private readonly string[] segments = PolicyInput.Segments(Path);

    internal int Length => segments.Length;

    internal bool IsRoute => Path[0] == '/';

    /// <summary>A character a segment, 0 where it is itself and 1 where it is a parameter: of two rules that fit a path, the lesser fits it more closely.</summary>
    internal string Rank => string.Concat(segments.Select(segment => IsParameter(segment) ? '1' : '0'));

    /// <summary>Rules of one shape fit the same paths, whatever their parameters are called.</summary>
    internal string Shape => $"{Method} {(IsRoute ? "/" : "")}{string.Join('/', segments.Select(segment => IsParameter(segment) ? "{}" : segment))}";

    /// <summary>Letter by letter, capitals included: another spelling of a path has no rule, and is denied.</summary>
    internal bool Fits(string[] path)
    {
        for (var i = 0; i < segments.Length; i++)
        {
            if (!IsParameter(segments[i]) && !string.Equals(segments[i], path[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="key"><c>METHOD /path/{parameter}</c>.</param>
    /// <param name="fault">What is wrong, without the key.</param>
    internal static PolicyRule? TryMake(string key, IReadOnlyList<string> scopes, out string fault)
    {
        var words = key.Split(' ');
        fault = words.Length != 2 ? "is to be a method, one space and a path"
            : !PolicyInput.IsMethod(words[0]) ? "begins with no method"
            : words[1].StartsWith('/') && words[0].Any(char.IsLower) ? "names the method of a route in small letters; methods are in capitals (RFC 9110 §9.1)"
            : !IsTemplate(words[1]) ? "has a path that is none: each segment is to be plain text or one {parameter}"
            : scopes.Count > MostScopes || !scopes.All(ScopeSet.IsToken) ? $"is to ask for a list of at most {MostScopes} scopes"
            : "";
        return fault.Length == 0 ? new PolicyRule(words[0], words[1], [.. scopes.Distinct(StringComparer.Ordinal)]) : null;
    }

    private static bool IsTemplate(string path) =>
        path.Length is > 0 and <= LongestPath
        // With its parameters filled it is to be a path that can be asked about.
        && new PolicyInput("GET", string.Join('/', path.Split('/').Select(segment => IsParameter(segment) ? "x" : segment)), [], null).Fault is null;

    private static bool IsParameter(string segment) =>
        segment is ['{', .. { Length: > 0 } name, '}'] && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');
}
