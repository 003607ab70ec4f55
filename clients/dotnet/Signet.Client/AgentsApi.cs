using System.Net.Http.Json;

namespace Signet.Client;

/// <summary>Register, find, change and stop agents. Every call throws <see cref="SignetException"/> where the server refuses.</summary>
public sealed class AgentsApi
{
    private const string Path = "api/v1/agents";
    private readonly Wire wire;

    internal AgentsApi(Wire wire) => this.wire = wire;

    /// <summary>A new agent, active at once.</summary>
    public Task<Agent> RegisterAsync(NewAgent agent, CancellationToken ct = default) =>
        wire.SendAsync(HttpMethod.Post, Path, JsonContent.Create(agent, Json.Default.NewAgent), Json.Default.Agent, ct);

    /// <summary>Newest first, a page at a time.</summary>
    /// <param name="status"><c>active</c>, <c>suspended</c> or <c>decommissioned</c>; null: all.</param>
    /// <param name="owner">The id of a person.</param>
    /// <param name="before">What the page before gave as <see cref="AgentPage.Next"/>.</param>
    /// <param name="limit">1 to 200.</param>
    public Task<AgentPage> ListAsync(string? search = null, string? status = null, string? owner = null, string? before = null, int limit = 50, CancellationToken ct = default) =>
        wire.GetAsync($"{Path}?{Wire.Query(("search", search), ("status", status), ("owner", owner), ("before", before), ("limit", $"{limit}"))}", Json.Default.AgentPage, ct);

    /// <summary>One agent.</summary>
    public Task<Agent> GetAsync(string agentId, CancellationToken ct = default) => wire.GetAsync(At(agentId), Json.Default.Agent, ct);

    /// <summary>Changes what is named.</summary>
    public Task<Agent> UpdateAsync(string agentId, AgentChange change, CancellationToken ct = default) =>
        wire.SendAsync(HttpMethod.Patch, At(agentId), JsonContent.Create(change, Json.Default.AgentChange), Json.Default.Agent, ct);

    /// <summary>Ends its tokens at once, on every node, and lets it get none until it is resumed.</summary>
    public Task<Agent> SuspendAsync(string agentId, CancellationToken ct = default) => UpdateAsync(agentId, new AgentChange(Status: "suspended"), ct);

    /// <summary>Ends it for good, with its credentials and tokens.</summary>
    public Task DecommissionAsync(string agentId, CancellationToken ct = default) => wire.RunAsync(HttpMethod.Delete, At(agentId), null, ct);

    internal static string At(string agentId) => $"{Path}/{Uri.EscapeDataString(agentId)}";
}
