using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Signet.OAuth.Authorization;

namespace Signet.OAuth.Backchannel;

/// <summary>
/// A client asks that a person be asked, on a device of their own (Client-Initiated Backchannel Authentication, poll mode). The hint is unproven.
/// <see href="https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html"/>
/// </summary>
/// <param name="Scope">What is asked for; has <c>openid</c>.</param>
public sealed record BackchannelRequest(ScopeSet Scope)
{
    /// <summary>The most characters of a binding message: it must fit on a small screen.</summary>
    public const int MaxBindingMessageLength = 100;

    /// <summary>Who is meant: a name, an address. Null where <see cref="IdTokenHint"/> says it.</summary>
    public string? LoginHint { get; init; }

    /// <summary>An ID token of ours about the person, to be verified, expired or not. Null where <see cref="LoginHint"/> says it.</summary>
    public string? IdTokenHint { get; init; }

    /// <summary>Shown on both devices, so that the person sees that they belong together; one line of plain text.</summary>
    public string? BindingMessage { get; init; }

    /// <summary>How long the request may stay open, in whole seconds, up to a day; the server may give less.</summary>
    public TimeSpan? RequestedExpiry { get; init; }

    /// <summary>RFC 9396 §2.</summary>
    public AuthorizationDetails? AuthorizationDetails { get; init; }

    /// <summary>Wanted authentication contexts, preferred first.</summary>
    public IReadOnlyList<string> AcrValues { get; init; } = [];

    /// <summary>RFC 8707 §2: where the access token is to be used.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Reads the form of the backchannel authentication endpoint (CIBA Core §7.1). The client must be authenticated before.</summary>
    /// <param name="form">The form.</param>
    /// <param name="request">The request; null where it is refused.</param>
    /// <param name="refusal">Why it is refused.</param>
    /// <param name="hintRequired">False where the server knows whom to ask if nobody is named.</param>
    public static bool TryRead(
        OAuthParameters form, [NotNullWhen(true)] out BackchannelRequest? request, [NotNullWhen(false)] out OAuthError? refusal, bool hintRequired = true)
    {
        (request, refusal) = (null, null);
        ScopeSet? scope = null;
        TimeSpan? expiry = null;
        AuthorizationDetails? details = null;
        var resources = form.All(OAuthParameter.Resource);
        refusal =
            // CIBA Core §7.1.1: signed requests are for clients registered to sign them, of which there are none.
            form[OAuthParameter.Request] is not null ? OAuthError.RequestNotSupported
            // CIBA Core §7.1: scope is required, and must have openid.
            : !ScopeSet.TryParse(form[OAuthParameter.Scope], out scope) || !scope.HasOpenId ? OAuthError.InvalidScope
            : !ResourceIndicators.AreWellFormed(resources) ? OAuthError.InvalidTarget
            : WrongHint(form, hintRequired) is { } hint ? OAuthError.InvalidParameter(hint)
            : form[OAuthParameter.BindingMessage] is { } message && !IsPlain(message) ? OAuthError.InvalidBindingMessage
            : !TryReadExpiry(form[OAuthParameter.RequestedExpiry], out expiry) ? OAuthError.InvalidParameter(OAuthParameter.RequestedExpiry)
            : form[OAuthParameter.AuthorizationDetails] is { } json && !AuthorizationDetails.TryParse(json, out details)
                ? OAuthError.InvalidAuthorizationDetails
            : null;
        if (refusal is not null)
        {
            return false;
        }

        request = new(scope!)
        {
            LoginHint = form[OAuthParameter.LoginHint],
            IdTokenHint = form[OAuthParameter.IdTokenHint],
            BindingMessage = form[OAuthParameter.BindingMessage],
            RequestedExpiry = expiry,
            AuthorizationDetails = details,
            AcrValues = SpaceDelimited.Split(form[OAuthParameter.AcrValues]),
            Resources = resources,
        };
        return true;
    }

    /// <summary>Without the hints and the message, which are about a person.</summary>
    public override string ToString() => $"BackchannelRequest {{ Scope = {Scope} }}";

    // CIBA Core §7.1: exactly one hint. A login_hint_token has no form that everybody knows, and is not taken.
    private static OAuthParameter? WrongHint(OAuthParameters form, bool required) =>
        form[OAuthParameter.LoginHintToken] is not null ? OAuthParameter.LoginHintToken
        : (form[OAuthParameter.LoginHint], form[OAuthParameter.IdTokenHint]) is (not null, not null) ? OAuthParameter.LoginHint
        : required && form[OAuthParameter.LoginHint] is null && form[OAuthParameter.IdTokenHint] is null ? OAuthParameter.LoginHint
        : null;

    // Control and format characters (direction marks, joiners) and line breaks could make the message say something else on the other screen.
    private static bool IsPlain(string message) =>
        message.Length <= MaxBindingMessageLength && message.EnumerateRunes().All(rune => System.Text.Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned));

    // CIBA Core §7.1: a positive integer; five digits are enough for a day.
    private static bool TryReadExpiry(string? text, out TimeSpan? expiry)
    {
        expiry = text is { Length: <= 5 } && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;
        return text is null || expiry is not null;
    }
}
