namespace Signet.OAuth.Tokens;

/// <summary>A request to the token endpoint, well formed and of a known grant type. Whether the grant is good is for the server to find out.</summary>
public abstract record TokenRequest
{
    private TokenRequest() { }

    /// <summary>RFC 8707 §2.2: where the access token is to be used.</summary>
    public IReadOnlyList<string> Resources { get; private init; } = [];

    /// <summary>RFC 6749 §4.1.3 with RFC 7636 §4.5.</summary>
    /// <param name="Code">The code.</param>
    /// <param name="RedirectUri">Must equal that of the authorization request.</param>
    /// <param name="CodeVerifier">43 to 128 unreserved characters.</param>
    public sealed record AuthorizationCode(string Code, string RedirectUri, string CodeVerifier) : TokenRequest
    {
        /// <summary>Without the code and its proof, so that no log can have them.</summary>
        public override string ToString() => nameof(AuthorizationCode);
    }

    /// <summary>RFC 6749 §6.</summary>
    /// <param name="Token">The refresh token.</param>
    /// <param name="Scope">Less scope than was granted; null for the same.</param>
    public sealed record RefreshToken(string Token, ScopeSet? Scope) : TokenRequest
    {
        /// <summary>Without the token, so that no log can have it.</summary>
        public override string ToString() => nameof(RefreshToken);
    }

    /// <summary>RFC 6749 §4.4.2.</summary>
    /// <param name="Scope">Null for the client's default.</param>
    public sealed record ClientCredentials(ScopeSet? Scope) : TokenRequest;

    /// <summary>The request is refused before any grant is looked at.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Refused(OAuthError Error) : TokenRequest;

    /// <summary>Reads the form of a token request.</summary>
    public static TokenRequest Read(OAuthParameters form)
    {
        ScopeSet? scope = null;
        if (form[OAuthParameter.Scope] is { } text && !ScopeSet.TryParse(text, out scope))
        {
            return new Refused(OAuthError.InvalidScope);
        }

        var resources = form.All(OAuthParameter.Resource);
        if (!ResourceIndicators.AreWellFormed(resources))
        {
            return new Refused(OAuthError.InvalidTarget);
        }

        TokenRequest request = form[OAuthParameter.GrantType] switch
        {
            null => Missing(OAuthParameter.GrantType),
            "authorization_code" => ReadCode(form),
            "refresh_token" when form[OAuthParameter.RefreshToken] is { } token => new RefreshToken(token, scope),
            "refresh_token" => Missing(OAuthParameter.RefreshToken),
            "client_credentials" => new ClientCredentials(scope),
            _ => new Refused(OAuthError.UnsupportedGrantType),
        };
        return request with { Resources = resources };
    }

    private static TokenRequest ReadCode(OAuthParameters form)
    {
        if (form[OAuthParameter.Code] is not { } code)
        {
            return Missing(OAuthParameter.Code);
        }

        if (form[OAuthParameter.RedirectUri] is not { } redirectUri)
        {
            return Missing(OAuthParameter.RedirectUri);
        }

        // RFC 9700 §2.1.1: every code here has a challenge, so a request without verifier can't be the client's own.
        return form[OAuthParameter.CodeVerifier] is { } verifier && Pkce.IsVerifier(verifier)
            ? new AuthorizationCode(code, redirectUri, verifier)
            : Missing(OAuthParameter.CodeVerifier);
    }

    private static Refused Missing(OAuthParameter parameter) => new(OAuthError.InvalidParameter(parameter));
}
