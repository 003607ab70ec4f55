using System.Diagnostics.CodeAnalysis;
using Signet.Jose;

namespace Signet.OAuth.Clients;

/// <summary>
/// A JWT by which a client proves that it is itself (<c>private_key_jwt</c>). Read first, to learn which client's keys to verify it with; nothing in
/// it is proven before <see cref="Verify"/>. <see href="https://www.rfc-editor.org/rfc/rfc7523"/>
/// </summary>
public sealed class ClientAssertion
{
    /// <summary>RFC 7523 §2.2: the one <c>client_assertion_type</c>.</summary>
    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>The most characters of a <c>jti</c>.</summary>
    public const int MaxIdLength = 256;

    /// <summary>Longest time from now to <c>exp</c> unless the caller says otherwise.</summary>
    public static readonly TimeSpan DefaultMaxLifetime = TimeSpan.FromMinutes(5);

    private readonly UnverifiedJws token;

    private ClientAssertion(UnverifiedJws token, string clientId) => (this.token, ClientId) = (token, clientId);

    /// <summary>The algorithms of client keys: every one that is not symmetric. RSA keys below 2048 bits are no <see cref="Jwk"/>.</summary>
    public static IReadOnlyList<JwsAlgorithm> Algorithms => JwsAlgorithm.All;

    /// <summary>The claimed client: whose keys to verify with, and whom to count failures for.</summary>
    public string ClientId { get; }

    /// <summary>Reads an assertion without judging its signature; false, with the reason, when it can't be one.</summary>
    public static bool TryRead(
        ClientAuthentication.Assertion offered,
        [NotNullWhen(true)] out ClientAssertion? assertion,
        [NotNullWhen(false)] out ClientAssertionDefect? defect)
    {
        assertion = null;
        if (Jws.TryParse(offered.Jwt, OAuthParameter.ClientAssertion.MaxLength) is not { } token
            || token.TryReadUnverifiedClaims() is not { } members || JwtClaims.TryParse(members) is not { Subject: { Length: > 0 } subject } claims)
        {
            defect = ClientAssertionDefect.Malformed;
            return false;
        }

        // RFC 7523 §3 steps 1 and 2B: both name the client.
        if (!string.Equals(claims.Issuer, subject, StringComparison.Ordinal) || !OAuthParameter.ClientId.Accepts(subject))
        {
            defect = ClientAssertionDefect.IssuerIsNotSubject;
            return false;
        }

        // RFC 7521 §4.2: a client_id beside the assertion is unnecessary, but must name the same client.
        defect = offered.ClientId is { } beside && !string.Equals(beside, subject, StringComparison.Ordinal) ? ClientAssertionDefect.AnotherClient : null;
        assertion = defect is null ? new(token, subject) : null;
        return assertion is not null;
    }

    /// <summary>Verifies with the client's own keys. The caller must see to it that the id of a valid assertion is used once, until it expires.</summary>
    /// <param name="keys">The keys registered for <see cref="ClientId"/>.</param>
    /// <param name="issuer">
    /// Our issuer, which must be the sole <c>aud</c>. The token endpoint's URL does not do: an audience that other servers can choose for themselves
    /// lets them pass assertions on to us (draft-ietf-oauth-rfc7523bis).
    /// </param>
    /// <param name="now">The time.</param>
    /// <param name="maxLifetime">Longest time from now to <c>exp</c>; <see cref="DefaultMaxLifetime"/> when null.</param>
    public ClientAssertionVerification Verify(Jwks keys, string issuer, DateTimeOffset now, TimeSpan? maxLifetime = null)
    {
        var expected = new JwtExpectations
        {
            // RFC 7523bis names the second type; the assertions of today say JWT or nothing.
            Jws = new() { Types = ["JWT", "client-authentication+jwt"], TypeMayBeAbsent = true, Algorithms = Algorithms },
            Issuer = ClientId,
            Audiences = [issuer],
            SoleAudience = true,
            MaxLifetime = maxLifetime ?? DefaultMaxLifetime,
        };
        return Jwt.Judge(token.Verify(keys, expected.Jws), expected, now) switch
        {
            // OIDC Core §9: jti is required here, so that an assertion can be used once.
            JwtVerification.Valid { Claims: { Id: { Length: > 0 and <= MaxIdLength } id, ExpiresAt: { } expiresAt } } valid =>
                new ClientAssertionVerification.Valid(ClientId, id, expiresAt, valid.Key),
            JwtVerification.Valid => new ClientAssertionVerification.Refused(ClientAssertionDefect.MissingId),
            JwtVerification.Refused refused => new ClientAssertionVerification.Refused(DefectOf(refused.Defect)),
            JwtVerification.NotVerified notVerified => new ClientAssertionVerification.Refused(DefectOf(notVerified.Reason)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static ClientAssertionDefect DefectOf(JwsVerification reason) => reason switch
    {
        JwsVerification.UnacceptableAlgorithm => ClientAssertionDefect.UnacceptableAlgorithm,
        JwsVerification.UnexpectedType => ClientAssertionDefect.UnexpectedType,
        JwsVerification.UnknownKey => ClientAssertionDefect.UnknownKey,
        JwsVerification.BadSignature => ClientAssertionDefect.BadSignature,
        _ => ClientAssertionDefect.Malformed,
    };

    private static ClientAssertionDefect DefectOf(JwtDefect defect) => defect switch
    {
        JwtDefect.Malformed => ClientAssertionDefect.Malformed,
        JwtDefect.WrongIssuer => ClientAssertionDefect.IssuerIsNotSubject,
        JwtDefect.WrongAudience => ClientAssertionDefect.WrongAudience,
        JwtDefect.MissingTime => ClientAssertionDefect.MissingExpiry,
        JwtDefect.Expired => ClientAssertionDefect.Expired,
        JwtDefect.NotYetValid => ClientAssertionDefect.NotYetValid,
        JwtDefect.IssuedInTheFuture => ClientAssertionDefect.IssuedInTheFuture,
        // iat needs not be recent: exp alone says how long an assertion can be used.
        JwtDefect.TooOld or JwtDefect.LivesTooLong => ClientAssertionDefect.LivesTooLong,
    };
}
