using System.Text.Json;
using Signet.Jose;

namespace Signet.OpenIdFederation.Messages;

/// <summary>
/// The keys of one entity type, signed with a federation key: what is at <c>signed_jwks_uri</c> (OIDFed §5.2.1). They are other keys than the
/// federation keys, and may be for encryption.
/// </summary>
public sealed record SignedKeySet
{
    /// <summary>Who signs.</summary>
    public required EntityId Issuer { get; init; }

    /// <summary>Whose keys they are: the issuer's, as a rule.</summary>
    public required EntityId Subject { get; init; }

    /// <summary>The array of JWKs.</summary>
    public required JsonElement Keys { get; init; }

    /// <summary>The <c>iat</c>, written in whole seconds; null when absent.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>The <c>exp</c>, written in whole seconds; null when absent.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Reads and verifies a key set; null, with the reason, when it is not this entity's.</summary>
    /// <param name="jwt">The document.</param>
    /// <param name="entity">The entity in whose metadata the address was found.</param>
    /// <param name="entityKeys">Its federation keys, from its verified chain: no other keys count here.</param>
    /// <param name="now">The moment.</param>
    /// <param name="rules">What is accepted.</param>
    /// <param name="fault">Why not.</param>
    public static SignedKeySet? TryRead(
        string jwt, EntityId entity, FederationKeys entityKeys, DateTimeOffset now, FederationRules rules, out FederationFault? fault)
    {
        if (SignedMessage.TryRead(jwt, JwtTypes.KeySet, rules, out fault) is not { } message)
        {
            return null;
        }

        var reader = new ClaimsReader(message.Claims.Members);
        reader.Require("keys");
        var set = new SignedKeySet
        {
            Issuer = reader.RequireEntity("iss"),
            Subject = reader.RequireEntity("sub"),
            Keys = reader.Find("keys", JsonValueKind.Array) ?? default,
            IssuedAt = message.Claims.IssuedAt,
            ExpiresAt = message.Claims.ExpiresAt,
        };
        fault = reader.Fault
            ?? (set.Issuer != entity ? new FederationFault(FaultKind.WrongIssuer, "The key set is not signed by this entity.") : null)
            ?? (set.Subject != entity ? new FederationFault(FaultKind.WrongSubject, "The key set is another entity's.") : null)
            ?? message.FindTimeFault(now, rules)
            ?? message.FindSignatureFault(entityKeys, rules);
        return fault is null ? set : null;
    }

    /// <summary>The keys that can verify signatures.</summary>
    public Jwks ToJwks() => Jwks.TryParse(Json.ToElement(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("keys"u8);
        Json.WriteRaw(writer, Keys);
        writer.WriteEndObject();
    })) ?? new Jwks([]);

    /// <summary>Signs the key set.</summary>
    /// <exception cref="ArgumentException">A key is a private one.</exception>
    public string Sign(SigningKey key)
    {
        if (Keys.EnumerateArray().Any(jwk => jwk.TryGetProperty("d", out _) || jwk.TryGetProperty("k", out _)))
        {
            throw new ArgumentException("A private key must not be published.", nameof(key));
        }

        return Jwt.Issue(key, JwtTypes.KeySet, this, static (writer, set) =>
        {
            writer.WriteString("iss"u8, set.Issuer.Value);
            writer.WriteString("sub"u8, set.Subject.Value);
            writer.Time("iat"u8, set.IssuedAt);
            writer.Time("exp"u8, set.ExpiresAt);
            writer.Optional("keys"u8, set.Keys);
        });
    }
}
