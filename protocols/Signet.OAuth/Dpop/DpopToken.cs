using System.Diagnostics.CodeAnalysis;
using Signet.OAuth.Tokens;

namespace Signet.OAuth.Dpop;

/// <summary>Access tokens bound to a key, in HTTP headers (RFC 9449 §7.1).</summary>
public static class DpopToken
{
    private const string Scheme = "DPoP ";

    /// <summary>The token of an Authorization header; false where there is none, it is malformed, or its scheme is another.</summary>
    public static bool TryRead(string? authorization, [NotNullWhen(true)] out string? token) => Token68.TryRead(Scheme, authorization, out token);

    /// <summary>RFC 9449 §7.1: the WWW-Authenticate value. Without an error it only names the scheme and the algorithms of proofs.</summary>
    /// <param name="error">Why the token or the proof was refused.</param>
    /// <param name="needed">The scope that would do.</param>
    /// <param name="resourceMetadata">RFC 9728 §5.1: the address of the resource's metadata.</param>
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

        parameters.Add($"algs=\"{string.Join(' ', DpopProof.Algorithms.Select(algorithm => algorithm.Name))}\"");
        if (resourceMetadata is not null)
        {
            parameters.Add($"resource_metadata=\"{resourceMetadata}\"");
        }

        return $"DPoP {string.Join(", ", parameters)}";
    }
}
