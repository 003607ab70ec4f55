using System.Net;
using System.Net.Sockets;

namespace Signet.Platform.Http;

/// <summary>One spelling for every address: no IPv4 in IPv6 clothes, no octal, no short forms, no zone.</summary>
public static class IpText
{
    private const int LongestIPv6 = 45;

    /// <summary>IPv4-mapped IPv6 becomes IPv4 and a zone is dropped, so that one client has one address.</summary>
    public static IPAddress Canonical(IPAddress address)
    {
        if (address.AddressFamily is AddressFamily.InterNetwork)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return address.ScopeId is 0 ? address : new IPAddress(address.GetAddressBytes());
    }

    /// <summary>The canonical address, or null for anything but a plain dotted-quad IPv4 or an IPv6 address without zone and brackets.</summary>
    public static IPAddress? Find(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestIPv6 || text.ContainsAny("%[]/ ") || !IPAddress.TryParse(text, out var address))
        {
            return null;
        }

        // The framework also reads 1, 0x7f.1 and 010.0.0.1; whoever wrote those in a header meant to be read differently elsewhere.
        if (address.AddressFamily is AddressFamily.InterNetwork)
        {
            Span<char> plain = stackalloc char[15];
            return address.TryFormat(plain, out var written) && text.SequenceEqual(plain[..written]) ? address : null;
        }

        return Canonical(address);
    }

    /// <summary>The same as <see cref="Find"/>, with the port some proxies add: <c>192.0.2.1:4711</c>, <c>[2001:db8::1]:4711</c>.</summary>
    public static IPAddress? FindWithPort(ReadOnlySpan<char> text)
    {
        if (text is ['[', ..])
        {
            var close = text.IndexOf(']');
            return close > 0 && IsPortOrNothing(text[(close + 1)..]) && text[1..close].Contains(':') ? Find(text[1..close]) : null;
        }

        var colon = text.IndexOf(':');
        return colon > 0 && colon == text.LastIndexOf(':')
            ? IsPortOrNothing(text[colon..]) ? Find(text[..colon]) : null
            : Find(text);
    }

    private static bool IsPortOrNothing(ReadOnlySpan<char> rest) =>
        rest.IsEmpty || (rest is [':', .. { Length: >= 1 and <= 5 } port] && !port.ContainsAnyExceptInRange('0', '9'));
}
