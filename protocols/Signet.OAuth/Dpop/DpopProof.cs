using System.Security.Cryptography;
using System.Text;
using Signet.Jose;

namespace Signet.OAuth.Dpop;

/// <summary>
/// A proof that the sender of a request holds a key. Each is for one request: of this method, to this address, now; that it comes once is for the
/// caller to see to, who keeps the ids. <see href="https://www.rfc-editor.org/rfc/rfc9449"/>
/// </summary>
public static class DpopProof
{
    /// <summary>RFC 9449 §4.2: the <c>typ</c>.</summary>
    public const string Type = "dpop+jwt";

    /// <summary>The most characters of a <c>jti</c>.</summary>
    public const int MaxIdLength = 256;

    private const int MaxLength = 8192;

    /// <summary>The algorithms of proofs: every one that is not symmetric (RFC 9449 §4.3 step 5).</summary>
    public static IReadOnlyList<JwsAlgorithm> Algorithms => JwsAlgorithm.All;

    /// <summary>RFC 9449 §4.2: the <c>ath</c> of an access token.</summary>
    public static string HashOf(string accessToken) => StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));

    /// <summary>
    /// Runs the checks of RFC 9449 §4.3 but for the first: the caller must have seen that there is one DPoP header. Where an access token is given, the
    /// caller must still see that it is bound to the thumbprint that comes out (step 12b).
    /// </summary>
    /// <param name="proof">The value of the header.</param>
    /// <param name="expected">The request it came with.</param>
    /// <param name="now">The time.</param>
    public static DpopVerification Verify(string proof, DpopExpectations expected, DateTimeOffset now)
    {
        // Step 2: one well-formed JWT. A list of proofs in one header is none.
        if (Jws.TryParse(proof, MaxLength) is not { } token)
        {
            return new DpopVerification.Refused(DpopDefect.Malformed);
        }

        // Step 7: a key that brings its private half is no Jwk.
        if (!token.Header.Members.TryGetProperty("jwk", out var members) || Jwk.TryParse(members, out _) is not { } jwk)
        {
            return new DpopVerification.Refused(DpopDefect.UnacceptableKey);
        }

        using var key = new VerificationKey(jwk);
        var expectations = new JwtExpectations
        {
            // Steps 4 to 6.
            Jws = new() { Types = [Type], Algorithms = Algorithms },
            Issuer = null,
            Audiences = null,
            RequireExpiry = false,
            // Step 11.
            MaxAge = expected.MaxAge,
            ClockSkew = expected.ClockSkew,
        };
        return Jwt.Judge(token.Verify(key, expectations.Jws), expectations, now) switch
        {
            JwtVerification.Valid valid => Judge(valid.Claims, jwk, expected),
            JwtVerification.Refused refused => new DpopVerification.Refused(DefectOf(refused.Defect)),
            JwtVerification.NotVerified notVerified => new DpopVerification.Refused(DefectOf(notVerified.Reason)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static DpopVerification Judge(JwtClaims claims, Jwk key, DpopExpectations expected)
    {
        var nonce = claims.FindText("nonce");
        DpopDefect? defect =
            // Step 3.
            claims.Id is not { Length: > 0 and <= MaxIdLength } ? DpopDefect.MissingId
            // Step 8: methods are case-sensitive (RFC 9110 §9.1).
            : claims.FindText("htm") != expected.Method ? DpopDefect.WrongMethod
            // Step 9.
            : claims.FindText("htu") is not { } uri || !HttpTarget.AreSame(uri, expected.Uri) ? DpopDefect.WrongUri
            // Step 10.
            : expected.AcceptsNonce is { } accepts && (nonce is null || !accepts(nonce)) ? DpopDefect.NonceRequired
            // Step 12a.
            : expected.AccessToken is { } token && claims.FindText("ath") != HashOf(token) ? DpopDefect.WrongTokenHash
            : null;
        return defect is { } found
            ? new DpopVerification.Refused(found)
            : new DpopVerification.Valid(key.Thumbprint, claims.Id!, claims.IssuedAt!.Value);
    }

    private static DpopDefect DefectOf(JwsVerification reason) => reason switch
    {
        JwsVerification.UnacceptableAlgorithm => DpopDefect.UnacceptableAlgorithm,
        JwsVerification.UnexpectedType => DpopDefect.UnexpectedType,
        JwsVerification.BadSignature => DpopDefect.BadSignature,
        _ => DpopDefect.Malformed,
    };

    private static DpopDefect DefectOf(JwtDefect defect) => defect switch
    {
        JwtDefect.MissingTime => DpopDefect.MissingTime,
        // A proof need not have exp or nbf, but where it has them they hold.
        JwtDefect.TooOld or JwtDefect.Expired => DpopDefect.TooOld,
        JwtDefect.IssuedInTheFuture or JwtDefect.NotYetValid => DpopDefect.IssuedInTheFuture,
        JwtDefect.Malformed or JwtDefect.WrongIssuer or JwtDefect.WrongAudience or JwtDefect.LivesTooLong => DpopDefect.Malformed,
    };
}
