namespace Signet.OpenIdFederation.TrustMarks;

/// <summary>An element of <c>trust_marks</c> (OIDFed §3).</summary>
/// <param name="Type">The <c>trust_mark_type</c>, the same as the one inside the mark.</param>
/// <param name="Jwt">The trust mark.</param>
public sealed record TrustMarkEntry(string Type, string Jwt);
