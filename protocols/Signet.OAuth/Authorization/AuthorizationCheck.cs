using System.Globalization;

namespace Signet.OAuth.Authorization;

/// <summary>One check of an authorization request: null to go on, else the refusal.</summary>
internal delegate OAuthError? AuthorizeStep(AuthorizationDraft draft);

/// <summary>Checks an authorization request in one visible order. Everything it accepts is for one known client, one of its redirect URIs,
/// the code flow with PKCE, and scopes the client may have.</summary>
public static class AuthorizationCheck
{
    // Until the redirect URI is proven, an error is shown to the person and never redirected (RFC 6749 §4.1.2.1).
    private static readonly AuthorizeStep[] BeforeRedirectIsTrusted =
    [
        KnowClient,
        MatchRedirectUri,       // RFC 9700 §2.1
    ];

    // The response mode comes first, because it says how every later refusal travels.
    private static readonly AuthorizeStep[] AfterRedirectIsTrusted =
    [
        ChooseResponseMode,     // OAuth 2.0 Multiple Response Types §2.1
        RefuseRequestObjects,   // OIDC Core §3.1.2.6
        RequireCodeResponse,    // RFC 6749 §3.1.1
        RequirePkce,            // RFC 9700 §2.1.1
        LimitScope,             // RFC 6749 §3.3
        ReadPrompts,            // OIDC Core §3.1.2.1
        ReadMaxAge,             // OIDC Core §3.1.2.1
        ReadResources,          // RFC 8707 §2
    ];

    /// <summary>Runs the checks.</summary>
    /// <param name="parameters">The request.</param>
    /// <param name="client">The enabled client of the request's client_id; null where there is none.</param>
    public static AuthorizationOutcome Run(OAuthParameters parameters, RegisteredClient? client)
    {
        var draft = new AuthorizationDraft(parameters, client);
        if (FirstRefusal(BeforeRedirectIsTrusted, draft) is { } shown)
        {
            return new AuthorizationOutcome.Shown(shown);
        }

        return FirstRefusal(AfterRedirectIsTrusted, draft) is { } redirected
            ? new AuthorizationOutcome.Redirected(redirected, draft.ReplyTo)
            : new AuthorizationOutcome.Accepted(draft.Complete());
    }

    private static OAuthError? FirstRefusal(AuthorizeStep[] steps, AuthorizationDraft draft)
    {
        foreach (var step in steps)
        {
            if (step(draft) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static OAuthError? KnowClient(AuthorizationDraft draft) =>
        draft.FoundClient is { } client && client.ClientId == draft.Parameters[OAuthParameter.ClientId] ? null : OAuthError.UnknownClient;

    private static OAuthError? MatchRedirectUri(AuthorizationDraft draft)
    {
        // Always required (OIDC Core §3.1.2.1), even where one URI is registered.
        if (draft.Parameters[OAuthParameter.RedirectUri] is not { } uri || !RedirectUri.MatchesAny(draft.Client.RedirectUris, uri))
        {
            return OAuthError.RedirectUriMismatch;
        }

        draft.RedirectUri = uri;
        return null;
    }

    private static OAuthError? ChooseResponseMode(AuthorizationDraft draft)
    {
        switch (draft.Parameters[OAuthParameter.ResponseMode])
        {
            case null or "query":
                draft.Mode = ResponseMode.Query;
                return null;
            case "form_post":
                draft.Mode = ResponseMode.FormPost;
                return null;
            default:
                return OAuthError.InvalidParameter(OAuthParameter.ResponseMode);
        }
    }

    private static OAuthError? RefuseRequestObjects(AuthorizationDraft draft) =>
        draft.Parameters[OAuthParameter.Request] is not null ? OAuthError.RequestNotSupported
        : draft.Parameters[OAuthParameter.RequestUri] is not null ? OAuthError.RequestUriNotSupported
        : draft.Parameters[OAuthParameter.Registration] is not null ? OAuthError.RegistrationNotSupported
        : null;

    private static OAuthError? RequireCodeResponse(AuthorizationDraft draft) => draft.Parameters[OAuthParameter.ResponseType] switch
    {
        null => OAuthError.InvalidParameter(OAuthParameter.ResponseType),
        "code" => draft.Client.MayUseCode ? null : OAuthError.UnauthorizedClient,
        _ => OAuthError.UnsupportedResponseType,
    };

    private static OAuthError? RequirePkce(AuthorizationDraft draft)
    {
        // RFC 7636 §4.3: without a method the challenge would be the verifier itself.
        if (draft.Parameters[OAuthParameter.CodeChallengeMethod] is not Pkce.Method
            || draft.Parameters[OAuthParameter.CodeChallenge] is not { } challenge || !Pkce.IsChallenge(challenge))
        {
            return OAuthError.PkceRequired;
        }

        draft.CodeChallenge = challenge;
        return null;
    }

    private static OAuthError? LimitScope(AuthorizationDraft draft)
    {
        if (draft.Parameters[OAuthParameter.Scope] is not { } text)
        {
            // RFC 6749 §3.3: a request without scope fails, for there is no default that a person could be asked about.
            return OAuthError.InvalidScope;
        }

        // OIDC Core §3.1.2.1: scopes that are not understood are ignored.
        if (!ScopeSet.TryParse(text, out var asked) || asked.LimitTo(draft.Client.Scope) is not { IsEmpty: false } scope)
        {
            return OAuthError.InvalidScope;
        }

        draft.Scope = scope;
        return null;
    }

    private static OAuthError? ReadPrompts(AuthorizationDraft draft)
    {
        foreach (var word in SpaceDelimited.Split(draft.Parameters[OAuthParameter.Prompt]))
        {
            Prompts? prompt = word switch
            {
                "none" => Prompts.None,
                "login" => Prompts.Login,
                "consent" => Prompts.Consent,
                "select_account" => Prompts.SelectAccount,
                _ => null,
            };
            if (prompt is not { } known)
            {
                return OAuthError.InvalidParameter(OAuthParameter.Prompt);
            }

            draft.Prompts |= known;
        }

        // OIDC Core §3.1.2.1: none with any other value is an error.
        return draft.Prompts.HasFlag(Prompts.None) && draft.Prompts != Prompts.None ? OAuthError.InvalidParameter(OAuthParameter.Prompt) : null;
    }

    private static OAuthError? ReadMaxAge(AuthorizationDraft draft)
    {
        if (draft.Parameters[OAuthParameter.MaxAge] is not { } text)
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return OAuthError.InvalidParameter(OAuthParameter.MaxAge);
        }

        draft.MaxAge = TimeSpan.FromSeconds(seconds);
        return null;
    }

    private static OAuthError? ReadResources(AuthorizationDraft draft)
    {
        draft.Resources = draft.Parameters.All(OAuthParameter.Resource);
        return ResourceIndicators.AreWellFormed(draft.Resources) ? null : OAuthError.InvalidTarget;
    }
}
