namespace Signet.Jose;

/// <summary>What can come of verifying a JWT.</summary>
public abstract record JwtVerification
{
    private JwtVerification()
    {
    }

    /// <summary>Signed by the key, and every expectation holds at the given time.</summary>
    /// <param name="Header">The protected header.</param>
    /// <param name="Claims">The claims.</param>
    /// <param name="Key">The key that signed.</param>
    public sealed record Valid(JwsHeader Header, JwtClaims Claims, Jwk Key) : JwtVerification;

    /// <summary>The JWS itself was refused.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record NotVerified(JwsVerification Reason) : JwtVerification;

    /// <summary>Signed, but the claims were refused.</summary>
    /// <param name="Defect">The first expectation that does not hold.</param>
    public sealed record Refused(JwtDefect Defect) : JwtVerification;
}

/// <summary>Why the claims of a well-signed JWT were refused.</summary>
public enum JwtDefect
{
    /// <summary>Not a strict JSON object, or a registered claim has the wrong type.</summary>
    Malformed,

    /// <summary><c>iss</c> is missing or another.</summary>
    WrongIssuer,

    /// <summary><c>aud</c> is missing, does not name the recipient, or names others where it must not.</summary>
    WrongAudience,

    /// <summary><c>exp</c> or <c>iat</c> is required and missing.</summary>
    MissingTime,

    /// <summary><c>exp</c> has passed.</summary>
    Expired,

    /// <summary><c>nbf</c> has not come.</summary>
    NotYetValid,

    /// <summary><c>iat</c> lies in the future.</summary>
    IssuedInTheFuture,

    /// <summary><c>iat</c> is longer ago than allowed.</summary>
    TooOld,

    /// <summary><c>exp</c> is further away than allowed.</summary>
    LivesTooLong,
}
