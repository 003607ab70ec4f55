using Signet.Platform.Http;

namespace Signet.Server.Agents;

public static class AgentProblems
{
    /// <summary>With the limit as <c>details.limit</c>.</summary>
    public static readonly Problem LimitExceeded = new(403, "agents.limit_exceeded", "The tenant has as many agents as it may.");

    public static readonly Problem NotFound = new(404, "agents.not_found", "There is no such agent.");

    public static readonly Problem CredentialNotFound = new(404, "agents.credential_not_found", "The agent has no such credential.");

    public static readonly Problem Invalid = new(400, "invalid_input", "The agent can't be so.");

    public static readonly Problem AlreadyExists = new(409, "agents.already_exists", "An agent of this tenant has this address.");

    public static readonly Problem InvalidTransition = new(409, "agents.invalid_transition", "The agent can't go from its state to that one.");

    public static readonly Problem NotAttested = new(409, "agents.not_attested", "Nobody has to attest the agent: it has no attestation interval.");

    public static readonly Problem AttestationOverdue = new(409, "agents.attestation_overdue", "The agent's attestation ran out; a person attests it before it is resumed.");

    public static readonly Problem Orphaned = new(409, "agents.orphaned", "Nobody answers for the agent; give it another owner before it is resumed.");

    public static readonly Problem Decommissioned = new(409, "agents.decommissioned", "The agent is decommissioned; nothing of it changes any more.");

    public static readonly Problem CredentialRevoked = new(409, "agents.credential_revoked", "The credential is revoked; generate a new one.");

    public static readonly Problem RotatedMeanwhile =
        new(409, "agents.rotated_meanwhile", "Somebody else rotated the credential at the same moment; their secret holds, and this one was not set.");

    public static readonly Problem SecretsUnavailable =
        new(503, "agents.secrets_unavailable", "Vault, where secrets are kept, does not answer; nothing was changed.") { RetryAfter = TimeSpan.FromSeconds(5) };

    public static readonly Problem NotRotatable =
        new(409, "agents.not_rotatable", "Only a secret can be rotated; register the new key, then revoke the old one.");

    public static readonly Problem TooManyCredentials = new(409, "agents.too_many_credentials", "The agent has as many keys as it may; revoke one.");

    /// <summary>The same for a certificate of the agent's own and of another's.</summary>
    public static readonly Problem CertificateTaken =
        new(409, "agents.certificate_taken", "A credential of this tenant that is not revoked has this certificate, key or name already.");

    public static readonly Problem AuthorityNotFound = new(404, "agents.authority_not_found", "There is no such certificate authority.");

    public static readonly Problem InvalidAuthority = new(400, "invalid_input", "The certificate authority can't be so.");

    public static readonly Problem AuthorityTaken = new(409, "agents.authority_taken", "The tenant trusts this root already.");

    public static readonly Problem TooManyAuthorities = new(409, "agents.too_many_authorities", "The tenant has as many certificate authorities as it may.");

    public static readonly Problem BeyondYours = new(403, "agents.beyond_yours", "The agent's scopes allow what you may not do yourself.");

    public static readonly Problem NotYours = new(403, "agents.not_yours", "An agent may change itself; others need agents:admin.");

    public static readonly Problem AttestedByPeople = new(403, "agents.attested_by_people", "An agent makes no attestation hold longer; a person does.");
}
