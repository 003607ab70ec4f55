using System.Buffers;
using Signet.OAuth;

namespace Signet.Server.Policy;

/// <summary>The question every engine answers: may a caller with these scopes do this there?</summary>
/// <param name="Method">An HTTP method as it came, or the name of an action on a thing that is no route.</param>
/// <param name="Path">Of a route: begins with a slash, no query, percent-encoding resolved where the server resolves it. Of another thing: <c>type/id</c>.</param>
/// <param name="Scopes">Those of the caller's access token.</param>
/// <param name="AgentId">The agent or application the token was given to; null where another kind of subject asks.</param>
public sealed record PolicyInput(string Method, string Path, IReadOnlyList<string> Scopes, string? AgentId)
{
    private const int LongestMethod = 64;
    private const int LongestPath = 2048;
    private const int LongestId = 256;
    private const int MostScopes = 100;

    private static readonly SearchValues<char> MethodLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:");

    // Two readers of such a path could see two paths in it.
    private static readonly SearchValues<char> Ambiguous = SearchValues.Create(@"\?#{}");

    /// <summary>Which part can't be asked about; null where all can. No engine is asked what has a fault: it is denied.</summary>
    public string? Fault =>
        !IsMethod(Method) ? "method"
        : !IsPath(Path) ? "path"
        : Scopes.Count > MostScopes || !Scopes.All(ScopeSet.IsToken) ? "scopes"
        : AgentId is not null && (AgentId.Length is 0 or > LongestId || AgentId.Any(char.IsControl)) ? "agent_id"
        : null;

    internal static bool IsMethod(string text) => text.Length is > 0 and <= LongestMethod && !text.AsSpan().ContainsAnyExcept(MethodLetters);

    /// <summary>The parts of a path: without the slash a route begins with, so that <c>/</c> has none.</summary>
    internal static string[] Segments(string path) => path.TrimStart('/') is { Length: > 0 } rest ? rest.Split('/') : [];

    private static bool IsPath(string path)
    {
        if (path.Length is 0 or > LongestPath || path.AsSpan().ContainsAny(Ambiguous) || path.Any(char.IsControl))
        {
            return false;
        }

        // A trailing or doubled slash is another path to some and the same to others.
        var parts = path is "/" ? [] : path[0] is '/' ? path[1..].Split('/') : path.Split('/');
        return Array.TrueForAll(parts, IsSegment);
    }

    private static bool IsSegment(string segment) =>
        segment.Length > 0 && Uri.UnescapeDataString(segment) is not ("." or "..") and var plain && plain.AsSpan().IndexOfAny('/', '\\') < 0;
}
