namespace Signet.OpenIdFederation.TrustMarks;

/// <summary>Who owns a type of trust mark, as a trust anchor says in <c>trust_mark_owners</c> (OIDFed §3).</summary>
/// <param name="Owner">The owner's identifier.</param>
/// <param name="Keys">The keys its delegations are signed with.</param>
public sealed record TrustMarkOwner(EntityId Owner, FederationKeys Keys);
