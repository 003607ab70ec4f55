using System.Text.Json;
using Signet.Jose;
using Signet.OpenIdFederation.Policy;
using Signet.OpenIdFederation.TrustMarks;

namespace Signet.OpenIdFederation.Statements;

/// <summary>The steps of entity statement validation that need neither key nor clock (OIDFed §3).</summary>
internal static class EntityStatementReader
{
    private const string Configuration = "an entity configuration";
    private const string Subordinate = "a subordinate statement";

    private static readonly string[] OnlyInConfigurations =
        ["authority_hints", "trust_anchor_hints", "trust_marks", "trust_mark_issuers", "trust_mark_owners"];

    private static readonly string[] OnlyInSubordinateStatements = ["metadata_policy", "metadata_policy_crit", "constraints", "source_endpoint"];

    public static EntityStatement? TryRead(string? jwt, StatementForm form, FederationRules rules, out FederationFault? fault)
    {
        var typ = form is StatementForm.RegistrationResponse ? JwtTypes.ExplicitRegistrationResponse : JwtTypes.EntityStatement;
        if (SignedMessage.TryRead(jwt, typ, rules, out fault) is not { } message)
        {
            return null;
        }

        fault = FindHeaderFault(message.Header, form);
        return fault is null ? TryRead(jwt!, message, form, rules, out fault) : null;
    }

    private static EntityStatement? TryRead(string jwt, SignedMessage message, StatementForm form, FederationRules rules, out FederationFault? fault)
    {
        var claims = message.Claims;
        var reader = new ClaimsReader(claims.Members);
        var statement = new EntityStatement(jwt, message)
        {
            Issuer = reader.RequireEntity("iss"),
            Subject = reader.RequireEntity("sub"),
            IssuedAt = reader.RequireTime("iat", claims.IssuedAt),
            ExpiresAt = reader.RequireTime("exp", claims.ExpiresAt),
            Keys = ReadKeys(reader, form),
            Metadata = ReadMetadata(reader),
            AuthorityHints = reader.FindEntities("authority_hints"),
            TrustAnchorHints = reader.FindEntities("trust_anchor_hints"),
            TrustMarks = ReadTrustMarks(reader, rules),
            TrustMarkIssuers = ReadIssuers(reader),
            TrustMarkOwners = ReadOwners(reader),
            Constraints = ReadConstraints(reader),
            MetadataPolicy = ReadPolicy(reader, rules),
            CriticalOperators = ReadCriticalOperators(reader, rules),
            SourceEndpoint = reader.FindUrl("source_endpoint"),
        };
        CheckPlaces(reader, claims, form);
        CheckCritical(reader, rules);
        fault = reader.Fault;
        return fault is null ? statement : null;
    }

    /// <summary>OIDFed §4.3: statements are what chains are made of, and carry none themselves; an explicit registration request may.</summary>
    private static FederationFault? FindHeaderFault(JsonElement header, StatementForm form)
    {
        foreach (var name in (string[])["trust_chain", "peer_trust_chain"])
        {
            if (header.TryGetProperty(name, out _) && form is not StatementForm.RegistrationRequest)
            {
                return new FederationFault(FaultKind.MisplacedClaim, $"The header of an entity statement must not have {name}.");
            }
        }

        return null;
    }

    private static void CheckPlaces(ClaimsReader reader, JwtClaims claims, StatementForm form)
    {
        var isConfiguration = string.Equals(claims.Issuer, claims.Subject, StringComparison.Ordinal);
        foreach (var name in isConfiguration ? OnlyInSubordinateStatements : OnlyInConfigurations)
        {
            // OIDFed §12.2.3: the answer to a registration names the superior the provider has chosen.
            if (form is not StatementForm.RegistrationResponse || name is not "authority_hints")
            {
                reader.Forbid(name, isConfiguration ? Configuration : Subordinate);
            }
        }

        // A request meant for one provider must be of no use anywhere else, so aud is refused wherever it is not looked at.
        if (form is StatementForm.Statement)
        {
            reader.Forbid("aud", "an entity statement");
        }

        if (form is not StatementForm.RegistrationResponse)
        {
            reader.Forbid("trust_anchor", "an entity statement");
        }
    }

    private static FederationKeys? ReadKeys(ClaimsReader reader, StatementForm form)
    {
        if (form is not StatementForm.RegistrationResponse)
        {
            reader.Require("jwks");
        }

        if (reader.Find("jwks", JsonValueKind.Object) is not { } jwks)
        {
            return null;
        }

        var keys = FederationKeys.TryParse(jwks, out var fault);
        reader.Refuse(fault);
        return keys;
    }

    /// <summary>OIDFed §5: an object of objects, without null in them.</summary>
    private static JsonElement? ReadMetadata(ClaimsReader reader)
    {
        if (reader.Find("metadata", JsonValueKind.Object) is not { } metadata)
        {
            return null;
        }

        foreach (var type in metadata.EnumerateObject())
        {
            reader.Refuse(EntityTypePolicy.FindDefect(type.Value)?.In($"metadata.{FederationFault.Quote(type.Name)}"));
        }

        return metadata;
    }

