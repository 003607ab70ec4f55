using System.Text.Json;

namespace Signet.Jose;

/// <summary>
/// A claims set whose registered claims have the types of RFC 7519 §4.1. It says what the token says; whether that may be believed, only
/// <see cref="Jwt"/> can tell.
/// </summary>
public sealed record JwtClaims
{
    // Seconds that a DateTimeOffset can hold.
    private const double FirstSecond = -62135596800;
    private const double LastSecond = 253402300799;

    private JwtClaims(JsonElement members) => Members = members;

    /// <summary>All claims.</summary>
    public JsonElement Members { get; }

    /// <summary>The <c>iss</c>, if any.</summary>
    public string? Issuer { get; private init; }

    /// <summary>The <c>sub</c>, if any.</summary>
    public string? Subject { get; private init; }

    /// <summary>The <c>jti</c>, if any.</summary>
    public string? Id { get; private init; }

    /// <summary>The values of <c>aud</c>, which may be one string or an array; empty when there is none.</summary>
    public IReadOnlyList<string> Audiences { get; private init; } = [];

    /// <summary>The <c>exp</c>, if any.</summary>
    public DateTimeOffset? ExpiresAt { get; private init; }

    /// <summary>The <c>nbf</c>, if any.</summary>
    public DateTimeOffset? NotBefore { get; private init; }

    /// <summary>The <c>iat</c>, if any.</summary>
    public DateTimeOffset? IssuedAt { get; private init; }

    /// <summary>
    /// Reads a payload, whose size the token around it has bounded; null when it is not a strict JSON object or a registered claim has the
    /// wrong type.
    /// </summary>
    public static JwtClaims? TryParse(ReadOnlySpan<byte> payload) =>
        StrictJson.TryParseElement(payload, payload.Length) is { } members ? TryParse(members) : null;

    /// <summary>Reads claims that <see cref="StrictJson"/> has parsed.</summary>
    public static JwtClaims? TryParse(JsonElement members)
    {
        if (members.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        return TryText(members, "iss", out var issuer) && TryText(members, "sub", out var subject) && TryText(members, "jti", out var id)
            && TryAudiences(members, out var audiences)
            && TryTime(members, "exp", out var expiresAt) && TryTime(members, "nbf", out var notBefore) && TryTime(members, "iat", out var issuedAt)
            ? new JwtClaims(members)
            {
                Issuer = issuer,
                Subject = subject,
                Id = id,
                Audiences = audiences,
                ExpiresAt = expiresAt,
                NotBefore = notBefore,
                IssuedAt = issuedAt,
            }
            : null;
    }

    /// <summary>A claim that is a string; null when absent or of another type.</summary>
    public string? FindText(string name) =>
        Members.TryGetProperty(name, out var claim) && claim.ValueKind is JsonValueKind.String ? claim.GetString() : null;

    private static bool TryText(JsonElement members, string name, out string? text)
    {
        text = null;
        if (members.TryGetProperty(name, out var claim))
        {
            text = claim.ValueKind is JsonValueKind.String ? claim.GetString() : null;
            return text is not null;
        }

        return true;
    }

    private static bool TryAudiences(JsonElement members, out IReadOnlyList<string> audiences)
    {
        audiences = [];
        if (!members.TryGetProperty("aud", out var claim))
        {
            return true;
        }

        if (claim.ValueKind is JsonValueKind.String)
        {
            audiences = [claim.GetString()!];
            return true;
        }

        if (claim.ValueKind is not JsonValueKind.Array || claim.EnumerateArray().Any(item => item.ValueKind is not JsonValueKind.String))
        {
            return false;
        }

        audiences = [.. claim.EnumerateArray().Select(item => item.GetString()!)];
        return true;
    }

    /// <summary>NumericDate: seconds since the epoch, with or without a fraction (RFC 7519 §2).</summary>
    private static bool TryTime(JsonElement members, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!members.TryGetProperty(name, out var claim))
        {
            return true;
        }

        if (claim.ValueKind is not JsonValueKind.Number || !claim.TryGetDouble(out var seconds) || seconds is not (>= FirstSecond and <= LastSecond))
        {
            return false;
        }

        // Whole seconds apart from the fraction: their product with ten million ticks would not be exact in a double.
        var whole = Math.Floor(seconds);
        time = DateTimeOffset.FromUnixTimeSeconds((long)whole).AddTicks((long)((seconds - whole) * TimeSpan.TicksPerSecond));
        return true;
    }
}
