namespace Signet.OAuth.Authorization;

/// <summary>An answer of the authorization endpoint, ready to send. Each names the issuer, against mix-up (RFC 9207 §2).</summary>
public abstract record AuthorizationReply
{
    private AuthorizationReply() { }

    /// <summary>A redirect with the answer in its query.</summary>
    /// <param name="Location">The header's value.</param>
    public sealed record Redirect(string Location) : AuthorizationReply
    {
        /// <summary>Without the code, so that no log can have it.</summary>
        public override string ToString() => nameof(Redirect);
    }

    /// <summary>OAuth 2.0 Form Post Response Mode §2: a page whose form is posted at once.</summary>
    /// <param name="Action">Where to post; goes into the page's form-action policy too.</param>
    /// <param name="Fields">The hidden fields, not yet encoded for HTML.</param>
    public sealed record FormPost(string Action, IReadOnlyList<KeyValuePair<string, string>> Fields) : AuthorizationReply;

    /// <summary>RFC 6749 §4.1.2: the code.</summary>
    public static AuthorizationReply WithCode(ReplyAddress to, string issuer, string code) => Send(to, issuer, [new("code", code)]);

    /// <summary>RFC 6749 §4.1.2.1: the refusal.</summary>
    public static AuthorizationReply WithError(ReplyAddress to, string issuer, OAuthError error) =>
        Send(to, issuer, [new("error", error.Code), new("error_description", error.Description)]);

    private static AuthorizationReply Send(ReplyAddress to, string issuer, List<KeyValuePair<string, string>> fields)
    {
        if (to.State is not null)
        {
            fields.Add(new("state", to.State));
        }

        fields.Add(new("iss", issuer));
        return to.Mode switch
        {
            ResponseMode.Query => new Redirect(RedirectUri.Append(to.RedirectUri, fields)),
            ResponseMode.FormPost => new FormPost(to.RedirectUri, fields),
        };
    }
}