    private static List<TrustMarkEntry> ReadTrustMarks(ClaimsReader reader, FederationRules rules)
    {
        List<TrustMarkEntry> marks = [];
        foreach (var item in reader.Find("trust_marks", JsonValueKind.Array)?.EnumerateArray() ?? default)
        {
            if (item.ValueKind is not JsonValueKind.Object
                || !item.TryGetProperty("trust_mark_type", out var type) || type.ValueKind is not JsonValueKind.String
                || !item.TryGetProperty("trust_mark", out var mark) || mark.ValueKind is not JsonValueKind.String)
            {
                reader.Refuse(FaultKind.InvalidClaim, "trust_marks is an array of objects with trust_mark_type and trust_mark.");
                return [];
            }

            var entry = new TrustMarkEntry(type.GetString()!, mark.GetString()!);
            if (!string.Equals(TrustMark.PeekType(entry.Jwt, rules), entry.Type, StringComparison.Ordinal))
            {
                reader.Refuse(FaultKind.InvalidClaim, $"trust_marks says {FederationFault.Quote(entry.Type)}, and the trust mark inside does not.");
                return [];
            }

            marks.Add(entry);
        }

        return marks;
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<EntityId>> ReadIssuers(ClaimsReader reader)
    {
        if (reader.Find("trust_mark_issuers", JsonValueKind.Object) is not { } claim)
        {
            return EntityStatement.EmptyIssuers;
        }

        Dictionary<string, IReadOnlyList<EntityId>> issuers = new(StringComparer.Ordinal);
        foreach (var type in claim.EnumerateObject())
        {
            EntityId?[] entities = type.Value.ValueKind is JsonValueKind.Array
                ? [.. type.Value.EnumerateArray().Select(item => item.ValueKind is JsonValueKind.String ? EntityId.TryParse(item.GetString()) : null)]
                : [null];
            if (entities.Contains(null))
            {
                reader.Refuse(FaultKind.InvalidClaim, "trust_mark_issuers is an object of arrays of entity identifiers.");
                return EntityStatement.EmptyIssuers;
            }

            issuers[type.Name] = entities!;
        }

        return issuers;
    }

    private static IReadOnlyDictionary<string, TrustMarkOwner> ReadOwners(ClaimsReader reader)
    {
        if (reader.Find("trust_mark_owners", JsonValueKind.Object) is not { } claim)
        {
            return EntityStatement.EmptyOwners;
        }

        Dictionary<string, TrustMarkOwner> owners = new(StringComparer.Ordinal);
        foreach (var type in claim.EnumerateObject())
        {
            FederationFault? fault = null;
            if (type.Value.ValueKind is not JsonValueKind.Object
                || !type.Value.TryGetProperty("sub", out var sub) || sub.ValueKind is not JsonValueKind.String || EntityId.TryParse(sub.GetString()) is not { } owner
                || !type.Value.TryGetProperty("jwks", out var jwks) || FederationKeys.TryParse(jwks, out fault) is not { } keys)
            {
                reader.Refuse(fault?.In("trust_mark_owners"));
                reader.Refuse(FaultKind.InvalidClaim, "trust_mark_owners is an object of objects with sub, an entity identifier, and jwks.");
                return EntityStatement.EmptyOwners;
            }

            owners[type.Name] = new TrustMarkOwner(owner, keys);
        }

        return owners;
    }

    private static ConstraintSet? ReadConstraints(ClaimsReader reader)
    {
        if (!reader.Members.TryGetProperty("constraints", out var claim))
        {
            return null;
        }

        var constraints = ConstraintSet.TryParse(claim, out var fault);
        reader.Refuse(fault);
        return constraints;
    }

    private static MetadataPolicy? ReadPolicy(ClaimsReader reader, FederationRules rules)
    {
        if (!reader.Members.TryGetProperty("metadata_policy", out var claim))
        {
            return null;
        }

        var policy = MetadataPolicy.TryParse(claim, rules.PolicyOperators, out var fault);
        reader.Refuse(fault?.In("metadata_policy"));
        return policy;
    }

    private static IReadOnlyList<string> ReadCriticalOperators(ClaimsReader reader, FederationRules rules)
    {
        var names = reader.FindTexts("metadata_policy_crit");
        if (names.FirstOrDefault(PolicyOperators.IsStandard) is { } standard)
        {
            reader.Refuse(FaultKind.InvalidClaim, $"metadata_policy_crit must not list {standard}, which the specification defines.");
        }

        reader.Refuse(MetadataPolicy.FindUnknownCritical(names, rules.PolicyOperators));
        return names;
    }

    /// <summary>OIDFed §13.4: what is listed is there, is not the specification's own, and is processed by the caller.</summary>
    private static void CheckCritical(ClaimsReader reader, FederationRules rules)
    {
        foreach (var name in reader.FindTexts("crit"))
        {
            if (StatementClaims.Defined.Contains(name) || !reader.Has(name))
            {
                reader.Refuse(FaultKind.InvalidClaim, $"crit must not list {FederationFault.Quote(name)}, which the specification defines or the statement lacks.");
            }
            else if (!rules.UnderstoodClaims.Contains(name))
            {
                reader.Refuse(FaultKind.UnknownCritical, $"The critical claim {FederationFault.Quote(name)} is not understood.");
            }
        }
    }
}
