using System.Diagnostics.CodeAnalysis;

namespace Signet.OAuth.Tokens;

/// <summary>Bearer tokens in HTTP headers. <see href="https://www.rfc-editor.org/rfc/rfc6750"/></summary>
public static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>RFC 6750 §2.1: the token of an Authorization header; false where there is none or it is malformed.</summary>
    public static bool TryRead(string? authorization, [NotNullWhen(true)] out string? token) => Token68.TryRead(Scheme, authorization, out token);

    /// <summary>RFC 6750 §3: the WWW-Authenticate value. Without an error it says nothing of a token, for requests that brought none.</summary>
    /// <param name="error">Why the token was refused.</param>
    /// <param name="needed">The scope that would do.</param>
    /// <param name="resourceMetadata">RFC 9728 §5.1: the address of the resource's metadata, an absolute URI.</param>
    public static string Challenge(OAuthError? error = null, ScopeSet? needed = null, string? resourceMetadata = null)
    {
        List<string> parameters = [];
        if (error is not null)
        {
            parameters.Add($"error=\"{error.Code}\"");
            parameters.Add($"error_description=\"{error.Description}\"");
        }

        if (needed is { IsEmpty: false })
        {
            parameters.Add($"scope=\"{needed}\"");
        }

        if (resourceMetadata is not null)
        {
            parameters.Add($"resource_metadata=\"{resourceMetadata}\"");
        }

        return parameters.Count == 0 ? "Bearer" : $"Bearer {string.Join(", ", parameters)}";
    }
}
