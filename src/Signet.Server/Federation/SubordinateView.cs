using System.Text.Json;

namespace Signet.Server.Federation;

/// <summary>A subordinate as the API shows it.</summary>
/// <param name="Active">Whether it is vouched for.</param>
/// <param name="Metadata">What it said of itself when it was last looked at.</param>
/// <param name="ForcedMetadata">What our statement says instead.</param>
/// <param name="ValidFor">Hours each statement holds; null: as the entity's settings say.</param>
/// <param name="ExpireAt">When the statement that is served ends; null where none is.</param>
/// <param name="SeenAt">When its configuration was last seen to be in order.</param>
/// <param name="Fault">Why it was not since.</param>
public sealed record SubordinateView(
    SubordinateId Id,
    string Entityid,
    SubordinateState State,
    bool Active,
    JsonElement Metadata,
    JsonElement? ForcedMetadata,
    JsonElement Jwks,
    string? RequiredTrustmarks,
    int? ValidFor,
    DateTimeOffset? ExpireAt,
    bool Autorenew,
    JsonElement? AdditionalClaims,
    IReadOnlyList<string> Crit,
    JsonElement? MetadataPolicy,
    IReadOnlyList<string> MetadataPolicyCrit,
    JsonElement? Constraints,
    IReadOnlyList<string> EntityTypes,
    bool Intermediate,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? SeenAt,
    string? Fault)
{
    public static SubordinateView Of(Subordinate one) => new(
        one.Id, one.Entity.Value, one.State, one.State is SubordinateState.Active, one.Metadata, one.Terms.Metadata, KeysJson.ToElement(one.Keys),
        one.Terms.RequiredTrustMark, one.Terms.ValidHours, one.ExpiresAt, one.Terms.AutoRenew, one.Terms.ExtraClaims, one.Terms.Crit, one.Terms.MetadataPolicy,
        one.Terms.MetadataPolicyCrit, one.Terms.Constraints, one.EntityTypes, one.IsIntermediate, one.CreatedAt, one.UpdatedAt, one.SeenAt, one.Fault);
}
