using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.AgentCards.Storage;
using Signet.Server.Agents;
using Signet.Server.Tenants;

namespace Signet.Server.AgentCards;

/// <summary>An agent anybody may know of.</summary>
public sealed record PublishedAgent(Agent Agent, AgentCard Card);

/// <summary>Finds cards, from this node's copy; the copy goes the moment the card changes.</summary>
public sealed class CardDirectory(Db db, AgentDirectory agents, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "agent_cards";

    private readonly NodeCache<(TenantId Tenant, AgentId Agent), AgentCard?> byAgent =
        new(Topic, key => key.Agent.ToString(), new NodeCacheOptions(20_000) { NegativeAge = TimeSpan.FromSeconds(1) }, notifications, time);

    /// <summary>Null where the agent has none.</summary>
    public ValueTask<AgentCard?> FindAsync(TenantId tenant, AgentId agent, CancellationToken ct) => byAgent.GetAsync((tenant, agent), LoadAsync, ct);

    /// <summary>
    /// Null where the outside is to hear of no such agent, whatever the cause: there is none, it is not active, it has expired, or nobody published its card.
    /// </summary>
    /// <param name="id">As it stands in a path. Another spelling of an id is none: a document has one address.</param>
    internal async ValueTask<PublishedAgent?> FindPublishedAsync(Tenant tenant, string id, CancellationToken ct) =>
        AgentId.TryParse(id, null, out var agent) && agent.ToString() == id
        && await agents.FindAsync(tenant.Id, agent, ct) is { } found && found.IsActive(time.GetUtcNow())
        && await FindAsync(tenant.Id, agent, ct) is { Published: true } card
            ? new PublishedAgent(found, card)
            : null;

    private Task<AgentCard?> LoadAsync((TenantId Tenant, AgentId Agent) key, CancellationToken ct) =>
        db.InTenantAsync(key.Tenant, async tx => (await CardRows.FindAsync(tx, key.Agent, ct))?.ToCard(), ct);
}
