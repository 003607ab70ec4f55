using System.Text.Json;
using Signet.Jose;

namespace Signet.OpenIdFederation.TrustMarks;

/// <summary>A trust mark about to be issued (OIDFed §7.1).</summary>
public sealed record TrustMarkDraft
{
    private static readonly string[] Defined = ["iss", "sub", "iat", "exp", "trust_mark_type", "logo_uri", "ref", "delegation"];

    /// <summary>The issuer.</summary>
    public required EntityId Issuer { get; init; }

    /// <summary>The entity the mark is about.</summary>
    public required EntityId Subject { get; init; }

    /// <summary>The <c>trust_mark_type</c>, unlike any of another federation: best a URL of one's own.</summary>
    public required string Type { get; init; }

    /// <summary>The <c>iat</c>, written in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The <c>exp</c>, written in whole seconds; null for a mark that does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A logo.</summary>
    public string? LogoUri { get; init; }

    /// <summary>Where people can read about the mark.</summary>
    public string? Reference { get; init; }

    /// <summary>The owner's leave, a JWT; needed for types that have an owner.</summary>
    public string? Delegation { get; init; }

    /// <summary>An object of claims the specification does not define.</summary>
    public JsonElement? ExtraClaims { get; init; }

    /// <summary>The first of these extra claims that the specification has taken; null when none is.</summary>
    public static string? FindProtected(JsonElement extraClaims) =>
        extraClaims.EnumerateObject().Select(member => member.Name).FirstOrDefault(Defined.Contains);

    /// <summary>Signs the mark.</summary>
    /// <exception cref="ArgumentException">The times are in the wrong order, or an extra claim is one of the specification's.</exception>
    public string Sign(SigningKey key)
    {
        DraftWriter.RequireFree(ExtraClaims, Defined, nameof(ExtraClaims));
        DraftWriter.RequireOrder(IssuedAt, ExpiresAt, nameof(ExpiresAt));
        return Jose.Jwt.Issue(key, JwtTypes.TrustMark, this, static (writer, draft) => draft.WriteTo(writer));
    }

    internal static void WriteEntries(Utf8JsonWriter writer, IReadOnlyList<TrustMarkEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("trust_marks"u8);
        foreach (var entry in entries)
        {
            writer.WriteStartObject();
            writer.WriteString("trust_mark_type"u8, entry.Type);
            writer.WriteString("trust_mark"u8, entry.Jwt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteString("iss"u8, Issuer.Value);
        writer.WriteString("sub"u8, Subject.Value);
        writer.WriteString("trust_mark_type"u8, Type);
        writer.Time("iat"u8, IssuedAt);
        writer.Time("exp"u8, ExpiresAt);
        writer.Optional("logo_uri"u8, LogoUri);
        writer.Optional("ref"u8, Reference);
        writer.Optional("delegation"u8, Delegation);
        writer.Extra(ExtraClaims);
    }
}
