namespace Signet.OAuth;

/// <summary>A client asks to end a session. Nothing in it is proven: without a verified hint the person must be asked.
/// <see href="https://openid.net/specs/openid-connect-rpinitiated-1_0.html"/></summary>
/// <param name="IdTokenHint">An ID token of ours, to be verified, expired or not (OIDC RP-Initiated Logout §4).</param>
/// <param name="ClientId">Must be the hint's audience where both are there (OIDC RP-Initiated Logout §2).</param>
/// <param name="PostLogoutRedirectUri">Where the client would like the person to end up.</param>
/// <param name="State">Returned unchanged.</param>
/// <param name="LogoutHint">Who might be signing out.</param>
/// <param name="UiLocales">BCP 47 tags, preferred first.</param>
public sealed record LogoutRequest(
    string? IdTokenHint, string? ClientId, string? PostLogoutRedirectUri, string? State, string? LogoutHint, IReadOnlyList<string> UiLocales)
{
    /// <summary>Reads a query or form; every parameter is optional.</summary>
    public static LogoutRequest Read(OAuthParameters parameters) => new(
        parameters[OAuthParameter.IdTokenHint],
        parameters[OAuthParameter.ClientId],
        parameters[OAuthParameter.PostLogoutRedirectUri],
        parameters[OAuthParameter.State],
        parameters[OAuthParameter.LogoutHint],
        SpaceDelimited.Split(parameters[OAuthParameter.UiLocales]));

    /// <summary>OIDC RP-Initiated Logout §3: where to send the person, if the URI is exactly one of those registered for the proven client; else null,
    /// and they stay here.</summary>
    /// <param name="registered">The post-logout redirect URIs of that client.</param>
    public string? RedirectTo(IEnumerable<string> registered) =>
        PostLogoutRedirectUri is { } uri && registered.Contains(uri, StringComparer.Ordinal)
            ? RedirectUri.Append(uri, State is null ? [] : [new("state", State)])
            : null;
}
