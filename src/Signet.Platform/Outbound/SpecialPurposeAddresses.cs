using System.Net;
using System.Net.Sockets;
using Signet.Platform.Http;

namespace Signet.Platform.Outbound;

/// <summary>
/// Says which addresses are not the public Internet: the IANA special-purpose registries
/// (<see href="https://www.iana.org/assignments/iana-ipv4-special-registry"/>, <see href="https://www.iana.org/assignments/iana-ipv6-special-registry"/>),
/// multicast, and every form that carries an IPv4 address inside an IPv6 one.
/// </summary>
public static class SpecialPurposeAddresses
{
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    internal static readonly (IPNetwork Network, string Source)[] Rows =
    [
        // IPv4
        Row("0.0.0.0/8", "RFC 791 §3.2: this network"),
        Row("10.0.0.0/8", "RFC 1918 §3: private use"),
        Row("100.64.0.0/10", "RFC 6598 §7: carrier-grade NAT"),
        Row("127.0.0.0/8", "RFC 1122 §3.2.1.3: loopback"),
        Row("169.254.0.0/16", "RFC 3927 §2.1: link local; cloud metadata"),
        Row("172.16.0.0/12", "RFC 1918 §3: private use"),
        Row("192.0.0.0/24", "RFC 6890 §2.1: protocol assignments"),
        Row("192.0.2.0/24", "RFC 5737 §3: documentation"),
        Row("192.31.196.0/24", "RFC 7535 §8.1: AS112"),
        Row("192.52.193.0/24", "RFC 7450 §7: AMT"),
        Row("192.88.99.0/24", "RFC 7526 §6: deprecated 6to4 relay"),
        Row("192.168.0.0/16", "RFC 1918 §3: private use"),
        Row("192.175.48.0/24", "RFC 7534 §8: AS112"),
        Row("198.18.0.0/15", "RFC 2544 §C.2.2: benchmarking"),
        Row("198.51.100.0/24", "RFC 5737 §3: documentation"),
        Row("203.0.113.0/24", "RFC 5737 §3: documentation"),
        Row("224.0.0.0/4", "RFC 5771 §3: multicast"),
        Row("240.0.0.0/4", "RFC 1112 §4: reserved; limited broadcast"),
        // IPv6
        Row("::/96", "RFC 4291 §2.5.5.1: unspecified, loopback, deprecated IPv4-compatible"),
        Row("64:ff9b:1::/48", "RFC 8215 §7: local-use translation"),
        Row("100::/64", "RFC 6666 §4: discard only"),
        Row("100:0:0:1::/64", "RFC 9780 §6: dummy prefix"),
        Row("2001::/23", "RFC 2928 §2: protocol assignments; Teredo, benchmarking, ORCHID"),
        Row("2001:db8::/32", "RFC 3849 §2: documentation"),
        Row("2002::/16", "RFC 3056 §2: 6to4, carries an IPv4 address"),
        Row("2620:4f:8000::/48", "RFC 7534 §8: AS112"),
        Row("3fff::/20", "RFC 9637 §5: documentation"),
        Row("5f00::/16", "RFC 9602 §6: segment routing"),
        Row("fc00::/7", "RFC 4193 §3.1: unique local"),
        Row("fe80::/10", "RFC 4291 §2.5.6: link local"),
        Row("fec0::/10", "RFC 3879 §4: deprecated site local"),
        Row("ff00::/8", "RFC 4291 §2.7: multicast"),
    ];

    /// <summary>True for an address of a machine on the public Internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var plain = IpText.Canonical(address);
        if (plain.AddressFamily is AddressFamily.InterNetworkV6)
        {
            // RFC 6052 §2.1: a translator sends this to the IPv4 address in the last four bytes.
            if (Nat64.Contains(plain))
            {
                return IsPublic(new IPAddress(plain.GetAddressBytes()[12..]));
            }

            // RFC 4291 §2.4: what IANA has not given out yet is nobody's.
            if (!GlobalUnicast.Contains(plain))
            {
                return false;
            }
        }

        return !Array.Exists(Rows, row => row.Network.Contains(plain));
    }

    private static (IPNetwork Network, string Source) Row(string network, string source) => (IPNetwork.Parse(network), source);
}
