namespace Signet.OAuth.Authorization;

/// <summary>What the client asks to be done about the person (OIDC Core §3.1.2.1).</summary>
[Flags]
public enum Prompts
{
    /// <summary>Nothing asked: show what is needed.</summary>
    Unspecified = 0,

    /// <summary>No page may be shown. Never together with others.</summary>
    None = 1,

    /// <summary>Sign in anew.</summary>
    Login = 2,

    /// <summary>Ask for consent anew.</summary>
    Consent = 4,

    /// <summary>Let the person choose an account.</summary>
    SelectAccount = 8,
}

/// <summary>How the answer travels to the client.</summary>
public enum ResponseMode
{
    /// <summary>In the query of a redirect.</summary>
    Query,

    /// <summary>In a form the browser posts (OAuth 2.0 Form Post Response Mode §2).</summary>
    FormPost,
}

/// <summary>A client as the authorization endpoint needs to know it.</summary>
/// <param name="ClientId">Its id.</param>
/// <param name="RedirectUris">The URIs registered for it, each accepted by <see cref="RedirectUriRules"/>.</param>
/// <param name="Scope">All it may ask for.</param>
/// <param name="MayUseCode">Whether the authorization_code grant is among its grant types.</param>
public sealed record RegisteredClient(string ClientId, IReadOnlyList<string> RedirectUris, ScopeSet Scope, bool MayUseCode = true);

/// <summary>Where the answer goes: a redirect URI that matched a registered one, and the client's own state.</summary>
/// <param name="RedirectUri">As requested, byte for byte.</param>
/// <param name="Mode">Query or form.</param>
/// <param name="State">Returned unchanged.</param>
public sealed record ReplyAddress(string RedirectUri, ResponseMode Mode, string? State);

/// <summary>A request that passed every check which needs no person.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="ReplyTo">Where the answer goes.</param>
/// <param name="Scope">What was asked for, within what the client may have.</param>
/// <param name="CodeChallenge">To be bound to the code (RFC 7636 §4.4).</param>
public sealed record AuthorizationRequest(string ClientId, ReplyAddress ReplyTo, ScopeSet Scope, string CodeChallenge)
{
    /// <summary>Returned in the ID token.</summary>
    public string? Nonce { get; init; }

    /// <summary>What to show.</summary>
    public Prompts Prompts { get; init; }

    /// <summary>How old the sign-in may be; zero asks for a new one.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Who might be signing in: unproven.</summary>
    public string? LoginHint { get; init; }

    /// <summary>An ID token of ours, to be verified: with another person the answer is login_required.</summary>
    public string? IdTokenHint { get; init; }

    /// <summary>BCP 47 tags, preferred first.</summary>
    public IReadOnlyList<string> UiLocales { get; init; } = [];

    /// <summary>Wanted authentication contexts, preferred first.</summary>
    public IReadOnlyList<string> AcrValues { get; init; } = [];

    /// <summary>RFC 8707 §2: where the access token is to be used.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];
}

/// <summary>What becomes of an authorization request before any person is asked.</summary>
public abstract record AuthorizationOutcome
{
    private AuthorizationOutcome() { }

    /// <summary>RFC 6749 §4.1.2.1: the redirect URI is not proven, so the error is shown to the person and never sent anywhere.</summary>
    /// <param name="Error">What to show.</param>
    public sealed record Shown(OAuthError Error) : AuthorizationOutcome;

    /// <summary>The client is told.</summary>
    /// <param name="Error">What to tell it.</param>
    /// <param name="ReplyTo">Where.</param>
    public sealed record Redirected(OAuthError Error, ReplyAddress ReplyTo) : AuthorizationOutcome;

    /// <summary>The person may be asked.</summary>
    /// <param name="Request">What for.</param>
    public sealed record Accepted(AuthorizationRequest Request) : AuthorizationOutcome;
}
