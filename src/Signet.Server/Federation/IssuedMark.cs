using System.Text.Json;

namespace Signet.Server.Federation;

/// <summary>Where a mark stands.</summary>
/// <remarks>
/// <code>
/// active ⇄ suspended
///    └───────┴──▶ revoked (the end: a later mark for the same subject is another mark)
/// </code>
/// </remarks>
public enum MarkState
{
    Active,
    Suspended,
    Revoked,
}

/// <summary>A trust mark our entity issued, with the JWT that is served now.</summary>
/// <param name="ValidHours">How long each signed mark holds.</param>
/// <param name="RenewalHours">How long before its end it is signed anew, or somebody is told.</param>
/// <param name="Claims">An object of claims of its own; null for none.</param>
/// <param name="Kid">What the JWT is signed with.</param>
/// <param name="Reason">Why it was suspended or revoked.</param>
public sealed record IssuedMark(
    TrustMarkId Id,
    TrustMarkTypeId TypeId,
    string Type,
    string Subject,
    MarkState State,
    bool AutoRenew,
    int ValidHours,
    int RenewalHours,
    JsonElement? Claims,
    string? Reason,
    string Jwt,
    string Kid,
    DateTimeOffset ExpiresAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
