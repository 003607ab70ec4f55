using System.Text.Json;
using Signet.Jose;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.Statements;

namespace Signet.OpenIdFederation.Messages;

/// <summary>A provider's answer to explicit registration (OIDFed §12.2.3).</summary>
public sealed record RegistrationResponse
{
    /// <summary>The provider.</summary>
    public required EntityId Provider { get; init; }

    /// <summary>The relying party: subject and only audience.</summary>
    public required EntityId RelyingParty { get; init; }

    /// <summary>The <c>iat</c>, written in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When the registration ends: no later than the chain it was made by.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The trust anchor the provider has chosen.</summary>
    public required EntityId TrustAnchor { get; init; }

    /// <summary>The relying party's immediate superior in the chain the provider has chosen.</summary>
    public required EntityId Superior { get; init; }

    /// <summary>What was registered, by entity type; with <c>client_id</c>.</summary>
    public required JsonElement Metadata { get; init; }

    /// <summary>The relying party's federation keys, as it sent them; null when left out.</summary>
    public FederationKeys? Keys { get; init; }

    /// <summary>Reads and verifies an answer; null, with the reason, when anything in it is not as it must be (OIDFed §12.2.5).</summary>
    /// <param name="jwt">The answer.</param>
    /// <param name="providerChain">The provider's chain, resolved before the request: the keys its immediate superior vouches for count.</param>
    /// <param name="request">The configuration that was sent.</param>
    /// <param name="anchors">The trust anchors we have.</param>
    /// <param name="now">The moment.</param>
    /// <param name="rules">What is accepted.</param>
    /// <param name="fault">Why not.</param>
    public static RegistrationResponse? TryRead(
        string jwt, TrustChain providerChain, EntityConfigurationDraft request, IReadOnlyList<TrustAnchor> anchors, DateTimeOffset now, FederationRules rules,
        out FederationFault? fault)
    {
        if (EntityStatementReader.TryRead(jwt, StatementForm.RegistrationResponse, rules, out fault) is not { } statement)
        {
            return null;
        }

        var reader = new ClaimsReader(statement.Claims);
        reader.Require("metadata");
        reader.Require("aud");
        var anchor = reader.RequireEntity("trust_anchor");
        fault = reader.Fault
            ?? FindFault(statement, anchor, providerChain, request, anchors)
            ?? statement.FindTimeFault(now, rules)
            ?? statement.FindSignatureFault((providerChain.Statements.Count > 1 ? providerChain.Statements[1] : providerChain.Configuration).Keys!, rules);
        return fault is not null ? null : new RegistrationResponse
        {
            Provider = statement.Issuer,
            RelyingParty = statement.Subject,
            IssuedAt = statement.IssuedAt,
            ExpiresAt = statement.ExpiresAt,
            TrustAnchor = anchor,
            Superior = statement.AuthorityHints[0],
            Metadata = statement.Metadata!.Value,
            Keys = statement.Keys,
        };
    }

    /// <summary>Signs the answer.</summary>
    /// <exception cref="ArgumentException">The times are in the wrong order.</exception>
    public string Sign(SigningKey key)
    {
        DraftWriter.RequireOrder(IssuedAt, ExpiresAt, nameof(ExpiresAt));
        return Jwt.Issue(key, JwtTypes.ExplicitRegistrationResponse, this, static (writer, response) =>
        {
            writer.WriteString("iss"u8, response.Provider.Value);
            writer.WriteString("sub"u8, response.RelyingParty.Value);
            writer.WriteString("aud"u8, response.RelyingParty.Value);
            writer.Time("iat"u8, response.IssuedAt);
            writer.Time("exp"u8, response.ExpiresAt);
            writer.WriteString("trust_anchor"u8, response.TrustAnchor.Value);
            writer.Entities("authority_hints"u8, [response.Superior]);
            writer.Optional("metadata"u8, response.Metadata);
            writer.Optional("jwks"u8, response.Keys);
        });
    }

    private static FederationFault? FindFault(
        EntityStatement statement, EntityId anchor, TrustChain providerChain, EntityConfigurationDraft request, IReadOnlyList<TrustAnchor> anchors)
    {
        if (statement.Issuer != providerChain.Subject)
        {
            return new FederationFault(FaultKind.WrongIssuer, "The answer is not the provider's.");
        }

        if (statement.Subject != request.Entity)
        {
            return new FederationFault(FaultKind.WrongSubject, "The answer is about another entity.");
        }

        if (statement.Audiences is not [var audience] || !request.Entity.Is(audience))
        {
            return new FederationFault(FaultKind.WrongAudience, "aud is not this relying party alone.");
        }

        if (!anchors.Any(known => known.Id == anchor))
        {
            return new FederationFault(FaultKind.UntrustedAnchor, "trust_anchor is none of ours.");
        }

        if (statement.AuthorityHints is not [var superior] || !request.AuthorityHints.Contains(superior))
        {
            return new FederationFault(FaultKind.InvalidClaim, "authority_hints is not one of those that were sent.");
        }

        return TypesOf(statement.Metadata).SetEquals(TypesOf(request.Metadata))
            ? null
            : new FederationFault(FaultKind.InvalidMetadata, "The entity types registered are not those that were sent.");
    }

    private static HashSet<string> TypesOf(JsonElement? metadata) => [.. (metadata?.EnumerateObject() ?? default).Select(type => type.Name)];
}
