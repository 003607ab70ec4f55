using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.TrustMarks;

namespace Signet.Server.Federation;

/// <summary>A type of trust mark: who owns it, who may issue it, and what marks of it are like when we issue them.</summary>
/// <param name="Type">The <c>trust_mark_type</c>.</param>
/// <param name="Active">Whether it stands in the configuration and marks of it are issued and served.</param>
/// <param name="Owner">Whose it is; null where nobody's, and the issuers alone decide.</param>
/// <param name="OwnerJwks">The keys another owner delegates with; null where the owner is our own entity, or there is none.</param>
/// <param name="Delegation">The leave of another owner for us to issue.</param>
/// <param name="Issuers">Who else may issue it.</param>
/// <param name="Anyone">Whether anybody may issue it (OIDFed §3: an empty array).</param>
/// <param name="Requestable">Whether subordinates may ask for one.</param>
public sealed record MarkType(
    TrustMarkTypeId Id,
    string Type,
    bool Active,
    bool AutoRenew,
    int ValidHours,
    int RenewalHours,
    string? LogoUri,
    string? Reference,
    string? Owner,
    string? OwnerJwks,
    string? Delegation,
    IReadOnlyList<string> Issuers,
    bool Anyone,
    IReadOnlyDictionary<string, ClaimRule> ClaimRules,
    bool Requestable,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Whether our entity may issue marks of it: a type of another's needs their leave (OIDFed §7.2).</summary>
    public bool IsIssuedBy(EntityId us) => Owner is null || Owner == us.Value || Delegation is not null;

    /// <summary>The owner as the configuration names it; the keys are ours where the owner is.</summary>
    public TrustMarkOwner? FindOwner(EntityId us, FederationKeys ours) =>
        Owner is null ? null
        : Owner == us.Value ? new TrustMarkOwner(us, ours)
        : new TrustMarkOwner(EntityId.Parse(Owner), FederationKeys.TryParse(JsonElement.Parse(OwnerJwks!), out _)!);
}

/// <summary>What a claim of a mark's own is to be.</summary>
/// <param name="Kind">Which JSON value.</param>
/// <param name="Required">Whether every mark of the type has it.</param>
public sealed record ClaimRule(ClaimKind Kind, bool Required = false)
{
    public bool Takes(JsonElement value) => Kind switch
    {
        ClaimKind.String => value.ValueKind is JsonValueKind.String,
        ClaimKind.Number => value.ValueKind is JsonValueKind.Number,
        ClaimKind.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        ClaimKind.Array => value.ValueKind is JsonValueKind.Array,
        ClaimKind.Object => value.ValueKind is JsonValueKind.Object,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>The JSON values a claim may be.</summary>
public enum ClaimKind
{
    String,
    Number,
    Boolean,
    Array,
    Object,
}
