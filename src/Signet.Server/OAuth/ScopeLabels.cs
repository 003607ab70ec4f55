using Signet.OAuth;
using Signet.Server.Agents;

namespace Signet.Server.OAuth;

/// <summary>
/// The values of the label <c>scope</c>: the scopes of our own APIs by name, those of everybody else's as <c>other</c>, a token without one as <c>none</c>.
/// What a caller writes makes no series.
/// </summary>
internal static class ScopeLabels
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        AgentScopes.Read, AgentScopes.Write, AgentScopes.Admin, AgentScopes.ReadTokens, AgentScopes.ReadAudit,
        "openid", "profile", "email", "phone", "offline_access",
    };

    /// <summary>Each once.</summary>
    public static IEnumerable<string> Of(ScopeSet scope)
    {
        var names = scope.ToString();
        return names.Length == 0 ? ["none"] : names.Split(' ').Select(name => Known.TryGetValue(name, out var known) ? known : "other").Distinct();
    }
}
