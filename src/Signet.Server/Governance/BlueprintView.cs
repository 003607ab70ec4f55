using System.Text.Json.Serialization;
using Signet.Server.Agents;

namespace Signet.Server.Governance;

/// <summary>A blueprint on the wire; a limit that is left out is none.</summary>
public sealed record BlueprintView(
    [property: JsonPropertyName("blueprintId")] BlueprintId BlueprintId,
    string Name,
    string Description,
    [property: JsonPropertyName("agentType")] AgentType AgentType,
    string Version,
    IReadOnlyList<string> Capabilities,
    [property: JsonPropertyName("deploymentEnv")] DeploymentEnv DeploymentEnv,
    IReadOnlyList<string> Scopes,
    [property: JsonPropertyName("approvalScopes")] IReadOnlyList<string> ApprovalScopes,
    [property: JsonPropertyName("tokenAlgorithm")] string TokenAlgorithm,
    [property: JsonPropertyName("tokenSeconds")] int TokenSeconds,
    [property: JsonPropertyName("dpopRequired")] bool DpopRequired,
    [property: JsonPropertyName("monthlyTokens")] int? MonthlyTokens,
    [property: JsonPropertyName("lifetimeDays")] int? LifetimeDays,
    [property: JsonPropertyName("attestationDays")] int? AttestationDays,
    IReadOnlyDictionary<string, string> Labels,
    [property: JsonPropertyName("maxInstances")] int? MaxInstances,
    BlueprintState Status,
    [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("updatedAt")] DateTimeOffset UpdatedAt)
{
    public static BlueprintView Of(Blueprint one) => new(
        one.Id, one.Name, one.Description, one.Type, one.Version, one.Capabilities, one.DeploymentEnv, one.Scopes, one.ApprovalScopes, one.TokenAlgorithm,
        one.TokenSeconds, one.DpopRequired, one.MonthlyTokens, one.LifetimeDays, one.AttestationDays, one.Labels, one.MaxInstances, one.State, one.CreatedAt,
        one.UpdatedAt);
}
