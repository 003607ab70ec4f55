using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.TrustMarks;
using Signet.Platform.Http;

namespace Signet.Server.Federation;

/// <summary>What a type of trust mark may be.</summary>
internal static class MarkTypeRules
{
    public const int MostHours = 87600;

    private const int MostIssuers = 500;
    private const int MostClaims = 50;

    /// <summary>Null where it may be so.</summary>
    public static Problem? Refuse(MarkType type, EntityId us, DateTimeOffset now)
    {
        var (field, fault) = Find(type, us, now);
        return field is null ? null : TrustMarkProblems.InvalidType.WithError(field, fault!);
    }

    private static (string? Field, string? Fault) Find(MarkType type, EntityId us, DateTimeOffset now)
    {
        if (!IsUrl(type.Type))
        {
            return ("tmtype", "is to be a URL of your own, so that no other federation has it");
        }

        if (type.ValidHours is < 1 or > MostHours)
        {
            return ("valid_for", $"is to be from 1 to {MostHours} hours");
        }

        if (type.RenewalHours < 1 || type.RenewalHours >= type.ValidHours && type.ValidHours > 1)
        {
            return ("renewal_time", "is to be at least 1 hour, and less than valid_for");
        }

        if (type.LogoUri is { } logo && !IsUrl(logo))
        {
            return ("logo_uri", "is to be an https URL");
        }

        if (type.Reference is { } reference && !IsUrl(reference))
        {
            return ("ref", "is to be an https URL");
        }

        if (type.Issuers.Count > MostIssuers || type.Issuers.FirstOrDefault(issuer => EntityId.TryParse(issuer) is null) is not null)
        {
            return ("issuers", $"are to be at most {MostIssuers} entity identifiers");
        }

        if (type.Anyone && (type.Issuers.Count > 0 || type.Owner is not null))
        {
            return ("anyone", "goes with neither issuers nor an owner");
        }

        if (type.ClaimRules.Count > MostClaims || type.ClaimRules.Keys.FirstOrDefault(IsTaken) is not null)
        {
            return ("claims", $"are to be at most {MostClaims}, and none the specification has taken");
        }

        return FindOwnerFault(type, us, now);
    }

    private static (string? Field, string? Fault) FindOwnerFault(MarkType type, EntityId us, DateTimeOffset now)
    {
        if (type.Owner is null)
        {
            return type.OwnerJwks is not null ? ("owner_jwks", "goes with an owner") : type.Delegation is not null ? ("delegation", "goes with an owner") : (null, null);
        }

        if (EntityId.TryParse(type.Owner) is not { } owner)
        {
            return ("owner", "is to be an entity identifier");
        }

        if (owner == us)
        {
            return type.OwnerJwks is not null ? ("owner_jwks", "are this entity's own, and not to be given")
                : type.Delegation is not null ? ("delegation", "is what the owner gives; this entity is the owner") : (null, null);
        }

        if (type.OwnerJwks is null || FederationKeys.TryParse(JsonElement.Parse(type.OwnerJwks), out _) is not { } keys)
        {
            return ("owner_jwks", "is to be a JWK set with the owner's public keys, each with its own kid");
        }

        if (type.Delegation is not { } jwt)
        {
            return (null, null);
        }

        var fault = default(FederationFault);
        fault = TrustMarkDelegation.TryParse(jwt, FederationRules.Standard, out fault) is { } delegation
            ? delegation.FindFault(new TrustMarkOwner(owner, keys), us, type.Type, now, FederationRules.Standard)
            : fault;
        return fault is null ? (null, null) : ("delegation", fault.Detail);
    }

    /// <summary>Why these claims don't do for a mark of the type; null where they do.</summary>
    public static string? FindClaimsFault(MarkType type, JsonElement? claims)
    {
        if (claims is not { } given)
        {
            return type.ClaimRules.FirstOrDefault(rule => rule.Value.Required).Key is { } first ? $"{first} is missing" : null;
        }

        if (given.ValueKind is not JsonValueKind.Object)
        {
            return "are to be an object";
        }

        if (TrustMarkDraft.FindProtected(given) is { } taken)
        {
            return $"contain a protected claim: {taken}";
        }

        if (type.ClaimRules.Count == 0)
        {
            return null;
        }

        foreach (var member in given.EnumerateObject())
        {
            if (!type.ClaimRules.TryGetValue(member.Name, out var rule))
            {
                return "contain one that marks of this type don't have";
            }

            if (!rule.Takes(member.Value))
            {
                return $"{member.Name} is to be of kind {Signet.Platform.Data.SnakeCase.Of(rule.Kind)}";
            }
        }

        return type.ClaimRules.FirstOrDefault(rule => rule.Value.Required && !given.TryGetProperty(rule.Key, out _)).Key is { } missing ? $"{missing} is missing" : null;
    }

    private static bool IsTaken(string claim) => claim.Length is 0 or > 200 || TrustMarkDraft.FindProtected(JsonSerializer.SerializeToElement(new Dictionary<string, int> { [claim] = 0 })) is not null;

    private static bool IsUrl(string text) =>
        text.Length <= 2048 && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.Host.Length > 0 && url.UserInfo.Length == 0;
}
