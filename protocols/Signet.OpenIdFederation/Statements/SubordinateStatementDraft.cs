using System.Text.Json;
using Signet.Jose;

namespace Signet.OpenIdFederation.Statements;

/// <summary>
/// What a superior is about to say about a subordinate (OIDFed §3). JSON given here goes into the statement as it is;
/// <see cref="FindFault"/> says whether others will accept it.
/// </summary>
public sealed record SubordinateStatementDraft
{
    /// <summary>The superior.</summary>
    public required EntityId Issuer { get; init; }

    /// <summary>The subordinate.</summary>
    public required EntityId Subject { get; init; }

    /// <summary>The subordinate's federation keys, as the superior knows them.</summary>
    public required FederationKeys SubjectKeys { get; init; }

    /// <summary>The <c>iat</c>, written in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The <c>exp</c>, written in whole seconds.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Metadata by entity type, which override the subject's own.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Policy for the subject's metadata and those of all below it.</summary>
    public JsonElement? MetadataPolicy { get; init; }

    /// <summary>Operators beyond the standard ones that a reader must understand.</summary>
    public IReadOnlyList<string> CriticalOperators { get; init; } = [];

    /// <summary>Constraints for chains through the subject.</summary>
    public JsonElement? Constraints { get; init; }

    /// <summary>The fetch endpoint the statement is served at.</summary>
    public string? SourceEndpoint { get; init; }

    /// <summary>Names of extra claims a reader must understand.</summary>
    public IReadOnlyList<string> Critical { get; init; } = [];

    /// <summary>An object of claims the specification does not define.</summary>
    public JsonElement? ExtraClaims { get; init; }

    /// <summary>Signs the statement.</summary>
    /// <exception cref="ArgumentException">
    /// Issuer and subject are the same, the times are in the wrong order, or an extra claim is one of the specification's.
    /// </exception>
    public string Sign(SigningKey key)
    {
        DraftWriter.RequireFree(ExtraClaims, StatementClaims.Defined, nameof(ExtraClaims));
        DraftWriter.RequireOrder(IssuedAt, ExpiresAt, nameof(ExpiresAt));
        if (Issuer == Subject)
        {
            throw new ArgumentException("A subordinate statement is about another entity.", nameof(key));
        }

        return Jwt.Issue(key, JwtTypes.EntityStatement, this, static (writer, draft) => draft.WriteTo(writer));
    }

    /// <summary>The claims as JSON, for a preview.</summary>
    public byte[] ToUtf8Json() => Json.ToUtf8(writer =>
    {
        writer.WriteStartObject();
        WriteTo(writer);
        writer.WriteEndObject();
    });

    /// <summary>Why readers under these rules would refuse the statement; null when they would not.</summary>
    public FederationFault? FindFault(FederationRules rules) => DraftCheck.FindFault(ToUtf8Json(), rules);

    private void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteString("iss"u8, Issuer.Value);
        writer.WriteString("sub"u8, Subject.Value);
        writer.Time("iat"u8, IssuedAt);
        writer.Time("exp"u8, ExpiresAt);
        writer.Optional("jwks"u8, SubjectKeys);
        writer.Optional("metadata"u8, Metadata);
        writer.Optional("metadata_policy"u8, MetadataPolicy);
        writer.Texts("metadata_policy_crit"u8, CriticalOperators);
        writer.Optional("constraints"u8, Constraints);
        writer.Optional("source_endpoint"u8, SourceEndpoint);
        writer.Texts("crit"u8, Critical);
        writer.Extra(ExtraClaims);
    }
}
