using Signet.Server.Agents;

namespace Signet.Server.AgentCards;

/// <summary>What was stated of an agent, and whether anybody may read it.</summary>
/// <param name="Published">False: nobody but the tenant's own people sees it, and the agent has no public address.</param>
public sealed record AgentCard(AgentId Agent, CardContent Content, bool Published, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
