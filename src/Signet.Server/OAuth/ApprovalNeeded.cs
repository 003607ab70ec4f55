using Signet.OAuth;
using Signet.Server.Agents;

namespace Signet.Server.OAuth;

/// <summary>Says no, and what to do, where an agent asks without an approval for what it gets through one only.</summary>
internal static class ApprovalNeeded
{
    /// <summary>Null where it may go on.</summary>
    /// <param name="wanted">Null: all it may have without asking, which must then be something: some resources take a token without scope for one without limits.</param>
    public static TokenOutcome.Refused? Refuse(Agent agent, ScopeSet? wanted) =>
        wanted is null ? (agent.ApprovalScopes.Count > 0 && !agent.DelegableScopes.Any() ? Refusal : null)
        : wanted.Tokens.Any(agent.ApprovalScopes.Contains) ? Refusal
        : null;

    private static TokenOutcome.Refused Refusal => new(
        OAuthError.InvalidScope with { Description = "The agent gets this scope only when a person approves: ask at /oauth2/bc-authorize (CIBA)." },
        "approval_required");
}
