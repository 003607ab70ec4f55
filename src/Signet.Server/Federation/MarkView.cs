using System.Text.Json;

namespace Signet.Server.Federation;

/// <summary>A trust mark as the API shows it.</summary>
/// <param name="TmtId">Its type.</param>
/// <param name="Domain">The subject.</param>
/// <param name="ExpireAt">When the JWT that is served ends.</param>
/// <param name="ValidFor">Hours a signed mark holds.</param>
/// <param name="RenewalTime">Hours before its end that it is signed anew, or somebody is told.</param>
/// <param name="Active">Whether it is served: neither suspended nor revoked.</param>
/// <param name="Mark">The JWT; null when it is not served.</param>
public sealed record MarkView(
    TrustMarkId Id,
    TrustMarkTypeId TmtId,
    string Tmtype,
    string Domain,
    MarkState State,
    bool Active,
    string? Reason,
    DateTimeOffset ExpireAt,
    bool Autorenew,
    int ValidFor,
    int RenewalTime,
    JsonElement? AdditionalClaims,
    string? Mark,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static MarkView Of(IssuedMark mark) => new(
        mark.Id, mark.TypeId, mark.Type, mark.Subject, mark.State, mark.State is MarkState.Active, mark.Reason, mark.ExpiresAt, mark.AutoRenew, mark.ValidHours,
        mark.RenewalHours, mark.Claims, mark.State is MarkState.Active ? mark.Jwt : null, mark.CreatedAt, mark.UpdatedAt);
}
