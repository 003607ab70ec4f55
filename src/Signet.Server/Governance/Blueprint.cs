using Signet.Server.Agents;

namespace Signet.Server.Governance;

/// <summary>What agents of one kind are made of. A change of it is no change of them until it is applied.</summary>
/// <param name="TokenSeconds">60 to 3600: how long their tokens live.</param>
public sealed record Blueprint(
    BlueprintId Id,
    string Name,
    string Description,
    AgentType Type,
    string Version,
    IReadOnlyList<string> Capabilities,
    DeploymentEnv DeploymentEnv,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> ApprovalScopes,
    string TokenAlgorithm,
    int TokenSeconds,
    bool DpopRequired,
    IReadOnlyDictionary<string, string> Labels,
    BlueprintState State,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Of each agent in a calendar month (UTC); null: as the tenant.</summary>
    public int? MonthlyTokens { get; init; }

    /// <summary>After so many days a new agent expires; null: never.</summary>
    public int? LifetimeDays { get; init; }

    /// <summary>How often a person has to say that each is still wanted; null: never.</summary>
    public int? AttestationDays { get; init; }

    /// <summary>Most agents of it that are not decommissioned; null: as many as one likes.</summary>
    public int? MaxInstances { get; init; }
}

public enum BlueprintState
{
    Active,

    /// <summary>For ever: no more agents are made of it. Those it has live on, and may still be changed by it.</summary>
    Retired,
}
