using System.Text.Json.Serialization;
using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>An agent on the wire. Names are those that software for agents is used to, in camel case.</summary>
public sealed record AgentView(
    [property: JsonPropertyName("agentId")] AgentId AgentId,
    string Email,
    [property: JsonPropertyName("agentType")] AgentType AgentType,
    string Version,
    string Description,
    IReadOnlyList<string> Capabilities,
    UserId Owner,
    UserId? Sponsor,
    [property: JsonPropertyName("deploymentEnv")] DeploymentEnv DeploymentEnv,
    IReadOnlyList<string> Scopes,
    [property: JsonPropertyName("tokenAlgorithm")] string TokenAlgorithm,
    [property: JsonPropertyName("tokenSeconds")] int TokenSeconds,
    AgentState Status,
    [property: JsonPropertyName("expiresAt")] DateTimeOffset? ExpiresAt,
    [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("updatedAt")] DateTimeOffset UpdatedAt)
{
    public static AgentView Of(Agent agent) => new(
        agent.Id, agent.Email, agent.Type, agent.Version, agent.Description, agent.Capabilities, agent.Owner, agent.Sponsor, agent.DeploymentEnv,
        agent.Scopes, agent.TokenAlgorithm, (int)agent.TokenLife.TotalSeconds, agent.State, agent.ExpiresAt, agent.CreatedAt, agent.UpdatedAt);
}

/// <summary>A credential on the wire, without its secret.</summary>
/// <param name="Hint">How the secret begins, to recognise it by.</param>
public sealed record CredentialView(
    [property: JsonPropertyName("credentialId")] CredentialId CredentialId,
    [property: JsonPropertyName("clientId")] AgentId ClientId,
    CredentialState Status,
    string Hint,
    [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("rotatedAt")] DateTimeOffset? RotatedAt,
    [property: JsonPropertyName("expiresAt")] DateTimeOffset? ExpiresAt,
    [property: JsonPropertyName("revokedAt")] DateTimeOffset? RevokedAt)
{
    public static CredentialView Of(AgentId agent, Credential credential) => new(
        credential.Id, agent, credential.State, credential.Hint, credential.CreatedAt, credential.RotatedAt, credential.ExpiresAt, credential.RevokedAt);
}

/// <summary>A credential with its secret, which is shown this once.</summary>
public sealed record CredentialShown(CredentialView Credential, [property: JsonPropertyName("clientSecret")] string ClientSecret)
{
    public override string ToString() => "[secret]";
}
