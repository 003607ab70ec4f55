using Signet.Server.Agents;
using Signet.Server.Delegations;
using Signet.Server.Sessions;
using Signet.Server.Users;

namespace Signet.Server.Approvals;

public enum ApprovalState
{
    /// <summary>The person has not answered.</summary>
    Waiting,

    /// <summary>The person said yes; the agent has not fetched the token.</summary>
    Allowed,

    Denied,

    /// <summary>The agent has the one token there is.</summary>
    Used,

    /// <summary>Taken back by whoever may; a token it gave is dead.</summary>
    Cancelled,

    /// <summary>Its time ran out, unanswered or unused.</summary>
    Expired,
}

/// <summary>One action an agent asks a person to approve.</summary>
/// <param name="AgentEpoch">The agent's when it asked; in a later one nothing comes of it.</param>
/// <param name="UserId">Who is asked, and alone may answer.</param>
/// <param name="Scopes">What the token would allow; of the agent's own.</param>
/// <param name="Resources">Whom the token would be for; at least one.</param>
/// <param name="BindingMessage">One line the person compares with what the agent shows them.</param>
/// <param name="Details">RFC 9396 authorization details as JSON.</param>
/// <param name="DpopKey">The key the token would be bound to; null where the agent showed none.</param>
/// <param name="ExpiresAt">Until then it can be answered and fetched.</param>
/// <param name="SessionId">In which it was allowed, with how and when the person had signed in.</param>
/// <param name="DelegationId">The hand-over the token hangs on.</param>
public sealed record Approval(
    ApprovalId ApprovalId, AgentId AgentId, int AgentEpoch, UserId UserId, string[] Scopes, string[] Resources, string? BindingMessage, string? Details,
    string? DpopKey, ApprovalState State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? DecidedAt, SessionId? SessionId,
    string[]? Methods, DateTimeOffset? AuthenticatedAt, DelegationId? DelegationId, DateTimeOffset? TokenEndsAt)
{
    /// <summary>Its state as of a moment: what nobody answered or fetched in time is expired before the clock's job has said so.</summary>
    public ApprovalState StateAt(DateTimeOffset now) =>
        State is ApprovalState.Waiting or ApprovalState.Allowed && ExpiresAt <= now ? ApprovalState.Expired : State;

    /// <summary>Whether there is anything left to take back.</summary>
    public bool IsOpen(DateTimeOffset now) =>
        StateAt(now) is ApprovalState.Waiting or ApprovalState.Allowed || (State is ApprovalState.Used && TokenEndsAt > now);
}
