using Signet.Server.Agents;

namespace Signet.Server.AgentCards;

/// <summary>What is stated of an agent is new.</summary>
/// <param name="Fields">Of the card, those that are not as they were.</param>
public sealed record AgentCardChanged(AgentId Agent, IReadOnlyList<string> Fields) : AgentEvent(Agent)
{
    public override string Action => "agent.card_changed";
}

/// <summary>From now on anybody reads it, with the public keys of the agent.</summary>
public sealed record AgentCardPublished(AgentId Agent) : AgentEvent(Agent)
{
    public override string Action => "agent.card_published";
}

/// <summary>Nobody outside reads it any more.</summary>
public sealed record AgentCardWithdrawn(AgentId Agent) : AgentEvent(Agent)
{
    public override string Action => "agent.card_withdrawn";
}

public sealed record AgentCardRemoved(AgentId Agent) : AgentEvent(Agent)
{
    public override string Action => "agent.card_removed";
}
