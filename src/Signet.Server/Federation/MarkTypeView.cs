using System.Text.Json;

namespace Signet.Server.Federation;

/// <summary>A type of trust mark as the API shows it.</summary>
/// <param name="Tmtype">The <c>trust_mark_type</c>.</param>
/// <param name="ValidFor">Hours a signed mark holds.</param>
/// <param name="RenewalTime">Hours before its end that a mark is signed anew, or somebody is told.</param>
/// <param name="Anyone">Whether anybody may issue it.</param>
/// <param name="Claims">What claims of their own marks have; empty: any.</param>
/// <param name="Requestable">Whether subordinates may ask for one.</param>
public sealed record MarkTypeView(
    TrustMarkTypeId Id,
    string Tmtype,
    bool Autorenew,
    int ValidFor,
    int RenewalTime,
    bool Active,
    string? LogoUri,
    string? Ref,
    string? Owner,
    JsonElement? OwnerJwks,
    string? Delegation,
    IReadOnlyList<string> Issuers,
    bool Anyone,
    IReadOnlyDictionary<string, ClaimRule> Claims,
    bool Requestable,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static MarkTypeView Of(MarkType type) => new(
        type.Id, type.Type, type.AutoRenew, type.ValidHours, type.RenewalHours, type.Active, type.LogoUri, type.Reference, type.Owner,
        type.OwnerJwks is null ? null : JsonElement.Parse(type.OwnerJwks), type.Delegation, type.Issuers, type.Anyone, type.ClaimRules, type.Requestable,
        type.CreatedAt, type.UpdatedAt);
}
