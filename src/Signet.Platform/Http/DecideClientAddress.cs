using System.Buffers;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Signet.Platform.Http;

/// <summary>
/// The one place that reads <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c>. They count only as far as each hop that wrote them is trusted;
/// where a header is malformed, the last good hop is the client. The request is rewritten to the answer, so that nothing can read another one.
/// </summary>
public static class DecideClientAddress
{
    // RFC 6761 §6.4: names nothing, and still is a name, so that what makes addresses of it (a page's base) does not fail where a refusal is to be shown.
    private const string Unnamed = "host.invalid";

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]");

    /// <summary>Must be the first middleware.</summary>
    public static IApplicationBuilder UseClientAddress(this IApplicationBuilder app, TrustedProxies proxies) => app.Use(next => context =>
    {
        var request = context.Request;
        var address = Decide(context.Connection.RemoteIpAddress, request, proxies);
        context.Features.Set(address);
        if (address.ThroughProxy)
        {
            context.Connection.RemoteIpAddress = address.Ip;
            request.Scheme = address.Scheme;
        }

        var host = address.Host.Length > 0 ? address.Host : Unnamed;
        if (!string.Equals(request.Host.Value, host, StringComparison.Ordinal))
        {
            request.Host = new HostString(host);
        }

        return next(context);
    });

    internal static ClientAddress Decide(IPAddress? socketPeer, HttpRequest request, TrustedProxies proxies)
    {
        // A unix socket has no address; nobody listed it, so it is trusted with nothing.
        var peer = socketPeer is null ? IPAddress.Any : IpText.Canonical(socketPeer);
        if (!proxies.Contains(peer))
        {
            return new ClientAddress(peer, peer, request.Scheme, HostOf(request.Host.Value, request.Scheme) ?? "");
        }

        var headers = request.Headers;
        var client = WalkBack(headers["X-Forwarded-For"], peer, proxies, out var hops);
        var scheme = Entry(headers["X-Forwarded-Proto"], hops) is { } proto ? SchemeOf(proto) ?? request.Scheme : request.Scheme;
        var host = HostOf(Entry(headers["X-Forwarded-Host"], hops), scheme) ?? HostOf(request.Host.Value, scheme) ?? "";
        return new ClientAddress(client, peer, scheme, host) { ThroughProxy = true };
    }

    // Each trusted hop wrote the entry left of it. The first address that is not trusted is the client, and so is the last good hop before text that is no address.
    private static IPAddress WalkBack(StringValues header, IPAddress peer, TrustedProxies proxies, out int hops)
    {
        var client = peer;
        hops = 1;
        for (var line = header.Count - 1; line >= 0; line--)
        {
            var rest = header[line].AsSpan();
            while (true)
            {
                var comma = rest.LastIndexOf(',');
                if (IpText.FindWithPort(rest[(comma + 1)..].Trim(" \t")) is not { } hop)
                {
                    return client;
                }

                client = hop;
                if (!proxies.Contains(hop))
                {
                    return client;
                }

                hops++;
                if (comma < 0)
                {
                    break;
                }

                rest = rest[..comma];
            }
        }

        return client;
    }

    // What the outermost trusted hop wrote, where every hop appended; the left-most where they overwrote.
    private static string? Entry(StringValues header, int hops)
    {
        if (header.Count is 0)
        {
            return null;
        }

        if (header is [var only] && only?.Contains(',') is not true)
        {
            return only?.Trim();
        }

        var entries = string.Join(',', header.ToArray()).Split(',', StringSplitOptions.TrimEntries);
        return entries[Math.Max(0, entries.Length - hops)];
    }

    private static string? SchemeOf(string proto) =>
        proto.Equals("https", StringComparison.OrdinalIgnoreCase) ? "https"
        : proto.Equals("http", StringComparison.OrdinalIgnoreCase) ? "http"
        : null;

    /// <summary>The canonical host: lower case, no trailing dot, no port that the scheme implies. Null for what is no host.</summary>
    internal static string? HostOf(string? text, string scheme)
    {
        if (text is not { Length: > 0 and <= 260 } || text.AsSpan().ContainsAnyExcept(HostCharacters))
        {
            return null;
        }

        // The port follows the last colon, unless that colon is inside an IPv6 literal.
        var colon = text.LastIndexOf(':');
        var hasPort = colon > text.LastIndexOf(']');
        var name = (hasPort ? text[..colon] : text).TrimEnd('.').ToLowerInvariant();
        if (name.Length is 0 || (name[0] is '[' ? IpText.FindWithPort(name) is null : name.AsSpan().ContainsAny("[]:")))
        {
            return null;
        }

        if (!hasPort)
        {
            return name;
        }

        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        return port == (scheme is "https" ? 443 : 80) ? name : $"{name}:{port}";
    }
}
