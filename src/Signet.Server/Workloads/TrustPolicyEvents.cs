using Signet.Platform.Outbox;
using Signet.Server.Agents;

namespace Signet.Server.Workloads;

public abstract record TrustPolicyEvent(TrustPolicyId Policy) : DomainEvent
{
    public override Target Target => new("trust_policy", Policy.ToString());
}

/// <param name="Agent">Null where it may only register one.</param>
public sealed record TrustPolicyCreated(TrustPolicyId Policy, string Issuer, AgentId? Agent, IReadOnlyList<string> Scopes) : TrustPolicyEvent(Policy)
{
    public override string Action => "trust_policy.created";
}

/// <param name="EndsTokens">Whether what it got before ended with the change.</param>
public sealed record TrustPolicyUpdated(TrustPolicyId Policy, IReadOnlyList<string> Fields, bool EndsTokens) : TrustPolicyEvent(Policy)
{
    public override string Action => "trust_policy.updated";
}

public sealed record TrustPolicyDisabled(TrustPolicyId Policy) : TrustPolicyEvent(Policy)
{
    public override string Action => "trust_policy.disabled";
}

public sealed record TrustPolicyEnabled(TrustPolicyId Policy) : TrustPolicyEvent(Policy)
{
    public override string Action => "trust_policy.enabled";
}

public sealed record TrustPolicyDeleted(TrustPolicyId Policy) : TrustPolicyEvent(Policy)
{
    public override string Action => "trust_policy.deleted";
}

/// <summary>A workload showed a token, and got one of ours.</summary>
/// <param name="Agent">Null where it may only register one.</param>
/// <param name="Workload">The <c>sub</c> of the token that was shown.</param>
public sealed record TrustPolicyRedeemed(TrustPolicyId Policy, AgentId? Agent, string Workload) : TrustPolicyEvent(Policy)
{
    public override string Action => "trust_policy.redeemed";
}

/// <summary>A token named the issuer of a policy and did not do. The answer is the same for all.</summary>
/// <param name="Reason">
/// What did not hold: <c>token_</c> with what is wrong with it, <c>claim_</c> with the name of a claim, <c>replayed</c>, <c>ambiguous</c>, <c>disabled</c>,
/// <c>agent_</c> with its state, <c>credential_revoked</c>.
/// </param>
public sealed record TrustPolicyRefused(TrustPolicyId Policy, string Reason) : TrustPolicyEvent(Policy)
{
    public override string Action => "trust_policy.refused";

    public override Outcome Outcome => Outcome.Failure;
}

/// <summary>A workload registered an agent.</summary>
public sealed record AgentBootstrapped(TrustPolicyId Policy, AgentId Agent, string Workload) : TrustPolicyEvent(Policy)
{
    public override string Action => "trust_policy.agent_registered";
}
