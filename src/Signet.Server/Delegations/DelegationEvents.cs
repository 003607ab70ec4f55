using Signet.Server.Agents;

namespace Signet.Server.Delegations;

/// <summary>An agent said that another may act with its right.</summary>
/// <param name="Agent">Who gets the right.</param>
/// <param name="Chain">The whole chain: the subject first, then each actor in the order they came, <paramref name="Agent"/> last.</param>
public sealed record DelegationOffered(
    AgentId Agent, DelegationId Delegation, DelegationId ChainId, IReadOnlyList<string> Chain, string Scope, long ExpiresAt) : AgentEvent(Agent)
{
    public override string Action => "delegation.offered";
}

/// <summary>An agent got a token with which it acts for somebody.</summary>
/// <param name="Chain">The whole chain: the subject first, then each actor in the order they came, <paramref name="Agent"/> last.</param>
/// <param name="User">The person it acts for; null where that is an agent.</param>
public sealed record DelegatedTokenIssued(
    AgentId Agent, DelegationId Delegation, DelegationId ChainId, IReadOnlyList<string> Chain, Guid? User, string Scope, IReadOnlyList<string> Audience,
    long ExpiresAt) : AgentEvent(Agent)
{
    public override string Action => "delegation.token_issued";

    public override Guid? Subject => User;
}

/// <summary>A hand-over ended, and with it all that came of it.</summary>
/// <param name="Agent">Who had the right.</param>
/// <param name="Because"><c>revoked</c>, <c>withdrawn</c>.</param>
public sealed record DelegationRevoked(AgentId Agent, DelegationId Delegation, DelegationId ChainId, string Because) : AgentEvent(Agent)
{
    public override string Action => "delegation.revoked";
}
