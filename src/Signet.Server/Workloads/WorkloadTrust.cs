using System.Text;
using Signet.Jose;
using Signet.OAuth.Workload;
using Signet.Server.Agents;
using Signet.Server.Users;

namespace Signet.Server.Workloads;

/// <summary>A trust policy as it is kept: whose tokens stand for an agent, or may register one.</summary>
/// <param name="Jwks">The issuer's keys as a document, where they are pinned.</param>
/// <param name="JwksUri">Where the keys are, where discovery is not to say it.</param>
/// <param name="Agent">Whom the workload acts as; null where it may only register an agent.</param>
/// <param name="Scopes">What its tokens may have; of a policy that registers: what the new agent may ask for.</param>
/// <param name="Credential">What its tokens hang on: new whenever what is trusted changes, and taken away while the policy is off.</param>
/// <param name="LastUsedAt">To the minute; null where it never was.</param>
public sealed record WorkloadTrust(
    TrustPolicyId Id,
    string Name,
    string Issuer,
    string Audience,
    IReadOnlyList<ClaimRule> Rules,
    string? Jwks,
    string? JwksUri,
    AgentId? Agent,
    BootstrapAgent? Bootstrap,
    IReadOnlyList<string> Scopes,
    TimeSpan MaxLife,
    bool Enabled,
    CredentialId Credential,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastUsedAt)
{
    /// <summary>The keys that are pinned; null where none are.</summary>
    public Jwks? PinnedKeys { get; } = Jwks is null ? null : Jose.Jwks.TryParse(Encoding.UTF8.GetBytes(Jwks));

    /// <summary>The rules of the protocol that it stands for.</summary>
    /// <param name="loopback">Whether issuers on this machine may do without TLS.</param>
    public TrustPolicy ToPolicy(bool loopback) =>
        TrustPolicy.TryCreate(Issuer, Audience, Rules, out _, loopback) ?? throw new InvalidOperationException("A policy that is kept can't be read.");
}

/// <summary>What an agent is like that a workload registers.</summary>
/// <param name="Owner">The person who answers for it.</param>
public sealed record BootstrapAgent(UserId Owner, AgentType AgentType, DeploymentEnv DeploymentEnv, IReadOnlyList<string> Capabilities);
