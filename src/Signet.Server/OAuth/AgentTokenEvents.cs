using Signet.Platform.Outbox;
using Signet.Server.Agents;

namespace Signet.Server.OAuth;

/// <summary>An agent got a token. The record of every one; the token itself is not in it.</summary>
public sealed record AgentTokenIssued(AgentId Agent, string Scope, string TokenId, long ExpiresAt) : AgentEvent(Agent)
{
    public override string Action => "token.issued";
}

/// <summary>An agent asked of a token. What applications ask is not on record: it changes nothing, and they ask at every call of theirs.</summary>
/// <param name="Active">What it was told.</param>
/// <param name="TokenId">Null of a token it may not know of, or that is none.</param>
public sealed record AgentTokenIntrospected(AgentId Agent, bool Active, string? TokenId) : AgentEvent(Agent)
{
    public override string Action => "token.introspected";
}

/// <summary>An agent that had shown who it is was refused a token.</summary>
public sealed record AgentTokenRefused(AgentId Agent, string Grant, string Error, string Reason) : AgentEvent(Agent)
{
    public override string Action => "token.refused";

    public override Outcome Outcome => Outcome.Failure;
}

/// <summary>Somebody claimed to be an agent and could not show it, or the agent may not act.</summary>
/// <param name="Reason">
/// <c>wrong_secret</c>, <c>secret_rotated</c>, <c>credential_expired</c>, <c>credential_revoked</c>, <c>suspended</c>, <c>decommissioned</c>, <c>expired</c>; <c>assertion_replayed</c>, and <c>assertion_</c> or
/// <c>certificate_</c> with what is wrong with it; <c>token_without_certificate</c> and <c>token_with_other_certificate</c> of a token that is bound to one.
/// The answer is the same for all.
/// </param>
public sealed record AgentRefused(AgentId Agent, string Reason) : AgentEvent(Agent)
{
    public override string Action => "auth.failed";

    public override Outcome Outcome => Outcome.Failure;
}

public sealed record AgentTokenRevoked(AgentId Agent, string TokenId) : AgentEvent(Agent)
{
    public override string Action => "token.revoked";
}
