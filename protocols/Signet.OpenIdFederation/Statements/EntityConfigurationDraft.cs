using System.Text.Json;
using Signet.Jose;
using Signet.OpenIdFederation.TrustMarks;

namespace Signet.OpenIdFederation.Statements;

/// <summary>
/// What an entity is about to publish about itself (OIDFed §3). JSON given here goes into the statement as it is, so that making ten thousand
/// costs ten thousand signatures and little else; <see cref="FindFault"/> says whether others will accept it.
/// </summary>
public sealed record EntityConfigurationDraft
{
    /// <summary>The entity.</summary>
    public required EntityId Entity { get; init; }

    /// <summary>Its federation keys: those in use, and those announced.</summary>
    public required FederationKeys Keys { get; init; }

    /// <summary>The <c>iat</c>, written in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The <c>exp</c>, written in whole seconds.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Metadata by entity type.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The immediate superiors; none for a trust anchor without any.</summary>
    public IReadOnlyList<EntityId> AuthorityHints { get; init; } = [];

    /// <summary>Trust anchors to mention.</summary>
    public IReadOnlyList<EntityId> TrustAnchorHints { get; init; } = [];

    /// <summary>Trust marks to show.</summary>
    public IReadOnlyList<TrustMarkEntry> TrustMarks { get; init; } = [];

    /// <summary>For a trust anchor: types of trust marks and arrays of who may issue them.</summary>
    public JsonElement? TrustMarkIssuers { get; init; }

    /// <summary>For a trust anchor: types of trust marks and their owners.</summary>
    public JsonElement? TrustMarkOwners { get; init; }

    /// <summary>Names of extra claims a reader must understand.</summary>
    public IReadOnlyList<string> Critical { get; init; } = [];

    /// <summary>An object of claims the specification does not define.</summary>
    public JsonElement? ExtraClaims { get; init; }

    /// <summary>Signs the configuration.</summary>
    /// <exception cref="ArgumentException">
    /// The key is none of <see cref="Keys"/>, the times are in the wrong order, or an extra claim is one of the specification's.
    /// </exception>
    public string Sign(SigningKey key)
    {
        Require(key);
        return Jwt.Issue(key, JwtTypes.EntityStatement, this, static (writer, draft) => draft.WriteTo(writer));
    }

    /// <summary>The claims as JSON, for a preview.</summary>
    public byte[] ToUtf8Json() => Json.ToUtf8(writer =>
    {
        writer.WriteStartObject();
        WriteTo(writer);
        writer.WriteEndObject();
    });

    /// <summary>Why readers under these rules would refuse the configuration; null when they would not.</summary>
    public FederationFault? FindFault(FederationRules rules) => DraftCheck.FindFault(ToUtf8Json(), rules);

    internal void Require(SigningKey key)
    {
        DraftWriter.RequireFree(ExtraClaims, StatementClaims.Defined, nameof(ExtraClaims));
        DraftWriter.RequireOrder(IssuedAt, ExpiresAt, nameof(ExpiresAt));
        if (!Keys.Kids.Contains(key.Kid))
        {
            throw new ArgumentException("Nobody could verify a configuration signed with a key that is not in it.", nameof(key));
        }
    }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteString("iss"u8, Entity.Value);
        writer.WriteString("sub"u8, Entity.Value);
        writer.Time("iat"u8, IssuedAt);
        writer.Time("exp"u8, ExpiresAt);
        writer.Optional("jwks"u8, Keys);
        writer.Optional("metadata"u8, Metadata);
        writer.Entities("authority_hints"u8, AuthorityHints);
        writer.Entities("trust_anchor_hints"u8, TrustAnchorHints);
        TrustMarkDraft.WriteEntries(writer, TrustMarks);
        writer.Optional("trust_mark_issuers"u8, TrustMarkIssuers);
        writer.Optional("trust_mark_owners"u8, TrustMarkOwners);
        writer.Texts("crit"u8, Critical);
        writer.Extra(ExtraClaims);
    }
}
