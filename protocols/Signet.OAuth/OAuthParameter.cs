using System.Buffers;
using System.Collections.Frozen;

namespace Signet.OAuth;

/// <summary>A parameter this library reads, and what any value of it must be before anything looks at it. Others are never read (RFC 6749 §3.1).</summary>
public sealed class OAuthParameter
{
    // RFC 6749 §A: VSCHAR.
    private static readonly SearchValues<char> Visible = SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Select(c => (char)c)]);
    private readonly Characters characters;

    private OAuthParameter(string name, int maxLength, Characters characters, bool mayRepeat = false) =>
        (Name, MaxLength, this.characters, MayRepeat) = (name, maxLength, characters, mayRepeat);

    private enum Characters
    {
        /// <summary>RFC 6749 §A: printable ASCII and the space.</summary>
        Visible,

        /// <summary>Any text without control characters.</summary>
        Text,

        /// <summary>Text in which JSON's own white space may stand.</summary>
        Json,
    }

    /// <summary>The name on the wire.</summary>
    public string Name { get; }

    /// <summary>The most characters a value may have.</summary>
    public int MaxLength { get; }

    /// <summary>Whether a request may have it several times.</summary>
    public bool MayRepeat { get; }

    /// <summary>RFC 6749 §2.2.</summary>
    public static OAuthParameter ClientId { get; } = new("client_id", 2048, Characters.Visible);

    /// <summary>RFC 6749 §2.3.1.</summary>
    public static OAuthParameter ClientSecret { get; } = new("client_secret", 512, Characters.Visible);

    /// <summary>RFC 7521 §4.2.</summary>
    public static OAuthParameter ClientAssertion { get; } = new("client_assertion", 16_384, Characters.Visible);

    /// <summary>RFC 7521 §4.2.</summary>
    public static OAuthParameter ClientAssertionType { get; } = new("client_assertion_type", 256, Characters.Visible);

    /// <summary>RFC 6749 §3.1.1.</summary>
    public static OAuthParameter ResponseType { get; } = new("response_type", 128, Characters.Visible);

    /// <summary>OAuth 2.0 Multiple Response Types §2.1.</summary>
    public static OAuthParameter ResponseMode { get; } = new("response_mode", 64, Characters.Visible);

    /// <summary>RFC 6749 §3.1.2.</summary>
    public static OAuthParameter RedirectUri { get; } = new("redirect_uri", 2048, Characters.Visible);

    /// <summary>RFC 6749 §3.3.</summary>
    public static OAuthParameter Scope { get; } = new("scope", 4096, Characters.Visible);

    /// <summary>RFC 6749 §4.1.1.</summary>
    public static OAuthParameter State { get; } = new("state", 4096, Characters.Visible);

    /// <summary>RFC 7636 §4.3.</summary>
    public static OAuthParameter CodeChallenge { get; } = new("code_challenge", 128, Characters.Visible);

    /// <summary>RFC 7636 §4.3.</summary>
    public static OAuthParameter CodeChallengeMethod { get; } = new("code_challenge_method", 32, Characters.Visible);

    /// <summary>OIDC Core §3.1.2.1.</summary>
    public static OAuthParameter Nonce { get; } = new("nonce", 512, Characters.Text);

    /// <summary>OIDC Core §3.1.2.1.</summary>
    public static OAuthParameter Prompt { get; } = new("prompt", 128, Characters.Visible);

    /// <summary>OIDC Core §3.1.2.1.</summary>
    public static OAuthParameter MaxAge { get; } = new("max_age", 16, Characters.Visible);

    /// <summary>OIDC Core §3.1.2.1.</summary>
    public static OAuthParameter UiLocales { get; } = new("ui_locales", 256, Characters.Visible);

    /// <summary>OIDC Core §3.1.2.1.</summary>
    public static OAuthParameter IdTokenHint { get; } = new("id_token_hint", 16_384, Characters.Visible);

    /// <summary>OIDC Core §3.1.2.1.</summary>
    public static OAuthParameter LoginHint { get; } = new("login_hint", 512, Characters.Text);

    /// <summary>OIDC Core §3.1.2.1.</summary>
    public static OAuthParameter AcrValues { get; } = new("acr_values", 1024, Characters.Visible);

    /// <summary>OIDC Core §6.1.</summary>
    public static OAuthParameter Request { get; } = new("request", 65_536, Characters.Visible);

    /// <summary>OIDC Core §6.2, RFC 9126 §4.</summary>
    public static OAuthParameter RequestUri { get; } = new("request_uri", 2048, Characters.Visible);

    /// <summary>OIDC Core §7.2.1.</summary>
    public static OAuthParameter Registration { get; } = new("registration", 16_384, Characters.Json);

    /// <summary>RFC 8707 §2: may repeat.</summary>
    public static OAuthParameter Resource { get; } = new("resource", 2048, Characters.Visible, mayRepeat: true);

    /// <summary>RFC 6749 §4.1.3.</summary>
    public static OAuthParameter GrantType { get; } = new("grant_type", 128, Characters.Visible);

    /// <summary>RFC 6749 §4.1.3.</summary>
    public static OAuthParameter Code { get; } = new("code", 512, Characters.Visible);

    /// <summary>RFC 7636 §4.5.</summary>
    public static OAuthParameter CodeVerifier { get; } = new("code_verifier", 256, Characters.Visible);

    /// <summary>RFC 6749 §6.</summary>
    public static OAuthParameter RefreshToken { get; } = new("refresh_token", 2048, Characters.Visible);

    /// <summary>RFC 7009 §2.1, RFC 7662 §2.1.</summary>
    public static OAuthParameter Token { get; } = new("token", 16_384, Characters.Visible);

    /// <summary>RFC 7009 §2.1, RFC 7662 §2.1.</summary>
    public static OAuthParameter TokenTypeHint { get; } = new("token_type_hint", 128, Characters.Visible);

    /// <summary>OIDC RP-Initiated Logout §2.</summary>
    public static OAuthParameter PostLogoutRedirectUri { get; } = new("post_logout_redirect_uri", 2048, Characters.Visible);

    /// <summary>OIDC RP-Initiated Logout §2.</summary>
    public static OAuthParameter LogoutHint { get; } = new("logout_hint", 512, Characters.Text);

    /// <summary>RFC 8693 §2.1: may repeat.</summary>
    public static OAuthParameter Audience { get; } = new("audience", 2048, Characters.Visible, mayRepeat: true);

    /// <summary>RFC 8693 §2.1.</summary>
    public static OAuthParameter SubjectToken { get; } = new("subject_token", 16_384, Characters.Visible);

    /// <summary>RFC 8693 §2.1.</summary>
    public static OAuthParameter SubjectTokenType { get; } = new("subject_token_type", 256, Characters.Visible);

    /// <summary>RFC 8693 §2.1.</summary>
    public static OAuthParameter ActorToken { get; } = new("actor_token", 16_384, Characters.Visible);

    /// <summary>RFC 8693 §2.1.</summary>
    public static OAuthParameter ActorTokenType { get; } = new("actor_token_type", 256, Characters.Visible);

    /// <summary>RFC 8693 §2.1.</summary>
    public static OAuthParameter RequestedTokenType { get; } = new("requested_token_type", 256, Characters.Visible);

    /// <summary>RFC 7521 §4.1.</summary>
    public static OAuthParameter Assertion { get; } = new("assertion", 16_384, Characters.Visible);

    /// <summary>RFC 9396 §2.</summary>
    public static OAuthParameter AuthorizationDetails { get; } = new("authorization_details", 16_384, Characters.Json);

    /// <summary>CIBA Core §10.1.</summary>
    public static OAuthParameter AuthReqId { get; } = new("auth_req_id", 512, Characters.Visible);

    /// <summary>CIBA Core §7.1.</summary>
    public static OAuthParameter LoginHintToken { get; } = new("login_hint_token", 16_384, Characters.Visible);

    /// <summary>CIBA Core §7.1.</summary>
    public static OAuthParameter BindingMessage { get; } = new("binding_message", 512, Characters.Text);

    /// <summary>CIBA Core §7.1.</summary>
    public static OAuthParameter RequestedExpiry { get; } = new("requested_expiry", 16, Characters.Visible);

    /// <summary>Every parameter that is read.</summary>
    public static IReadOnlyList<OAuthParameter> All { get; } =
    [
        ClientId, ClientSecret, ClientAssertion, ClientAssertionType, ResponseType, ResponseMode, RedirectUri, Scope, State, CodeChallenge,
        CodeChallengeMethod, Nonce, Prompt, MaxAge, UiLocales, IdTokenHint, LoginHint, AcrValues, Request, RequestUri, Registration, Resource,
        GrantType, Code, CodeVerifier, RefreshToken, Token, TokenTypeHint, PostLogoutRedirectUri, LogoutHint, Audience, SubjectToken,
        SubjectTokenType, ActorToken, ActorTokenType, RequestedTokenType, Assertion, AuthorizationDetails, AuthReqId, LoginHintToken,
        BindingMessage, RequestedExpiry,
    ];

    internal static FrozenDictionary<string, OAuthParameter> ByName { get; } = All.ToFrozenDictionary(parameter => parameter.Name);

    internal bool Accepts(string value) => value.Length <= MaxLength && characters switch
    {
        Characters.Visible => !value.AsSpan().ContainsAnyExcept(Visible),
        Characters.Text => !value.Any(char.IsControl),
        Characters.Json => !value.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')),
    };

    /// <summary>The name on the wire.</summary>
    public override string ToString() => Name;
}
