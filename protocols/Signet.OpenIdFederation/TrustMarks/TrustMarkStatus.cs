using Signet.Jose;

namespace Signet.OpenIdFederation.TrustMarks;

/// <summary>The values of <c>status</c> that the specification defines (OIDFed §8.4.2); a federation may have others.</summary>
public static class TrustMarkStates
{
    /// <summary>The mark is active.</summary>
    public const string Active = "active";

    /// <summary>The mark has expired.</summary>
    public const string Expired = "expired";

    /// <summary>The mark was revoked.</summary>
    public const string Revoked = "revoked";

    /// <summary>The mark's signature does not verify, or something else is wrong with it.</summary>
    public const string Invalid = "invalid";
}

/// <summary>An answer of a trust mark status endpoint (OIDFed §8.4.2).</summary>
public sealed record TrustMarkStatus
{
    /// <summary>Who answers: the issuer of the mark.</summary>
    public required EntityId Issuer { get; init; }

    /// <summary>The mark asked about, whole: so the answer is about this JWT and no other of its type and subject.</summary>
    public required string TrustMark { get; init; }

    /// <summary>One of <see cref="TrustMarkStates"/>, or a value of the federation's own.</summary>
    public required string Status { get; init; }

    /// <summary>The <c>iat</c>, written in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The <c>exp</c>, beyond the specification; null when absent.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Reads and verifies an answer; null, with the reason, when it is not the issuer's or about another mark.</summary>
    /// <param name="jwt">The answer.</param>
    /// <param name="mark">The mark that was asked about.</param>
    /// <param name="issuerKeys">The keys of the mark's issuer, from its verified chain.</param>
    /// <param name="now">The moment.</param>
    /// <param name="rules">What is accepted.</param>
    /// <param name="fault">Why not.</param>
    public static TrustMarkStatus? TryRead(
        string jwt, TrustMark mark, FederationKeys issuerKeys, DateTimeOffset now, FederationRules rules, out FederationFault? fault)
    {
        if (SignedMessage.TryRead(jwt, JwtTypes.TrustMarkStatus, rules, out fault, timesLonger: 2) is not { } message)
        {
            return null;
        }

        var reader = new ClaimsReader(message.Claims.Members);
        var status = new TrustMarkStatus
        {
            Issuer = reader.RequireEntity("iss"),
            TrustMark = reader.RequireText("trust_mark"),
            Status = reader.RequireText("status"),
            IssuedAt = reader.RequireTime("iat", message.Claims.IssuedAt),
            ExpiresAt = message.Claims.ExpiresAt,
        };
        fault = reader.Fault
            ?? (status.Issuer != mark.Issuer ? new FederationFault(FaultKind.WrongIssuer, "The answer is not the mark's issuer's.") : null)
            ?? (!string.Equals(status.TrustMark, mark.Jwt, StringComparison.Ordinal)
                ? new FederationFault(FaultKind.WrongSubject, "The answer is about another mark.")
                : null)
            ?? message.FindTimeFault(now, rules)
            ?? message.FindSignatureFault(issuerKeys, rules);
        return fault is null ? status : null;
    }

    /// <summary>Signs the answer.</summary>
    public string Sign(SigningKey key) => Jwt.Issue(key, JwtTypes.TrustMarkStatus, this, static (writer, status) =>
    {
        writer.WriteString("iss"u8, status.Issuer.Value);
        writer.Time("iat"u8, status.IssuedAt);
        writer.Time("exp"u8, status.ExpiresAt);
        writer.WriteString("trust_mark"u8, status.TrustMark);
        writer.WriteString("status"u8, status.Status);
    });
}
