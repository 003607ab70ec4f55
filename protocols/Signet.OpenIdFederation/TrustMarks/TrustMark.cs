using System.Text.Json;
using Signet.Jose;

namespace Signet.OpenIdFederation.TrustMarks;

/// <summary>
/// A trust mark whose form passed (OIDFed §7.1). Whether it may be believed, <see cref="TrustMarkValidation"/> tells.
/// </summary>
public sealed class TrustMark
{
    private readonly SignedMessage message;

    private TrustMark(string jwt, SignedMessage message, ClaimsReader reader)
    {
        Jwt = jwt;
        this.message = message;
        Issuer = reader.RequireEntity("iss");
        Subject = reader.RequireEntity("sub");
        Type = reader.RequireText("trust_mark_type");
        IssuedAt = reader.RequireTime("iat", message.Claims.IssuedAt);
        ExpiresAt = message.Claims.ExpiresAt;
        Delegation = reader.FindText("delegation");
        LogoUri = reader.FindText("logo_uri");
        Reference = reader.FindText("ref");
    }

    /// <summary>The mark as it was received.</summary>
    public string Jwt { get; }

    /// <summary>Who issued it.</summary>
    public EntityId Issuer { get; }

    /// <summary>Whom it is about.</summary>
    public EntityId Subject { get; }

    /// <summary>The <c>trust_mark_type</c>.</summary>
    public string Type { get; }

    /// <summary>The <c>iat</c>.</summary>
    public DateTimeOffset IssuedAt { get; }

    /// <summary>The <c>exp</c>; null when the mark does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>The owner's leave to issue, a JWT; null when absent.</summary>
    public string? Delegation { get; }

    /// <summary>The <c>logo_uri</c>, as written.</summary>
    public string? LogoUri { get; }

    /// <summary>The <c>ref</c>: where people can read about it.</summary>
    public string? Reference { get; }

    /// <summary>All claims.</summary>
    public JsonElement Claims => message.Claims.Members;

    /// <summary>Reads a trust mark; null, with the reason, when its form is wrong. Never throws.</summary>
    public static TrustMark? TryParse(string jwt, FederationRules rules, out FederationFault? fault)
    {
        if (SignedMessage.TryRead(jwt, JwtTypes.TrustMark, rules, out fault) is not { } message)
        {
            return null;
        }

        var reader = new ClaimsReader(message.Claims.Members);
        var mark = new TrustMark(jwt, message, reader);
        fault = reader.Fault;
        return fault is null ? mark : null;
    }

    /// <summary>Why the mark does not hold at a moment; null when it does.</summary>
    public FederationFault? FindTimeFault(DateTimeOffset now, FederationRules rules) => message.FindTimeFault(now, rules);

    /// <summary>Why none of these keys has signed the mark; null when the one of its <c>kid</c> has.</summary>
    public FederationFault? FindSignatureFault(FederationKeys keys, FederationRules rules) => message.FindSignatureFault(keys, rules);

    /// <summary>The type inside a mark nobody has looked at yet; null when there is none.</summary>
    internal static string? PeekType(string jwt, FederationRules rules) =>
        Jws.TryParse(jwt, rules.MaxLength)?.TryReadUnverifiedClaims() is { } claims
        && claims.TryGetProperty("trust_mark_type", out var type) && type.ValueKind is JsonValueKind.String
            ? type.GetString()
            : null;
}
