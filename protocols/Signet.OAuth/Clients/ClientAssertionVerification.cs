using Signet.Jose;

namespace Signet.OAuth.Clients;

/// <summary>What can come of verifying a client's assertion. On the wire every refusal is <c>invalid_client</c>, in the same words.</summary>
public abstract record ClientAssertionVerification
{
    private ClientAssertionVerification() { }

    /// <summary>The client's key signed it, for us, not long ago. Good once: the caller keeps <paramref name="Id"/> until it expires.</summary>
    /// <param name="ClientId">The client.</param>
    /// <param name="Id">The <c>jti</c>, unique among the client's assertions; at most <see cref="ClientAssertion.MaxIdLength"/> characters.</param>
    /// <param name="ExpiresAt">The <c>exp</c>; the clocks' skew comes on top.</param>
    /// <param name="Key">The key that signed.</param>
    public sealed record Valid(string ClientId, string Id, DateTimeOffset ExpiresAt, Jwk Key) : ClientAssertionVerification;

    /// <summary>It proves nothing.</summary>
    /// <param name="Defect">Why: for the log and the audit, never for the wire.</param>
    public sealed record Refused(ClientAssertionDefect Defect) : ClientAssertionVerification;
}

/// <summary>Why an assertion does not prove its client.</summary>
public enum ClientAssertionDefect
{
    /// <summary>Not a compact JWT in its one spelling, without <c>sub</c>, or a registered claim has the wrong type.</summary>
    Malformed,

    /// <summary><c>iss</c> is missing or another than <c>sub</c>, or they are no client id.</summary>
    IssuerIsNotSubject,

    /// <summary>The <c>client_id</c> beside it names another client.</summary>
    AnotherClient,

    /// <summary><c>alg</c> is symmetric, <c>none</c>, unknown, or not the key's.</summary>
    UnacceptableAlgorithm,

    /// <summary><c>typ</c> is that of another kind of token.</summary>
    UnexpectedType,

    /// <summary>No key of the client, or more than one, is meant by the header. A key set at an address may be fetched anew, once.</summary>
    UnknownKey,

    /// <summary>The key exists, and did not sign this.</summary>
    BadSignature,

    /// <summary><c>aud</c> is not our issuer alone.</summary>
    WrongAudience,

    /// <summary><c>exp</c> is missing.</summary>
    MissingExpiry,

    /// <summary><c>exp</c> has passed.</summary>
    Expired,

    /// <summary><c>exp</c> is further away than allowed.</summary>
    LivesTooLong,

    /// <summary><c>nbf</c> has not come.</summary>
    NotYetValid,

    /// <summary><c>iat</c> lies in the future.</summary>
    IssuedInTheFuture,

    /// <summary><c>jti</c> is missing, empty or too long.</summary>
    MissingId,
}
