namespace Signet.OpenIdFederation.Chains;

/// <summary>An entity trusted without further proof. Its keys were brought on a way of their own, not taken from what it publishes (OIDFed §4).</summary>
/// <param name="Id">The anchor's identifier.</param>
/// <param name="Keys">The keys its configuration must be signed with.</param>
public sealed record TrustAnchor(EntityId Id, FederationKeys Keys);
