using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Signet.OAuth.Tokens;

/// <summary>Access tokens in Authorization headers, whatever their scheme.</summary>
internal static class Token68
{
    private const int MaxLength = 16_384;

    // RFC 6750 §2.1, RFC 9449 §7.1: the token68 of RFC 9110 §11.2.
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <summary>The token behind a scheme, which is written with the space that ends it; false where there is none or it is malformed.</summary>
    public static bool TryRead(string scheme, string? authorization, [NotNullWhen(true)] out string? token)
    {
        token = authorization is { Length: <= MaxLength } && authorization.Length > scheme.Length
            && authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && !authorization.AsSpan(scheme.Length).ContainsAnyExcept(Alphabet)
            ? authorization[scheme.Length..]
            : null;
        return token is not null;
    }
}
