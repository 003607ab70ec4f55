using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Signet.OAuth.Workload;
using Signet.Server.Agents;
using Signet.Server.Users;

namespace Signet.Server.Workloads;

/// <summary>A rule on the wire.</summary>
/// <param name="Pattern">Whether <c>*</c> in the value stands for any characters.</param>
public sealed record RuleView(string Claim, string Value, bool Pattern = false)
{
    public ClaimRule ToRule() => new(Claim, Value, Pattern);

    public static RuleView Of(ClaimRule rule) => new(rule.Claim, rule.Value, rule.IsPattern);
}

/// <summary>What an agent is like that a workload registers, on the wire.</summary>
public sealed record BootstrapView(
    UserId Owner,
    [property: JsonPropertyName("agentType")] AgentType AgentType,
    [property: JsonPropertyName("deploymentEnv")] DeploymentEnv DeploymentEnv,
    IReadOnlyList<string> Capabilities);

/// <summary>A trust policy on the wire.</summary>
/// <param name="CredentialId">The credential of the agent that its tokens hang on; null while it is off.</param>
public sealed record TrustPolicyView(
    [property: JsonPropertyName("policyId")] TrustPolicyId PolicyId,
    string Name,
    string Issuer,
    string Audience,
    IReadOnlyList<RuleView> Rules,
    JsonNode? Jwks,
    [property: JsonPropertyName("jwksUri")] string? JwksUri,
    [property: JsonPropertyName("agentId")] AgentId? AgentId,
    BootstrapView? Bootstrap,
    IReadOnlyList<string> Scopes,
    [property: JsonPropertyName("maxTokenSeconds")] int MaxTokenSeconds,
    bool Enabled,
    [property: JsonPropertyName("credentialId")] CredentialId? CredentialId,
    [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("updatedAt")] DateTimeOffset UpdatedAt,
    [property: JsonPropertyName("lastUsedAt")] DateTimeOffset? LastUsedAt)
{
    public static TrustPolicyView Of(WorkloadTrust trust) => new(
        trust.Id, trust.Name, trust.Issuer, trust.Audience, [.. trust.Rules.Select(RuleView.Of)], trust.Jwks is null ? null : JsonNode.Parse(trust.Jwks), trust.JwksUri,
        trust.Agent,
        trust.Bootstrap is { } template ? new BootstrapView(template.Owner, template.AgentType, template.DeploymentEnv, template.Capabilities) : null,
        trust.Scopes, (int)trust.MaxLife.TotalSeconds, trust.Enabled, trust.Enabled && trust.Agent is not null ? trust.Credential : null,
        trust.CreatedAt, trust.UpdatedAt, trust.LastUsedAt);
}
