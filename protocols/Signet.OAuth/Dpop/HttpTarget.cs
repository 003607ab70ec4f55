namespace Signet.OAuth.Dpop;

/// <summary>Addresses of requests, compared as RFC 9449 §4.3 says: after the normalization of RFC 3986 §6.2.2 and §6.2.3, without query and fragment.</summary>
internal static class HttpTarget
{
    /// <summary>Whether both are the same http(s) resource; false where one is none.</summary>
    public static bool AreSame(string one, string other) => Normalize(one) is { } first && Normalize(other) is { } second && first == second;

    // The scheme and host in lower case, the scheme's own port left out, dot segments removed; an empty path is "/".
    private static (string Scheme, string Host, int Port, string Path)? Normalize(string text) =>
        text.Length <= 2048 && text.All(c => c is > ' ' and < (char)0x7F and not '\\')
        && Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.UserInfo.Length == 0
            ? (uri.Scheme, uri.IdnHost, uri.Port, uri.AbsolutePath)
            : null;
}
