using System.Text.Json;
using Signet.OpenIdFederation.Policy;
using Signet.OpenIdFederation.TrustMarks;

namespace Signet.OpenIdFederation.Statements;

/// <summary>
/// An entity statement whose form passed every check that needs no key and no clock. Whether it may be believed, its signature and times tell:
/// <see cref="FindSignatureFault"/>, <see cref="FindTimeFault"/>.
/// <see href="https://openid.net/specs/openid-federation-1_0.html"/>
/// </summary>
public sealed class EntityStatement
{
    private readonly SignedMessage message;

    internal EntityStatement(string jwt, SignedMessage message)
    {
        Jwt = jwt;
        this.message = message;
    }

    /// <summary>The statement as it was received.</summary>
    public string Jwt { get; }

    /// <summary>The <c>kid</c> of the header.</summary>
    public string Kid => message.Kid;

    /// <summary>All claims.</summary>
    public JsonElement Claims => message.Claims.Members;

    /// <summary>The <c>iss</c>.</summary>
    public required EntityId Issuer { get; init; }

    /// <summary>The <c>sub</c>.</summary>
    public required EntityId Subject { get; init; }

    /// <summary>The <c>iat</c>.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The <c>exp</c>.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The <c>jwks</c>: the subject's federation keys. Null only in an explicit registration response that leaves them out.</summary>
    public required FederationKeys? Keys { get; init; }

    /// <summary>The <c>metadata</c> by entity type, none of them null; null when absent.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The immediate superiors an entity names; empty when absent.</summary>
    public IReadOnlyList<EntityId> AuthorityHints { get; init; } = [];

    /// <summary>The trust anchors an entity names; empty when absent.</summary>
    public IReadOnlyList<EntityId> TrustAnchorHints { get; init; } = [];

    /// <summary>The trust marks an entity shows, none of them verified.</summary>
    public IReadOnlyList<TrustMarkEntry> TrustMarks { get; init; } = [];

    /// <summary>Types of trust marks and who may issue them; an empty list means anyone. Only a trust anchor's counts.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<EntityId>> TrustMarkIssuers { get; init; } = EmptyIssuers;

    /// <summary>Types of trust marks and their owners. Only a trust anchor's counts.</summary>
    public IReadOnlyDictionary<string, TrustMarkOwner> TrustMarkOwners { get; init; } = EmptyOwners;

    /// <summary>The <c>constraints</c> a superior sets; null when absent.</summary>
    public ConstraintSet? Constraints { get; init; }

    /// <summary>The <c>metadata_policy</c> a superior sets; null when absent.</summary>
    public MetadataPolicy? MetadataPolicy { get; init; }

    /// <summary>The policy operators a superior calls critical, all of them understood.</summary>
    public IReadOnlyList<string> CriticalOperators { get; init; } = [];

    /// <summary>Where the statement was fetched, as its issuer says; null when absent.</summary>
    public string? SourceEndpoint { get; init; }

    /// <summary>Whether this is an entity configuration: issued by the entity about itself.</summary>
    public bool IsConfiguration => Issuer == Subject;

    /// <summary>
    /// Where the entity answers for its subordinates; null when it has no such endpoint, or an unusable one. OIDFed §8.1: it counts only from an
    /// entity configuration.
    /// </summary>
    public string? FetchEndpoint =>
        IsConfiguration && Metadata is { } metadata && metadata.TryGetProperty(EntityTypes.FederationEntity, out var federation)
        && federation.TryGetProperty("federation_fetch_endpoint", out var endpoint) && endpoint.ValueKind is JsonValueKind.String
        && ClaimsReader.IsHttpsUrl(endpoint.GetString()!)
            ? endpoint.GetString()
            : null;

    internal JsonElement Header => message.Header;

    internal IReadOnlyList<string> Audiences => message.Claims.Audiences;

    internal static IReadOnlyDictionary<string, IReadOnlyList<EntityId>> EmptyIssuers { get; } = new Dictionary<string, IReadOnlyList<EntityId>>(StringComparer.Ordinal);

    internal static IReadOnlyDictionary<string, TrustMarkOwner> EmptyOwners { get; } = new Dictionary<string, TrustMarkOwner>(StringComparer.Ordinal);

    /// <summary>Reads an entity configuration or subordinate statement; null, with the reason, when its form is wrong. Never throws.</summary>
    public static EntityStatement? TryParse(string jwt, FederationRules rules, out FederationFault? fault) =>
        EntityStatementReader.TryRead(jwt, StatementForm.Statement, rules, out fault);

    /// <summary>Reads what an entity publishes about itself, and believes it as far as an entity can be believed about itself.</summary>
    /// <param name="jwt">The document found at <see cref="EntityId.ConfigurationUrl"/>.</param>
    /// <param name="entity">The entity that was asked.</param>
    /// <param name="now">The moment.</param>
    /// <param name="rules">What is accepted.</param>
    /// <param name="fault">Why not.</param>
    public static EntityStatement? TryReadConfiguration(string jwt, EntityId entity, DateTimeOffset now, FederationRules rules, out FederationFault? fault)
    {
        if (TryParse(jwt, rules, out fault) is not { } statement)
        {
            return null;
        }

        fault = statement.Subject != entity ? new FederationFault(FaultKind.WrongSubject, $"sub is not {FederationFault.Quote(entity.Value)}.")
            : !statement.IsConfiguration ? new FederationFault(FaultKind.WrongIssuer, "An entity configuration is issued by its subject.")
            : statement.FindTimeFault(now, rules) ?? statement.FindSignatureFault(statement.Keys!, rules);
        return fault is null ? statement : null;
    }

    /// <summary>Reads what a superior says about a subordinate.</summary>
    /// <param name="jwt">The answer of the superior's fetch endpoint.</param>
    /// <param name="superior">The superior's entity configuration, verified before.</param>
    /// <param name="subject">The entity asked about.</param>
    /// <param name="now">The moment.</param>
    /// <param name="rules">What is accepted.</param>
    /// <param name="fault">Why not.</param>
    public static EntityStatement? TryReadSubordinate(
        string jwt, EntityStatement superior, EntityId subject, DateTimeOffset now, FederationRules rules, out FederationFault? fault)
    {
        if (TryParse(jwt, rules, out fault) is not { } statement)
        {
            return null;
        }

        // OIDFed §3: the kid must be that of a key in the issuer's own configuration; the chain asks again for the key its superior vouches for.
        fault = statement.Issuer != superior.Subject ? new FederationFault(FaultKind.WrongIssuer, $"iss is not {FederationFault.Quote(superior.Subject.Value)}.")
            : statement.Subject != subject ? new FederationFault(FaultKind.WrongSubject, $"sub is not {FederationFault.Quote(subject.Value)}.")
            : statement.IsConfiguration ? new FederationFault(FaultKind.WrongSubject, "A subordinate statement is about another entity than its issuer.")
            : statement.FindTimeFault(now, rules) ?? statement.FindSignatureFault(superior.Keys!, rules);
        return fault is null ? statement : null;
    }

    /// <summary>Why the statement does not hold at a moment; null when it does.</summary>
    public FederationFault? FindTimeFault(DateTimeOffset now, FederationRules rules) => message.FindTimeFault(now, rules);

    /// <summary>Why none of these keys has signed the statement; null when the one of its <c>kid</c> has.</summary>
    public FederationFault? FindSignatureFault(FederationKeys keys, FederationRules rules) => message.FindSignatureFault(keys, rules);
}
