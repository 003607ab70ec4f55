using System.Net;
using Microsoft.AspNetCore.Http;
using Signet.Platform.Http;
using Xunit;

namespace Server.Tests.Platform.Http;

public sealed class ClientAddressTests
{
    private static readonly TrustedProxies Proxies =
        Assert.IsType<TrustedProxies.Parsed.Valid>(TrustedProxies.Parse("10.0.0.0/24,2001:db8:ffff::/64")).Proxies;

    [Theory]
    // Untrusted peers say what they like.
    [InlineData("203.0.113.9", "198.51.100.1", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9", "198.51.100.1", "203.0.113.9")]
    // One trusted hop, several, all of them.
    [InlineData("10.0.0.1", null, "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1")]
    [InlineData("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3")]
    // What the client itself wrote stands left of its own address.
    [InlineData("10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1")]
    [InlineData("10.0.0.1", "10.0.0.9, 198.51.100.1, 10.0.0.2", "198.51.100.1")]
    // IPv6, mapped IPv4, ports.
    [InlineData("2001:db8:ffff::1", "2001:DB8:0:0::1", "2001:db8::1")]
    [InlineData("10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1")]
    [InlineData("10.0.0.1", "198.51.100.1:4711", "198.51.100.1")]
    [InlineData("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1")]
    // Text that is no address ends the walk at the last good hop.
    [InlineData("10.0.0.1", "unknown", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.1,", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.1, _hidden, 10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.1", "0x7f.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "010.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.1:99x", "10.0.0.1")]
    [InlineData("10.0.0.1", "fe80::1%eth0", "10.0.0.1")]
    public void The_client_is_the_rightmost_address_no_trusted_hop_vouches_for(string peer, string? forwarded, string client)
    {
        var context = RequestFrom(("X-Forwarded-For", forwarded));

        var address = DecideClientAddress.Decide(IPAddress.Parse(peer), context.Request, Proxies);

        Assert.Equal(client, address.Text);
    }

    [Fact]
    public void Several_headers_are_one_list()
    {
        var context = RequestFrom();
        context.Request.Headers["X-Forwarded-For"] = new[] { "192.0.2.1", "198.51.100.1, 10.0.0.3", "10.0.0.2" };

        var address = DecideClientAddress.Decide(IPAddress.Parse("10.0.0.1"), context.Request, Proxies);

        Assert.Equal("198.51.100.1", address.Text);
    }

    [Theory]
    [InlineData("203.0.113.9", "https", "id.example", "http", "inside:8080")]
    [InlineData("10.0.0.1", "https", "ID.Example.", "https", "id.example")]
    [InlineData("10.0.0.1", "HTTPS", "id.example:443", "https", "id.example")]
    [InlineData("10.0.0.1", "https", "id.example:8443", "https", "id.example:8443")]
    [InlineData("10.0.0.1", "https", "[2001:db8::1]:8443", "https", "[2001:db8::1]:8443")]
    [InlineData("10.0.0.1", "https", "[2001:db8::1]", "https", "[2001:db8::1]")]
    [InlineData("10.0.0.1", "https", "2001:db8::1", "https", "inside:8080")]
    [InlineData("10.0.0.1", "https", "a]b", "https", "inside:8080")]
    [InlineData("10.0.0.1", "gopher", "id.example", "http", "id.example")]
    [InlineData("10.0.0.1", "https", "evil.example/path", "https", "inside:8080")]
    [InlineData("10.0.0.1", "https", "evil@id.example", "https", "inside:8080")]
    [InlineData("10.0.0.1", "https", "", "https", "inside:8080")]
    [InlineData("10.0.0.1", "https", "id.example:99999999", "https", "inside:8080")]
    public void Scheme_and_host_come_from_trusted_hops_only(string peer, string proto, string host, string seenScheme, string seenHost)
    {
        var context = RequestFrom(("X-Forwarded-Proto", proto), ("X-Forwarded-Host", host), ("X-Forwarded-For", "198.51.100.1"));

        var address = DecideClientAddress.Decide(IPAddress.Parse(peer), context.Request, Proxies);

        Assert.Equal((seenScheme, seenHost), (address.Scheme, address.Host));
    }

    [Fact]
    public void What_the_client_prepends_to_an_appended_header_does_not_count()
    {
        var context = RequestFrom(("X-Forwarded-For", "198.51.100.1, 10.0.0.2"), ("X-Forwarded-Proto", "https, http, http"), ("X-Forwarded-Host", "evil.example, id.example, inner"));

        var address = DecideClientAddress.Decide(IPAddress.Parse("10.0.0.1"), context.Request, Proxies);

        Assert.Equal(("http", "id.example"), (address.Scheme, address.Host));
    }

    [Theory]
    [InlineData("198.51.100.1", "198.51.100.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::ffff", "2001:db8:1:2::/64")]
    [InlineData("::ffff:198.51.100.1", "198.51.100.1")]
    public void Limits_count_a_subscriber_and_not_a_spelling(string peer, string key)
    {
        var address = DecideClientAddress.Decide(IPAddress.Parse(peer), RequestFrom().Request, TrustedProxies.None);

        Assert.Equal(key, address.RateKey);
    }

    [Fact]
    public void A_socket_without_an_address_is_trusted_with_nothing()
    {
        var everybody = Assert.IsType<TrustedProxies.Parsed.Valid>(TrustedProxies.Parse("10.0.0.0/8")).Proxies;

        var address = DecideClientAddress.Decide(null, RequestFrom(("X-Forwarded-For", "198.51.100.1")).Request, everybody);

        Assert.Equal("0.0.0.0", address.Text);
    }

    private static DefaultHttpContext RequestFrom(params (string Name, string? Value)[] headers)
    {
        var context = new DefaultHttpContext { Request = { Scheme = "http", Host = new HostString("inside:8080") } };
        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                context.Request.Headers[name] = value;
            }
        }

        return context;
    }
}
