using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Statements;
using Signet.Platform.Http;

namespace Signet.Server.Federation;

/// <summary>What an operator says of a subordinate. As a change, what is left out stays; an empty object takes away.</summary>
/// <param name="ForcedMetadata">By entity type; our statement says it in place of what the entity says.</param>
/// <param name="Jwks">Its federation keys, where they are known from elsewhere; left out: those it publishes.</param>
/// <param name="RequiredTrustmarks">A type of trust mark it must show.</param>
/// <param name="ValidFor">Hours each statement holds, at most those of the entity's settings.</param>
/// <param name="AdditionalClaims">Claims of the statement that the specification does not define.</param>
/// <param name="Crit">Those of them that a reader must understand.</param>
/// <param name="MetadataPolicy">By entity type; merged with the general one.</param>
/// <param name="Constraints">OIDFed §6.2.</param>
public record SubordinateWish(
    JsonElement? ForcedMetadata = null,
    JsonElement? Jwks = null,
    string? RequiredTrustmarks = null,
    int? ValidFor = null,
    bool? Autorenew = null,
    bool? Active = null,
    JsonElement? AdditionalClaims = null,
    IReadOnlyList<string>? Crit = null,
    JsonElement? MetadataPolicy = null,
    IReadOnlyList<string>? MetadataPolicyCrit = null,
    JsonElement? Constraints = null)
{
    /// <summary>The terms that result from it on top of these.</summary>
    internal SubordinateTerms On(SubordinateTerms terms) => terms with
    {
        Metadata = Take(ForcedMetadata, terms.Metadata),
        MetadataPolicy = Take(MetadataPolicy, terms.MetadataPolicy),
        MetadataPolicyCrit = MetadataPolicyCrit ?? terms.MetadataPolicyCrit,
        Constraints = Take(Constraints, terms.Constraints),
        ExtraClaims = Take(AdditionalClaims, terms.ExtraClaims),
        Crit = Crit ?? terms.Crit,
        RequiredTrustMark = RequiredTrustmarks is null ? terms.RequiredTrustMark : RequiredTrustmarks.Length == 0 ? null : RequiredTrustmarks,
        ValidHours = ValidFor ?? terms.ValidHours,
        AutoRenew = Autorenew ?? terms.AutoRenew,
    };

    /// <summary>Null where none are named. Only after <see cref="Refuse"/>.</summary>
    internal FederationKeys? Keys => IsNothing(Jwks) ? null : FederationKeys.TryParse(Jwks!.Value, out _);

    /// <summary>Null where all of it may stand, as far as can be told without looking at the entity.</summary>
    internal Problem? Refuse(FederationSettings settings)
    {
        var errors = new FieldErrors();
        errors.Check("forced_metadata", IsNothing(ForcedMetadata) || IsMetadata(ForcedMetadata!.Value), "is to be an object of objects, by entity type, without null");
        if (!IsNothing(Jwks))
        {
            FederationFault? fault = null;
            var keys = FederationSettingsRules.IsObject(Jwks!.Value) ? FederationKeys.TryParse(Jwks.Value, out fault) : null;
            errors.Check("jwks", keys is not null, fault?.Detail ?? "is to be a JWK set");
            foreach (var (kid, defect) in keys?.LeftOut ?? [])
            {
                errors.Check("jwks", false, $"has the key {kid}, which can verify nothing ({defect})");
            }
        }

        errors.Check("required_trustmarks", RequiredTrustmarks is null or { Length: <= 2048 }, "is to be at most 2048 characters");
        var longest = settings.SubordinateSeconds / 3600;
        errors.Check("valid_for", ValidFor is not { } hours || (hours >= 1 && hours <= Math.Max(1, longest)), $"is to be from 1 to the {Math.Max(1, longest)} hours of the entity's settings");
        FederationSettingsRules.CheckClaims(IsNothing(AdditionalClaims) ? null : AdditionalClaims, Crit ?? [], errors, "additional_claims");
        FederationSettingsRules.CheckPolicy(IsNothing(MetadataPolicy) ? null : MetadataPolicy, MetadataPolicyCrit ?? [], errors);
        if (!IsNothing(Constraints))
        {
            FederationFault? fault = null;
            var set = FederationSettingsRules.IsObject(Constraints!.Value) ? ConstraintSet.TryParse(Constraints.Value, out fault) : null;
            errors.Check("constraints", set is not null, fault?.Detail ?? "is to be an object");
        }

        return errors.ToProblem(FederationProblems.SubordinateInvalid);
    }

    private static bool IsNothing(JsonElement? value) => value is null or { ValueKind: JsonValueKind.Null };

    private static bool IsMetadata(JsonElement value) =>
        FederationSettingsRules.IsObject(value) && value.EnumerateObject().All(type =>
            type.Value.ValueKind is JsonValueKind.Object && type.Value.EnumerateObject().All(parameter => parameter.Value.ValueKind is not JsonValueKind.Null));

    private static JsonElement? Take(JsonElement? wished, JsonElement? now) =>
        IsNothing(wished) ? now : wished is { ValueKind: JsonValueKind.Object } given && !given.EnumerateObject().Any() ? null : wished;
}
