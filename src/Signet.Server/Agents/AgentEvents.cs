using Signet.Platform.Outbox;
using Signet.Server.Users;

namespace Signet.Server.Agents;

public abstract record AgentEvent(AgentId Agent) : DomainEvent
{
    public override Target Target => new("agent", Agent.ToString());
}

public sealed record AgentCreated(AgentId Agent, UserId Owner, IReadOnlyList<string> Scopes, string DeploymentEnv) : AgentEvent(Agent)
{
    /// <summary>Left out where it was made of none.</summary>
    public BlueprintId? Blueprint { get; init; }

    public override string Action => "agent.created";
}

public sealed record AgentUpdated(AgentId Agent, IReadOnlyList<string> Fields) : AgentEvent(Agent)
{
    public override string Action => "agent.updated";
}

/// <summary>Somebody else answers for it.</summary>
public sealed record AgentTransferred(AgentId Agent, UserId From, UserId To) : AgentEvent(Agent)
{
    public override string Action => "agent.transferred";
}

public sealed record AgentSuspended(AgentId Agent) : AgentEvent(Agent)
{
    /// <summary><c>attestation_overdue</c> or <c>orphaned</c>; left out where somebody did it.</summary>
    public string? Reason { get; init; }

    public override string Action => "agent.suspended";
}

public sealed record AgentReactivated(AgentId Agent) : AgentEvent(Agent)
{
    public override string Action => "agent.reactivated";
}

public sealed record AgentDecommissioned(AgentId Agent) : AgentEvent(Agent)
{
    public override string Action => "agent.decommissioned";
}

/// <summary>A person said that it is still wanted.</summary>
public sealed record AgentAttested(AgentId Agent, DateTimeOffset Until) : AgentEvent(Agent)
{
    public override string Action => "agent.attested";
}

/// <summary>Its attestation ends soon. Told once for each end; a webhook makes a mail or a ticket of it.</summary>
public sealed record AgentAttestationDue(AgentId Agent, UserId Owner, UserId? Sponsor, DateTimeOffset Until) : AgentEvent(Agent)
{
    public override string Action => "agent.attestation_due";
}

/// <summary>Nobody answers for it any more: its owner was deactivated or deleted. It is suspended at the end unless somebody does.</summary>
public sealed record AgentOrphaned(AgentId Agent, UserId Owner, DateTimeOffset SuspendedAt) : AgentEvent(Agent)
{
    public override string Action => "agent.orphaned";
}

/// <summary>Its owner is back.</summary>
public sealed record AgentOwnerReturned(AgentId Agent, UserId Owner) : AgentEvent(Agent)
{
    public override string Action => "agent.owner_returned";
}

/// <summary>One call stopped several agents.</summary>
/// <param name="Scope"><c>user</c>, <c>blueprint</c> or <c>tenant</c>.</param>
public sealed record AgentsStopped(string Scope, string Of, IReadOnlyList<string> Agents) : DomainEvent
{
    public override string Action => "agent.kill_switch";

    public override Target Target => new(Scope, Of);
}

public sealed record CredentialGenerated(AgentId Agent, CredentialId Credential, string Kind, DateTimeOffset? ExpiresAt) : AgentEvent(Agent)
{
    public override string Action => "credential.generated";
}

public sealed record CredentialRotated(AgentId Agent, CredentialId Credential, DateTimeOffset OldSecretEnds) : AgentEvent(Agent)
{
    public override string Action => "credential.rotated";
}

public sealed record CredentialRevoked(AgentId Agent, CredentialId Credential) : AgentEvent(Agent)
{
    public override string Action => "credential.revoked";
}

public abstract record CertificateAuthorityEvent(AuthorityId Authority) : DomainEvent
{
    public override Target Target => new("certificate_authority", Authority.ToString());
}

/// <summary>Its certificates may stand for agents from now on.</summary>
/// <param name="Thumbprint">Of its root: <c>x5t#S256</c>.</param>
public sealed record CertificateAuthorityAdded(AuthorityId Authority, string Name, string Thumbprint) : CertificateAuthorityEvent(Authority)
{
    public override string Action => "certificate_authority.added";
}

/// <param name="Credentials">How many credentials were revoked with it.</param>
public sealed record CertificateAuthorityRemoved(AuthorityId Authority, int Credentials) : CertificateAuthorityEvent(Authority)
{
    public override string Action => "certificate_authority.removed";
}
