using System.Diagnostics.CodeAnalysis;

namespace Signet.OAuth.Tokens;

/// <summary>Where to look first. A hint may be wrong, so the other places come after it.</summary>
public enum TokenTypeHint
{
    /// <summary>No hint, or one that is not known, which is ignored (RFC 7009 §2.1, RFC 7662 §2.1).</summary>
    Unspecified,

    /// <summary><c>access_token</c></summary>
    AccessToken,

    /// <summary><c>refresh_token</c></summary>
    RefreshToken,
}

/// <summary>The token an introspection (RFC 7662 §2.1) or revocation request (RFC 7009 §2.1) is about.</summary>
/// <param name="Token">The token.</param>
/// <param name="Hint">What it might be.</param>
public sealed record TokenReference(string Token, TokenTypeHint Hint)
{
    /// <summary>Reads the form of either request.</summary>
    public static bool TryRead(
        OAuthParameters form, [NotNullWhen(true)] out TokenReference? reference, [NotNullWhen(false)] out OAuthError? refusal)
    {
        var hint = form[OAuthParameter.TokenTypeHint] switch
        {
            "access_token" => TokenTypeHint.AccessToken,
            "refresh_token" => TokenTypeHint.RefreshToken,
            _ => TokenTypeHint.Unspecified,
        };
        reference = form[OAuthParameter.Token] is { } token ? new(token, hint) : null;
        refusal = reference is null ? OAuthError.InvalidParameter(OAuthParameter.Token) : null;
        return reference is not null;
    }

    /// <summary>Without the token, so that no log can have it.</summary>
    public override string ToString() => $"TokenReference {{ Hint = {Hint} }}";
}
