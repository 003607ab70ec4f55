using Signet.Server.Agents;

namespace Signet.Server.Delegations;

public enum DelegationKind
{
    /// <summary>An agent said that another may act; nothing can be done with it but to get tokens.</summary>
    Offer,

    /// <summary>An agent got a token with which it acts.</summary>
    Token,
}

public enum SubjectKind
{
    Agent,
    User,
}

/// <summary>One hand-over from one party to the next.</summary>
/// <param name="ChainId">The hand-over everything began with.</param>
/// <param name="DelegatorId">The agent that handed on; null where a person allowed it.</param>
/// <param name="DelegatorEpoch">In the first of an agent's chain: the epoch its right is of.</param>
/// <param name="SourceTokenId">The <c>jti</c> of the access token that was exchanged, where that is no delegation itself.</param>
/// <param name="ActorTokenId">The <c>jti</c> of the token the actor showed beside its credential.</param>
/// <param name="GrantId">The grant the person's token came of.</param>
/// <param name="ApprovalId">The one action a person approved, where no consent stands behind it.</param>
/// <param name="ActorCredential">Null for an offer: whoever takes it shows who it is then.</param>
/// <param name="Depth">How many actors there are with this one.</param>
/// <param name="Details">RFC 9396 authorization details as JSON.</param>
public sealed record HandOver(
    DelegationId DelegationId, DelegationId ChainId, DelegationId? ParentId, DelegationKind Kind, SubjectKind SubjectKind, Guid SubjectId,
    AgentId? DelegatorId, int? DelegatorEpoch, CredentialId? DelegatorCredential, string? SourceTokenId, string? ActorTokenId, Guid? GrantId,
    ConsentId? ConsentId, Guid? ApprovalId, AgentId ActorId, int ActorEpoch, CredentialId? ActorCredential, int Depth, string[] Scopes, string[] Audience, string? Details,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, string? RevokedBecause);
