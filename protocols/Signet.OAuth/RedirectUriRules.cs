using System.Buffers;
using System.Globalization;

namespace Signet.OAuth;

/// <summary>What kind of software a client is, which decides where its answers may go (OIDC Registration §2).</summary>
public enum ApplicationType
{
    /// <summary>Answers go to https only.</summary>
    Web,

    /// <summary>Answers may also go to this machine over http, or to an app by a private scheme. Applications under development are of this kind.</summary>
    Native,
}

/// <summary>Why a redirect URI can't be registered.</summary>
public enum RedirectUriDefect
{
    /// <summary>It is empty or longer than 2048 characters.</summary>
    Length,

    /// <summary>It has a character no URI has (RFC 3986 §2), a backslash, or a broken percent escape.</summary>
    Characters,

    /// <summary>It has no scheme and no place after it.</summary>
    NotAbsolute,

    /// <summary>Its scheme is not one answers may go to.</summary>
    Scheme,

    /// <summary>RFC 6749 §3.1.2: it has a fragment.</summary>
    Fragment,

    /// <summary>It has userinfo before the host, the classic disguise.</summary>
    UserInfo,

    /// <summary>It has an asterisk: there are no wildcards (RFC 9700 §2.1).</summary>
    Wildcard,

    /// <summary>The host is missing or not in the one form this library takes: a lower-case name or an address.</summary>
    Host,

    /// <summary>It has dot segments, which servers resolve differently.</summary>
    DotSegment,
}

/// <summary>Decides which redirect URIs may be registered. An allow-list: what is not plainly safe is refused.</summary>
public static class RedirectUriRules
{
    /// <summary>The most characters of a URI.</summary>
    public const int MaxLength = 2048;

    // RFC 3986 §2: unreserved, gen-delims, sub-delims and the percent sign.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");

    private static readonly SearchValues<char> HostName = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");
    private static readonly SearchValues<char> SchemeAlphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789+-.");

    /// <summary>Null where the URI may be registered for this kind of client, else the first thing wrong with it.</summary>
    public static RedirectUriDefect? Check(string? uri, ApplicationType type)
    {
        if (uri is not { Length: > 0 and <= MaxLength })
        {
            return RedirectUriDefect.Length;
        }

        if (uri.AsSpan().ContainsAnyExcept(Allowed) || !EscapesAreWhole(uri))
        {
            return RedirectUriDefect.Characters;
        }

        if (uri.Contains('#'))
        {
            return RedirectUriDefect.Fragment;
        }

        if (uri.Contains('*'))
        {
            return RedirectUriDefect.Wildcard;
        }

        if (HasDotSegment(uri))
        {
            return RedirectUriDefect.DotSegment;
        }

        return uri.IndexOf(':') is > 0 and var colon ? CheckPlace(uri[..colon], uri[(colon + 1)..], type) : RedirectUriDefect.NotAbsolute;
    }

    private static RedirectUriDefect? CheckPlace(string scheme, string place, ApplicationType type)
    {
        var (authority, path) = SplitAuthority(place);
        if (authority?.Contains('@') is true)
        {
            return RedirectUriDefect.UserInfo;
        }

        switch (scheme)
        {
            case "https":
                return authority is null ? RedirectUriDefect.NotAbsolute : IsHost(authority) ? null : RedirectUriDefect.Host;
            case "http" when type is ApplicationType.Native:
                // RFC 8252 §8.3: http never leaves the machine. localhost is matched with its exact port.
                return authority is not null && IsHost(authority) && HostOf(authority) is "127.0.0.1" or "[::1]" or "localhost"
                    ? null
                    : RedirectUriDefect.Host;
            default:
                // RFC 8252 §7.1: a private scheme is a reversed domain name. No scheme a browser acts on itself (javascript, data …) has a dot.
                return type is ApplicationType.Native && IsPrivateScheme(scheme)
                    ? authority is null && path is not ['/', ..] ? RedirectUriDefect.NotAbsolute : null
                    : RedirectUriDefect.Scheme;
        }
    }

    private static bool IsPrivateScheme(string scheme) =>
        char.IsAsciiLetterLower(scheme[0]) && !scheme.AsSpan().ContainsAnyExcept(SchemeAlphabet)
        && scheme.IndexOf('.') is > 0 and var dot && dot < scheme.Length - 1;

    private static (string? Authority, string Path) SplitAuthority(string place)
    {
        if (!place.StartsWith("//", StringComparison.Ordinal))
        {
            return (null, place);
        }

        var end = place.AsSpan(2).IndexOfAny('/', '?') is >= 0 and var found ? found + 2 : place.Length;
        return (place[2..end], place[end..]);
    }

    private static string HostOf(string authority) =>
        authority.StartsWith('[') ? authority[..(authority.IndexOf(']') + 1)] : authority.Split(':')[0];

    private static bool IsHost(string authority)
    {
        var host = HostOf(authority);
        var port = authority[host.Length..];
        if (port.Length > 0 && !(port[0] == ':' && ushort.TryParse(port.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
        {
            return false;
        }

        if (host.StartsWith('['))
        {
            return host.Length > 2 && Uri.CheckHostName(host) is UriHostNameType.IPv6 && !host.Contains('%');
        }

        // Names are written as DNS compares them: a trailing dot or an escape would be a second spelling of the same host.
        var labels = host.Split('.');
        return host.Length is > 0 and <= 253 && !host.AsSpan().ContainsAnyExcept(HostName)
            && Array.TrueForAll(labels, label => label is { Length: > 0 and <= 63 } && label[0] != '-' && label[^1] != '-')
            && (!char.IsAsciiDigit(labels[^1][0]) || IsDottedQuad(labels));
    }

    // Browsers read any host whose last label is a number as an IPv4 address, and have many spellings for one (2130706433, 0x7f.1).
    private static bool IsDottedQuad(string[] labels) =>
        labels.Length == 4 && Array.TrueForAll(labels, label =>
            byte.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == label);

    private static bool EscapesAreWhole(string uri)
    {
        for (var i = uri.IndexOf('%'); i >= 0; i = uri.IndexOf('%', i + 1))
        {
            if (i + 2 >= uri.Length || !char.IsAsciiHexDigit(uri[i + 1]) || !char.IsAsciiHexDigit(uri[i + 2]))
            {
                return false;
            }
        }

        return true;
    }

    // Some servers read "..;/" and escaped dots or slashes as a step up.
    private static bool HasDotSegment(string uri)
    {
        var path = uri.Split('?')[0]
            .Replace("%2e", ".", StringComparison.OrdinalIgnoreCase)
            .Replace("%2f", "/", StringComparison.OrdinalIgnoreCase)
            .Replace("%5c", "/", StringComparison.OrdinalIgnoreCase);
        return path.Split('/').Any(segment => segment.Split(';')[0] is "." or "..");
    }
}
