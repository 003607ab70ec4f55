using Signet.Platform.Data;
using Signet.Server.Agents;

namespace Signet.Server.Governance;

/// <summary>The agents that were made of a blueprint.</summary>
internal static class Instances
{
    /// <summary>Whether there may be one more. Holds back who registers or stops others of it, until the transaction ends.</summary>
    public static async Task<bool> HaveRoomAsync(Tx tx, BlueprintId id, int? most, CancellationToken ct)
    {
        var others = await AgentDirectory.CountAsync(tx, id, most ?? 0, ct);
        return most is null || others < most;
    }

    /// <summary>Its own labels with those of the blueprint, which win.</summary>
    public static IReadOnlyDictionary<string, string> LabelsOf(Blueprint blueprint, IReadOnlyDictionary<string, string>? own)
    {
        var labels = new Dictionary<string, string>(own ?? AgentLabels.None, StringComparer.Ordinal);
        foreach (var (key, value) in blueprint.Labels)
        {
            labels[key] = value;
        }

        return labels;
    }

    /// <summary>What an agent lacks to be what its blueprint says; null where it lacks nothing. Its people, its description and its end are its own.</summary>
    public static UpdateAgent.Request? WhatLacks(Agent agent, Blueprint blueprint)
    {
        var labels = LabelsOf(blueprint, agent.Labels);
        var sameLabels = labels.Count == agent.Labels.Count && labels.All(label => agent.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
        var request = new UpdateAgent.Request(
            AgentType: agent.Type == blueprint.Type ? null : blueprint.Type,
            Version: agent.Version == blueprint.Version ? null : blueprint.Version,
            Capabilities: Changed(agent.Capabilities, blueprint.Capabilities),
            DeploymentEnv: agent.DeploymentEnv == blueprint.DeploymentEnv ? null : blueprint.DeploymentEnv,
            Scopes: Changed(agent.Scopes, blueprint.Scopes),
            TokenAlgorithm: agent.TokenAlgorithm == blueprint.TokenAlgorithm ? null : blueprint.TokenAlgorithm,
            TokenSeconds: (int)agent.TokenLife.TotalSeconds == blueprint.TokenSeconds ? null : blueprint.TokenSeconds,
            DpopRequired: agent.DpopRequired == blueprint.DpopRequired ? null : blueprint.DpopRequired,
            Labels: sameLabels ? null : labels,
            ApprovalScopes: Changed(agent.ApprovalScopes, blueprint.ApprovalScopes))
        {
            MonthlyTokens = agent.MonthlyTokens == blueprint.MonthlyTokens ? default : new Given<int>(blueprint.MonthlyTokens),
            AttestationDays = agent.AttestationDays == blueprint.AttestationDays ? default : new Given<int>(blueprint.AttestationDays),
        };
        return request == new UpdateAgent.Request() ? null : request;
    }

    private static IReadOnlyList<string>? Changed(IReadOnlyList<string> now, IReadOnlyList<string> wanted) => now.SequenceEqual(wanted, StringComparer.Ordinal) ? null : wanted;
}
