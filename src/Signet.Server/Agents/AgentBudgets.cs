using System.Text.Json.Nodes;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Agents.Storage;
using Signet.Server.Tenants;

namespace Signet.Server.Agents;

/// <summary>What a tenant's limits say to a new agent, and to an agent's budget.</summary>
internal static class AgentBudgets
{
    /// <summary>Null where there may be one more. Holds others who register back until the transaction ends, where there is a limit.</summary>
    public static async Task<Problem?> RefuseOneMoreAsync(Tx tx, AgentLimits limits, CancellationToken ct)
    {
        if (limits.Agents is not { } most)
        {
            return null;
        }

        await AgentRows.QueueAsync(tx, ct);
        return await AgentRows.CountAsync(tx, most, ct) < most
            ? null
            : AgentProblems.LimitExceeded with { Extensions = new Dictionary<string, JsonNode?> { ["details"] = new JsonObject { ["limit"] = most } } };
    }

    /// <summary>Null where an agent may have such a budget: no more than the tenant allows each.</summary>
    public static Problem? Refuse(int? monthlyTokens, AgentLimits limits) =>
        monthlyTokens is { } wanted && (limits.TokensAMonth ?? AgentLimits.MostTokens) is var most && (wanted < 1 || wanted > most)
            ? AgentProblems.Invalid.WithError("monthlyTokens", $"is to be 1 to {most}")
            : null;
}
