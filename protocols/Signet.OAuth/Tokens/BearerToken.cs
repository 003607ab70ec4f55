using System.Diagnostics.CodeAnalysis;

namespace Signet.OAuth.Tokens;

/// <summary>Bearer tokens in HTTP headers. <see href="https://www.rfc-editor.org/rfc/rfc6750"/></summary>
public static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>RFC 6750 §2.1: the token of an Authorization header; false where there is none or it is malformed.</summary>
    public static bool TryRead(string? authorization, [NotNullWhen(true)] out string? token) => Token68.TryRead(Scheme, authorization, out token);

    /// <summary>RFC 6750 §3: the WWW-Authenticate value. Without an error it only names the scheme, for requests that brought no token.</summary>
    /// <param name="error">Why the token was refused.</param>
    /// <param name="needed">The scope that would do.</param>
    public static string Challenge(OAuthError? error = null, ScopeSet? needed = null)
    {
        if (error is null)
        {
            return "Bearer";
        }

        var challenge = $"Bearer error=\"{error.Code}\", error_description=\"{error.Description}\"";
        return needed is { IsEmpty: false } ? $"{challenge}, scope=\"{needed}\"" : challenge;
    }
}
