using Signet.Jose;

namespace Signet.OAuth.Dpop;

/// <summary>The request a proof must be for.</summary>
public sealed record DpopExpectations
{
    /// <summary>The method of the request, as it was sent.</summary>
    public required string Method { get; init; }

    /// <summary>The absolute http(s) URI of the request as clients see it. Query and fragment do not count (RFC 9449 §4.3 step 9).</summary>
    public required string Uri { get; init; }

    /// <summary>The access token of the request. Null only where there is none, as at the token endpoint.</summary>
    public string? AccessToken { get; init; }

    /// <summary>RFC 9449 §8: whether a nonce is one we gave out not long ago. Null demands none.</summary>
    public Func<string, bool>? AcceptsNonce { get; init; }

    /// <summary>RFC 9449 §11.1: how old a proof may be. Its id must be remembered for this long, and the skew.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How far the clocks may differ; at most <see cref="JwtExpectations.MaxClockSkew"/>.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What can come of verifying a proof.</summary>
public abstract record DpopVerification
{
    private DpopVerification() { }

    /// <summary>The sender holds the key. Good once: the caller keeps <paramref name="Id"/> for as long as the proof may be used.</summary>
    /// <param name="Thumbprint">RFC 9449 §6.1: the <c>jkt</c>, to bind tokens to or to compare with the one they are bound to.</param>
    /// <param name="Id">The <c>jti</c>, unique among the proofs of this key for this URI.</param>
    /// <param name="IssuedAt">The <c>iat</c>.</param>
    public sealed record Valid(string Thumbprint, string Id, DateTimeOffset IssuedAt) : DpopVerification;

    /// <summary>It proves nothing.</summary>
    /// <param name="Defect">Why: for the log.</param>
    public sealed record Refused(DpopDefect Defect) : DpopVerification
    {
        /// <summary>
        /// What the client is told: RFC 9449 §8 where only a nonce of ours is missing, which goes out in the DPoP-Nonce header; else RFC 9449 §5.
        /// </summary>
        public OAuthError Error => Defect is DpopDefect.NonceRequired ? OAuthError.UseDpopNonce : OAuthError.InvalidDpopProof;
    }
}

/// <summary>Why a proof proves nothing.</summary>
public enum DpopDefect
{
    /// <summary>Not a compact JWT in its one spelling, longer than 8192 characters, or a registered claim has the wrong type.</summary>
    Malformed,

    /// <summary><c>typ</c> is not <c>dpop+jwt</c>.</summary>
    UnexpectedType,

    /// <summary><c>alg</c> is symmetric, <c>none</c>, unknown, or not the key's.</summary>
    UnacceptableAlgorithm,

    /// <summary><c>jwk</c> is missing, too weak, not for signatures, or has private members.</summary>
    UnacceptableKey,

    /// <summary>The key did not sign this.</summary>
    BadSignature,

    /// <summary><c>jti</c> is missing, empty or longer than <see cref="DpopProof.MaxIdLength"/>.</summary>
    MissingId,

    /// <summary><c>htm</c> is missing or another method.</summary>
    WrongMethod,

    /// <summary><c>htu</c> is missing or another address.</summary>
    WrongUri,

    /// <summary><c>iat</c> is missing.</summary>
    MissingTime,

    /// <summary><c>iat</c> is too long ago.</summary>
    TooOld,

    /// <summary><c>iat</c> lies in the future.</summary>
    IssuedInTheFuture,

    /// <summary><c>nonce</c> is missing or none of ours.</summary>
    NonceRequired,

    /// <summary><c>ath</c> is missing or of another access token.</summary>
    WrongTokenHash,
}
