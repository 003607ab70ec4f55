using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Signet.Platform.Http;

/// <summary>Where a request came from, decided once: everything that limits, records or compares addresses reads it here.</summary>
public sealed class ClientAddress(IPAddress ip, IPAddress peer, string scheme, string host)
{
    private const int SiteBytes = 8;

    /// <summary>Canonical; the right-most address no trusted proxy vouches for.</summary>
    public IPAddress Ip => ip;

    /// <summary>The other end of the socket; the same where no proxy stands between.</summary>
    public IPAddress Peer => peer;

    /// <summary>How the client spoke to the outermost trusted proxy: <c>http</c> or <c>https</c>.</summary>
    public string Scheme => scheme;

    /// <summary>Lower case, with the port only where it is not the scheme's own. Empty where the request names none.</summary>
    public string Host => host;

    /// <summary>True where a trusted proxy stands between, whose other headers may be believed too.</summary>
    public bool ThroughProxy { get; init; }

    /// <summary>The canonical text, for records and logs.</summary>
    public string Text => field ??= ip.ToString();

    /// <summary>What limits count by: the IPv4 address, or the /64 that one IPv6 subscriber holds entirely.</summary>
    public string RateKey => field ??= ip.AddressFamily is AddressFamily.InterNetwork ? Text : SiteOf(ip);

    public bool IsHttps => scheme is "https";

    /// <summary>Scheme and host as the client wrote them. For comparison only: links and issuers come from stored configuration.</summary>
    public string Origin => field ??= $"{scheme}://{host}";

    /// <summary>What <see cref="DecideClientAddress"/> decided for this request.</summary>
    public static ClientAddress Of(HttpContext context) =>
        context.Features.Get<ClientAddress>() ?? throw new InvalidOperationException("The client address is decided by the first middleware; it has not run.");

    private static string SiteOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[SiteBytes..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
