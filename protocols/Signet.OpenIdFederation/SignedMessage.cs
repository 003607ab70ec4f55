using System.Text.Json;
using Signet.Jose;

namespace Signet.OpenIdFederation;

/// <summary>
/// A signed message of the federation, read and not yet believed: its <c>typ</c> is exactly the one expected, its <c>alg</c> one of those
/// accepted, its <c>kid</c> there, its claims strict JSON.
/// </summary>
internal sealed class SignedMessage
{
    private readonly UnverifiedJws jws;
    private readonly string typ;

    // The key a signature was found good under: chains ask for the same signature more than once.
    private volatile Jwk? signer;

    private SignedMessage(UnverifiedJws jws, string typ, string kid, JwtClaims claims)
    {
        this.jws = jws;
        this.typ = typ;
        Kid = kid;
        Claims = claims;
    }

    public string Kid { get; }

    public JwtClaims Claims { get; }

    public JsonElement Header => jws.Header.Members;

    public static SignedMessage? TryRead(string? token, string typ, FederationRules rules, out FederationFault? fault, int timesLonger = 1)
    {
        if (token is null || token.Length > (long)rules.MaxLength * timesLonger)
        {
            fault = new FederationFault(FaultKind.Malformed, $"The JWT is longer than {(long)rules.MaxLength * timesLonger} characters, or missing.");
            return null;
        }

        if (Jws.TryParse(token, token.Length) is not { } jws)
        {
            fault = new FederationFault(FaultKind.Malformed, "This is no signed JWT in compact form.");
            return null;
        }

        fault = FindHeaderFault(jws.Header, typ, rules);
        if (fault is not null)
        {
            return null;
        }

        if (JwtClaims.TryParse(jws.UnverifiedPayload.Span) is not { } claims)
        {
            fault = new FederationFault(FaultKind.Malformed, "The claims are no strict JSON object, or iss, sub, aud, iat or exp has the wrong type.");
            return null;
        }

        return new SignedMessage(jws, typ, jws.Header.Kid!, claims);
    }

    /// <summary>Whether one of these keys, that of the header's <c>kid</c>, signed; null when so.</summary>
    public FederationFault? FindSignatureFault(FederationKeys keys, FederationRules rules)
    {
        if (keys.FindVerification(Kid) is not { } key)
        {
            return new FederationFault(FaultKind.UnknownKey, $"The kid {FederationFault.Quote(Kid)} means no usable key of the issuer.");
        }

        if (signer is { } known && known.IsSameKeyAs(key.Key))
        {
            return null;
        }

        switch (jws.Verify(key, new JwsExpectations { Types = [typ], Algorithms = rules.Algorithms, MaxLength = int.MaxValue }))
        {
            case JwsVerification.Valid:
                signer = key.Key;
                return null;
            case JwsVerification.UnacceptableAlgorithm:
                return new FederationFault(FaultKind.UnacceptableAlgorithm, "The alg is not that of the key.");
            default:
                return new FederationFault(FaultKind.BadSignature, "The signature is not that of the key.");
        }
    }

    /// <summary>OIDFed §3: <c>iat</c> in the past and <c>exp</c> in the future, give or take the skew; null when so.</summary>
    public FederationFault? FindTimeFault(DateTimeOffset now, FederationRules rules)
    {
        if (Claims.IssuedAt - now > rules.ClockSkew || Claims.NotBefore - now > rules.ClockSkew)
        {
            return new FederationFault(FaultKind.NotYetValid, "The message is issued in the future.");
        }

        return now - Claims.ExpiresAt >= rules.ClockSkew ? new FederationFault(FaultKind.Expired, "The message has expired.") : null;
    }

    private static FederationFault? FindHeaderFault(JwsHeader header, string typ, FederationRules rules)
    {
        // As written, without "application/" and in this case: no other kind of token can be meant.
        if (!string.Equals(header.Type, typ, StringComparison.Ordinal))
        {
            return new FederationFault(FaultKind.WrongType, $"The typ is not {typ}.");
        }

        // RFC 9864 §4.1: "EdDSA" means the curve of the key, which is checked with the signature.
        if (!rules.Algorithms.Any(accepted => string.Equals(accepted.Name, header.Algorithm, StringComparison.Ordinal)
            || (accepted.KeyType is KeyType.Okp && header.Algorithm is "EdDSA")))
        {
            return new FederationFault(FaultKind.UnacceptableAlgorithm, $"The alg {FederationFault.Quote(header.Algorithm)} is not accepted.");
        }

        return header.Kid is { Length: > 0 } ? null : new FederationFault(FaultKind.MissingClaim, "The header has no kid.");
    }
}
