using System.Net;
using Signet.Platform.Http;
using Xunit;

namespace Server.Tests.Platform.Http;

public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("10.20.30.0/24,10.20.40.15/32", "10.20.30.7", true)]
    [InlineData("10.20.30.0/24,10.20.40.15/32", "10.20.40.15", true)]
    [InlineData("10.20.30.0/24,10.20.40.15/32", "10.20.40.16", false)]
    [InlineData("10.20.40.15", "10.20.40.15", true)]
    [InlineData(" 2001:db8:1::/48 , ::1 ", "2001:db8:1:2::3", true)]
    [InlineData(" 2001:db8:1::/48 , ::1 ", "::1", true)]
    [InlineData(" 2001:db8:1::/48 , ::1 ", "2001:db8:2::1", false)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("", "127.0.0.1", false)]
    public void A_list_names_exactly_the_proxies_it_says(string list, string address, bool trusted)
    {
        var parsed = Assert.IsType<TrustedProxies.Parsed.Valid>(TrustedProxies.Parse(list));

        Assert.Equal(trusted, parsed.Proxies.Contains(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("10.20.30.0/33")]
    [InlineData("2001:db8::/129")]
    [InlineData("10.20.30.5/24")]
    [InlineData("10.20.30/24")]
    [InlineData("010.20.30.0/24")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/8 10.1.0.0/16")]
    [InlineData("proxy.example")]
    [InlineData("fe80::1%eth0")]
    [InlineData("0x7f.1")]
    public void One_bad_entry_refuses_the_list_and_is_named(string entry)
    {
        var parsed = Assert.IsType<TrustedProxies.Parsed.Invalid>(TrustedProxies.Parse($"127.0.0.1,{entry}"));

        Assert.Equal(entry, parsed.Entry);
    }

    [Theory]
    [InlineData("0.0.0.0/0", 1)]
    [InlineData("::/0", 1)]
    [InlineData("10.0.0.0/8,172.16.0.0/12,fc00::/7", 3)]
    [InlineData("192.168.0.0/16,10.1.0.0/16,2001:db8::/48", 0)]
    public void A_network_wider_than_proxies_need_is_warned_of(string list, int warnings)
    {
        var parsed = Assert.IsType<TrustedProxies.Parsed.Valid>(TrustedProxies.Parse(list));

        Assert.Equal(warnings, parsed.Proxies.Warnings.Count);
    }
}
