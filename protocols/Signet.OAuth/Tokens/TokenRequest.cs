using Signet.OAuth.Authorization;
using Signet.OAuth.TokenExchange;

namespace Signet.OAuth.Tokens;

/// <summary>A request to the token endpoint, well formed and of a known grant type. Whether the grant is good is for the server to find out.</summary>
public abstract record TokenRequest
{
    /// <summary>RFC 8693 §2.1: the <c>grant_type</c> of a token exchange.</summary>
    public const string TokenExchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";

    /// <summary>RFC 7523 §2.1: the <c>grant_type</c> of an assertion.</summary>
    public const string JwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /// <summary>CIBA Core §10.1: the <c>grant_type</c> of a request the person answers elsewhere.</summary>
    public const string CibaGrant = "urn:openid:params:grant-type:ciba";

    private const int MaxAudiences = 16;

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

    /// <summary>RFC 8693 §2.1: another token for one that is held. Its type identifiers are of <see cref="TokenTypes"/>.</summary>
    /// <param name="Subject">Who the new token is about.</param>
    /// <param name="Actor">Who will use it on the subject's behalf; null where that is the client, or nobody.</param>
    /// <param name="Scope">What is wanted; null for all there is.</param>
    public sealed record TokenExchange(ExchangedToken Subject, ExchangedToken? Actor, ScopeSet? Scope) : TokenRequest
    {
        /// <summary>Logical names of the services the token is for, beside <see cref="TokenRequest.Resources"/>.</summary>
        public IReadOnlyList<string> Audiences { get; init; } = [];

        /// <summary>The kind of token wanted; null leaves it to the server.</summary>
        public string? RequestedTokenType { get; init; }

        /// <summary>RFC 9396 §6.</summary>
        public AuthorizationDetails? AuthorizationDetails { get; init; }

        /// <summary>Without the tokens, so that no log can have them.</summary>
        public override string ToString() => nameof(TokenExchange);
    }

    /// <summary>RFC 7523 §2.1: an assertion by somebody the server trusts.</summary>
    /// <param name="Assertion">The JWT.</param>
    /// <param name="Scope">What is wanted; null for the default.</param>
    public sealed record JwtBearer(string Assertion, ScopeSet? Scope) : TokenRequest
    {
        /// <summary>Without the assertion, so that no log can have it.</summary>
        public override string ToString() => nameof(JwtBearer);
    }

    /// <summary>CIBA Core §10.1: asks whether the person has answered.</summary>
    /// <param name="AuthReqId">What the backchannel authentication endpoint gave out.</param>
    public sealed record Ciba(string AuthReqId) : TokenRequest
    {
        /// <summary>Without the id, so that no log can have it.</summary>
        public override string ToString() => nameof(Ciba);
    }

    /// <summary>The request is refused before any grant is looked at.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Refused(OAuthError Error) : TokenRequest;

    /// <summary>Reads the form of a token request.</summary>
    /// <param name="form">The form.</param>
    /// <param name="extensions">The grants served beside those of RFC 6749.</param>
    public static TokenRequest Read(OAuthParameters form, ExtensionGrants extensions = ExtensionGrants.None)
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
            TokenExchangeGrant when extensions.HasFlag(ExtensionGrants.TokenExchange) => ReadExchange(form, scope),
            JwtBearerGrant when extensions.HasFlag(ExtensionGrants.JwtBearer) =>
                form[OAuthParameter.Assertion] is { } assertion ? new JwtBearer(assertion, scope) : Missing(OAuthParameter.Assertion),
            CibaGrant when extensions.HasFlag(ExtensionGrants.Ciba) =>
                form[OAuthParameter.AuthReqId] is { } id ? new Ciba(id) : Missing(OAuthParameter.AuthReqId),
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

    private static TokenRequest ReadExchange(OAuthParameters form, ScopeSet? scope)
    {
        if (form[OAuthParameter.SubjectToken] is not { } subject)
        {
            return Missing(OAuthParameter.SubjectToken);
        }

        if (form[OAuthParameter.SubjectTokenType] is not { } subjectType || !TokenTypes.All.Contains(subjectType))
        {
            return Missing(OAuthParameter.SubjectTokenType);
        }

        // RFC 8693 §2.1: the actor's type is required with its token, and must not be there without.
        var (actor, actorType) = (form[OAuthParameter.ActorToken], form[OAuthParameter.ActorTokenType]);
        if (actorType is null ? actor is not null : actor is null || !TokenTypes.All.Contains(actorType))
        {
            return Missing(OAuthParameter.ActorTokenType);
        }

        var requested = form[OAuthParameter.RequestedTokenType];
        if (requested is not null && !TokenTypes.All.Contains(requested))
        {
            return Missing(OAuthParameter.RequestedTokenType);
        }

        var audiences = form.All(OAuthParameter.Audience);
        if (audiences.Count > MaxAudiences)
        {
            return new Refused(OAuthError.InvalidTarget);
        }

        AuthorizationDetails? details = null;
        if (form[OAuthParameter.AuthorizationDetails] is { } json && !AuthorizationDetails.TryParse(json, out details))
        {
            return new Refused(OAuthError.InvalidAuthorizationDetails);
        }

        return new TokenExchange(new(subject, subjectType), actor is null ? null : new(actor, actorType!), scope)
        {
            Audiences = audiences,
            RequestedTokenType = requested,
            AuthorizationDetails = details,
        };
    }

    private static Refused Missing(OAuthParameter parameter) => new(OAuthError.InvalidParameter(parameter));
}
