using System.Net;

namespace Signet.Platform.Http;

/// <summary>The socket peers whose <c>X-Forwarded-*</c> headers count. An empty list trusts nobody.</summary>
public sealed class TrustedProxies
{
    /// <summary>Wider than this, a network holds machines that are not proxies: a warning, not an error.</summary>
    private const int NarrowestWideIPv4 = 15;
    private const int NarrowestWideIPv6 = 47;

    private readonly IPNetwork[] networks;

    private TrustedProxies(IPNetwork[] networks) => this.networks = networks;

    public static TrustedProxies None { get; } = new([]);

    /// <summary>One sentence for every entry so wide that anybody inside it could choose the address we see.</summary>
    public IReadOnlyList<string> Warnings =>
        [.. networks.Where(IsWide).Select(n => $"{n} trusts every machine in it to name the client's address; list the proxies themselves.")];

    /// <summary>Reads a comma list of addresses and CIDR networks, IPv4 and IPv6. Nothing is guessed: one bad entry refuses the list.</summary>
    public static Parsed Parse(string? list)
    {
        var read = new List<IPNetwork>();
        foreach (var entry in (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (FindNetwork(entry) is not { } network)
            {
                return new Parsed.Invalid(entry, $"\"{entry}\" is neither an IP address nor a CIDR network such as 10.20.30.0/24 or 2001:db8::/32.");
            }

            read.Add(network);
        }

        return new Parsed.Valid(read is [] ? None : new TrustedProxies([.. read]));
    }

    /// <param name="address">In its canonical form; see <see cref="IpText.Canonical"/>.</param>
    public bool Contains(IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static IPNetwork? FindNetwork(string entry)
    {
        var slash = entry.IndexOf('/');
        if (IpText.Find(slash < 0 ? entry : entry.AsSpan(0, slash)) is not { } address)
        {
            return null;
        }

        var longest = address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128;
        if (slash < 0)
        {
            return new IPNetwork(address, longest);
        }

        var digits = entry.AsSpan(slash + 1);
        if (digits.Length is 0 or > 3 || digits.ContainsAnyExceptInRange('0', '9') || int.Parse(digits) > longest)
        {
            return null;
        }

        // Bits below the prefix are a typing error: 10.0.0.5/24 does not say which of the two was meant.
        return IPNetwork.TryParse($"{address}/{digits}", out var network) && network.BaseAddress.Equals(address) ? network : null;
    }

    private static bool IsWide(IPNetwork network) => network.BaseAddress.AddressFamily is System.Net.Sockets.AddressFamily.InterNetwork
        ? network.PrefixLength <= NarrowestWideIPv4
        : network.PrefixLength <= NarrowestWideIPv6;

    /// <summary>The list, or the entry that is wrong.</summary>
    public abstract record Parsed
    {
        private Parsed()
        {
        }

        public sealed record Valid(TrustedProxies Proxies) : Parsed;

        public sealed record Invalid(string Entry, string Message) : Parsed;
    }
}
