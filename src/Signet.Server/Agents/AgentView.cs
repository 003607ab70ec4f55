using System.Text.Json.Nodes;
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
    [property: JsonPropertyName("approvalScopes")] IReadOnlyList<string> ApprovalScopes,
    [property: JsonPropertyName("tokenAlgorithm")] string TokenAlgorithm,
    [property: JsonPropertyName("tokenSeconds")] int TokenSeconds,
    [property: JsonPropertyName("dpopRequired")] bool DpopRequired,
    IReadOnlyDictionary<string, string> Labels,
    AgentState Status,
    [property: JsonPropertyName("expiresAt")] DateTimeOffset? ExpiresAt,
    [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("updatedAt")] DateTimeOffset UpdatedAt)
{
    /// <summary>Its budget; left out where it has none of its own.</summary>
    [JsonPropertyName("monthlyTokens")]
    public int? MonthlyTokens { get; init; }

    /// <summary>What it was made of; left out where it was made of none.</summary>
    [JsonPropertyName("blueprintId")]
    public BlueprintId? BlueprintId { get; init; }

    /// <summary>How long one attestation holds; left out where nobody has to attest it.</summary>
    [JsonPropertyName("attestationDays")]
    public int? AttestationDays { get; init; }

    [JsonPropertyName("attestedUntil")]
    public DateTimeOffset? AttestedUntil { get; init; }

    /// <summary>Since when nobody answers for it; left out where somebody does.</summary>
    [JsonPropertyName("orphanedAt")]
    public DateTimeOffset? OrphanedAt { get; init; }

    /// <summary>Of this month; only where one agent is asked for.</summary>
    public AgentUsage? Usage { get; init; }

    public static AgentView Of(Agent agent) => new(
        agent.Id, agent.Email, agent.Type, agent.Version, agent.Description, agent.Capabilities, agent.Owner, agent.Sponsor, agent.DeploymentEnv,
        agent.Scopes, agent.ApprovalScopes, agent.TokenAlgorithm, (int)agent.TokenLife.TotalSeconds, agent.DpopRequired, agent.Labels, agent.State, agent.ExpiresAt, agent.CreatedAt, agent.UpdatedAt)
    {
        MonthlyTokens = agent.MonthlyTokens,
        BlueprintId = agent.Blueprint,
        AttestationDays = agent.AttestationDays,
        AttestedUntil = agent.AttestedUntil,
        OrphanedAt = agent.OrphanedAt,
    };
}

/// <summary>A credential on the wire, without its secret.</summary>
/// <param name="Hint">How the secret begins, the key's <c>kid</c>, the host it is published on, or the certificate's name: to recognise it by.</param>
/// <param name="Jwk">The public key (RFC 7517).</param>
/// <param name="LastUsedAt">To the minute.</param>
/// <param name="KeptIn">Of a secret: where it is looked up.</param>
public sealed record CredentialView(
    [property: JsonPropertyName("credentialId")] CredentialId CredentialId,
    [property: JsonPropertyName("clientId")] AgentId ClientId,
    CredentialKind Kind,
    CredentialState Status,
    string Hint,
    JsonNode? Jwk,
    [property: JsonPropertyName("jwksUri")] string? JwksUri,
    [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("rotatedAt")] DateTimeOffset? RotatedAt,
    [property: JsonPropertyName("expiresAt")] DateTimeOffset? ExpiresAt,
    [property: JsonPropertyName("revokedAt")] DateTimeOffset? RevokedAt,
    [property: JsonPropertyName("lastUsedAt")] DateTimeOffset? LastUsedAt,
    [property: JsonPropertyName("keptIn")] SecretPlace? KeptIn)
{
    /// <summary>Of a certificate that is not known by its key: its thumbprint, or who issues it for which name.</summary>
    public CertificateWish? Certificate { get; init; }

    public static CredentialView Of(AgentId agent, Credential credential) => new(
        credential.Id, agent, credential.Kind, credential.State, credential.Hint,
        credential.Keys is { Keys: [var key] } ? JsonNode.Parse(key.ToUtf8Json()) : null, credential.JwksUri,
        credential.CreatedAt, credential.RotatedAt, credential.ExpiresAt, credential.RevokedAt, credential.LastUsedAt,
        credential.Kind is not CredentialKind.ClientSecret ? null : credential.Vault is null ? SecretPlace.Database : SecretPlace.Vault)
    {
        Certificate = CertificateWish.Of(credential.Certificate),
    };
}

public enum SecretPlace
{
    /// <summary>A keyed hash of it, here.</summary>
    Database,

    /// <summary>The secret itself, in the operator's Vault.</summary>
    Vault,
}

/// <summary>A credential as it was just made.</summary>
/// <param name="ClientSecret">Shown this once; null where the credential is a key.</param>
public sealed record CredentialShown(CredentialView Credential, [property: JsonPropertyName("clientSecret")] string? ClientSecret)
{
    public override string ToString() => "[secret]";
}
