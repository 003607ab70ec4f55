using System.Text.Json;
using Signet.Jose;

namespace Signet.OpenIdFederation.Messages;

/// <summary>Why a key was revoked, as the specification names it (OIDFed §8.7.3); a federation may have other reasons.</summary>
public static class KeyRevocationReasons
{
    /// <summary>No reason given.</summary>
    public const string Unspecified = "unspecified";

    /// <summary>Somebody else may have the private key.</summary>
    public const string Compromised = "compromised";

    /// <summary>Another key has taken its place.</summary>
    public const string Superseded = "superseded";
}

/// <summary>That a key was revoked.</summary>
/// <param name="RevokedAt">Since when.</param>
/// <param name="Reason">One of <see cref="KeyRevocationReasons"/> or of the federation's own; null when not given.</param>
public sealed record KeyRevocation(DateTimeOffset RevokedAt, string? Reason);

/// <summary>A federation key no longer in use.</summary>
/// <param name="Key">The key, with its <c>kid</c>.</param>
/// <param name="ExpiresAt">When it ended or ends.</param>
public sealed record HistoricalKey(Jwk Key, DateTimeOffset ExpiresAt)
{
    /// <summary>Since when it was in use; null when not said.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>Before which it was not valid; null when not said.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>That it was revoked; null when it only expired.</summary>
    public KeyRevocation? Revocation { get; init; }

    /// <summary>Whether a signature made at this moment counts: within the key's life, and before its revocation.</summary>
    public bool WasValidAt(DateTimeOffset moment) =>
        moment < ExpiresAt && !(moment < NotBefore) && !(moment < IssuedAt) && !(moment >= Revocation?.RevokedAt);
}

/// <summary>The keys an entity has used, signed: an answer of the historical keys endpoint (OIDFed §8.7.2).</summary>
public sealed record HistoricalKeys
{
    /// <summary>The entity.</summary>
    public required EntityId Issuer { get; init; }

    /// <summary>The <c>iat</c>, written in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The keys. Keys read that can't verify signatures are left out.</summary>
    public required IReadOnlyList<HistoricalKey> Keys { get; init; }

    /// <summary>Reads and verifies an answer; null, with the reason, when it is not this entity's.</summary>
    /// <param name="jwt">The answer.</param>
    /// <param name="entity">The entity asked.</param>
    /// <param name="entityKeys">Its current federation keys.</param>
    /// <param name="now">The moment.</param>
    /// <param name="rules">What is accepted.</param>
    /// <param name="fault">Why not.</param>
    public static HistoricalKeys? TryRead(
        string jwt, EntityId entity, FederationKeys entityKeys, DateTimeOffset now, FederationRules rules, out FederationFault? fault)
    {
        if (SignedMessage.TryRead(jwt, JwtTypes.KeySet, rules, out fault) is not { } message)
        {
            return null;
        }

        var reader = new ClaimsReader(message.Claims.Members);
        reader.Require("keys");
        var issuer = reader.RequireEntity("iss");
        var issuedAt = reader.RequireTime("iat", message.Claims.IssuedAt);
        List<HistoricalKey> keys = [];
        HashSet<string> kids = new(StringComparer.Ordinal);
        foreach (var item in reader.Find("keys", JsonValueKind.Array)?.EnumerateArray() ?? default)
        {
            ReadKey(item, kids, keys, reader);
        }

        fault = reader.Fault
            ?? (issuer != entity ? new FederationFault(FaultKind.WrongIssuer, "The answer is not this entity's.") : null)
            ?? message.FindTimeFault(now, rules)
            ?? message.FindSignatureFault(entityKeys, rules);
        return fault is null ? new HistoricalKeys { Issuer = issuer, IssuedAt = issuedAt, Keys = keys } : null;
    }

    /// <summary>Signs the answer.</summary>
    /// <exception cref="ArgumentException">A key has no <c>kid</c>.</exception>
    public string Sign(SigningKey key)
    {
        if (Keys.Any(old => string.IsNullOrEmpty(old.Key.Kid)))
        {
            throw new ArgumentException("Every historical key has a kid.", nameof(key));
        }

        return Jwt.Issue(key, JwtTypes.KeySet, this, static (writer, answer) => answer.WriteTo(writer));
    }

    private static void ReadKey(JsonElement item, HashSet<string> kids, List<HistoricalKey> keys, ClaimsReader reader)
    {
        // A JWK has these times under the names and with the types of JWT claims, so they are read as such.
        if (JwtClaims.TryParse(item) is not { ExpiresAt: { } expiresAt } times || times.FindText("kid") is not { Length: > 0 } kid || !kids.Add(kid))
        {
            reader.Refuse(FaultKind.InvalidKeys, "A historical key is an object with a kid of its own and exp; iat and nbf are times.");
            return;
        }

        KeyRevocation? revocation = null;
        if (item.TryGetProperty("revoked", out var revoked))
        {
            var parts = revoked.ValueKind is JsonValueKind.Object && revoked.TryGetProperty("revoked_at", out var at) && at.ValueKind is JsonValueKind.Number
                && at.TryGetInt64(out var seconds) && seconds is >= 0 and <= 253402300799
                    ? new KeyRevocation(DateTimeOffset.FromUnixTimeSeconds(seconds), revoked.TryGetProperty("reason", out var reason) && reason.ValueKind is JsonValueKind.String ? reason.GetString() : null)
                    : null;
            if (parts is null)
            {
                reader.Refuse(FaultKind.InvalidKeys, "revoked is an object with revoked_at, a time.");
            }

            revocation = parts;
        }

        if (Jwk.TryParse(item, out _) is { } key)
        {
            keys.Add(new HistoricalKey(key, expiresAt) { IssuedAt = times.IssuedAt, NotBefore = times.NotBefore, Revocation = revocation });
        }
    }

    private void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteString("iss"u8, Issuer.Value);
        writer.Time("iat"u8, IssuedAt);
        writer.WriteStartArray("keys"u8);
        foreach (var old in Keys)
        {
            writer.WriteStartObject();
            foreach (var member in Json.ToElement(old.Key.WriteTo).EnumerateObject())
            {
                member.WriteTo(writer);
            }

            writer.Time("iat"u8, old.IssuedAt);
            writer.Time("nbf"u8, old.NotBefore);
            writer.Time("exp"u8, old.ExpiresAt);
            if (old.Revocation is { } revocation)
            {
                writer.WriteStartObject("revoked"u8);
                writer.Time("revoked_at"u8, revocation.RevokedAt);
                writer.Optional("reason"u8, revocation.Reason);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
