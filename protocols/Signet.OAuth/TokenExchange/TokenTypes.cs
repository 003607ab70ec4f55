namespace Signet.OAuth.TokenExchange;

/// <summary>RFC 8693 §3: the identifiers of kinds of tokens.</summary>
public static class TokenTypes
{
    /// <summary>An OAuth access token of this server.</summary>
    public const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";

    /// <summary>An OAuth refresh token of this server.</summary>
    public const string RefreshToken = "urn:ietf:params:oauth:token-type:refresh_token";

    /// <summary>An ID token.</summary>
    public const string IdToken = "urn:ietf:params:oauth:token-type:id_token";

    /// <summary>A JWT of any other kind.</summary>
    public const string Jwt = "urn:ietf:params:oauth:token-type:jwt";

    /// <summary>A base64url-encoded SAML 1.1 assertion.</summary>
    public const string Saml1 = "urn:ietf:params:oauth:token-type:saml1";

    /// <summary>A base64url-encoded SAML 2.0 assertion.</summary>
    public const string Saml2 = "urn:ietf:params:oauth:token-type:saml2";

    /// <summary>
    /// The id of what a person allowed the agent that asks (RFC 8693 §3 leaves room for others' identifiers). It is no secret: only the agent it names
    /// gets anything for it.
    /// </summary>
    public const string AgentConsent = "urn:signet:params:oauth:token-type:agent-consent";

    /// <summary>All of them. Which of them a server takes or makes is for it to say.</summary>
    public static IReadOnlyList<string> All { get; } = [AccessToken, RefreshToken, IdToken, Jwt, Saml1, Saml2, AgentConsent];
}
