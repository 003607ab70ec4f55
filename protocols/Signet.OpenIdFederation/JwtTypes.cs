namespace Signet.OpenIdFederation;

/// <summary>
/// The <c>typ</c> of each signed message, which keeps one from being taken for another (RFC 8725 §3.11, OIDFed §15). With "application/"
/// before it, each is the content type of the answer that carries it.
/// </summary>
public static class JwtTypes
{
    /// <summary>Entity configurations and subordinate statements (OIDFed §3).</summary>
    public const string EntityStatement = "entity-statement+jwt";

    /// <summary>Trust marks (OIDFed §7).</summary>
    public const string TrustMark = "trust-mark+jwt";

    /// <summary>The owner's leave to issue a trust mark (OIDFed §7.2.1).</summary>
    public const string TrustMarkDelegation = "trust-mark-delegation+jwt";

    /// <summary>Answers of the trust mark status endpoint (OIDFed §8.4.2).</summary>
    public const string TrustMarkStatus = "trust-mark-status-response+jwt";

    /// <summary>Answers of the resolve endpoint (OIDFed §8.3.2).</summary>
    public const string ResolveResponse = "resolve-response+jwt";

    /// <summary>Signed key sets: historical keys (OIDFed §8.7.2) and <c>signed_jwks_uri</c> (OIDFed §5.2.1).</summary>
    public const string KeySet = "jwk-set+jwt";

    /// <summary>Answers to explicit registration (OIDFed §12.2.3).</summary>
    public const string ExplicitRegistrationResponse = "explicit-registration-response+jwt";

    /// <summary>The content type of a trust chain as a JSON array (OIDFed §15); no <c>typ</c>.</summary>
    public const string TrustChainContentType = "application/trust-chain+json";
}
