namespace Signet.Server.Federation;

/// <summary>
/// An endpoint of the entity that its configuration names (OIDFed §5.1.1). Whoever serves one adds it to the services; the configuration has them all.
/// </summary>
/// <param name="Member">As <c>metadata.federation_entity</c> names it.</param>
/// <param name="Path">Below the entity's address.</param>
public sealed record FederationEndpoint(string Member, string Path);
