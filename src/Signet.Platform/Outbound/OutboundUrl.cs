using System.Buffers;

namespace Signet.Platform.Outbound;

/// <summary>Reads a URL so that no two parsers can see two hosts in it.</summary>
internal static class OutboundUrl
{
    private const int Longest = 2048;

    // RFC 3986 §2: everything else must be percent-encoded. A backslash in particular is a slash to some and not to others.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'()*+,;=%");

    public static OutboundRefusal? Check(string text, bool plainAllowed, out Uri url)
    {
        url = null!;
        if (text.Length > Longest || text.AsSpan().ContainsAnyExcept(Allowed) || !Uri.TryCreate(text, UriKind.Absolute, out var parsed))
        {
            return OutboundRefusal.NotAnUrl;
        }

        url = parsed;
        return Check(parsed, plainAllowed);
    }

    /// <summary>The next hop of a redirect.</summary>
    public static OutboundRefusal? CheckRedirect(Uri from, string location, bool plainAllowed, out Uri url)
    {
        url = null!;
        if (location.Length > Longest || location.AsSpan().ContainsAnyExcept(Allowed) || !Uri.TryCreate(from, location, out var next))
        {
            return OutboundRefusal.NotAnUrl;
        }

        url = next;
        return from.Scheme is "https" && next.Scheme is "http" ? OutboundRefusal.Downgrade : Check(next, plainAllowed);
    }

    private static OutboundRefusal? Check(Uri url, bool plainAllowed)
    {
        if (!(url.Scheme is "https" || (plainAllowed && url.Scheme is "http")))
        {
            return OutboundRefusal.Scheme;
        }

        return url.UserInfo.Length > 0 ? OutboundRefusal.UserInfo
            : url.Host.Length is 0 ? OutboundRefusal.NotAnUrl
            : null;
    }
}
