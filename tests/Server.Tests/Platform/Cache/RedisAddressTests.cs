using Signet.Platform.Cache;
using Xunit;

namespace Server.Tests.Platform.Cache;

public sealed class RedisAddressTests
{
    [Theory]
    [InlineData("redis://cache", "cache:6379/0", false)]
    [InlineData("redis://cache:7000", "cache:7000/0", false)]
    [InlineData("redis://cache:7000/3", "cache:7000/3", false)]
    [InlineData("rediss://user:pass%40word@cache", "cache:6379/0", true)]
    [InlineData("redis://:password@[::1]:7000", "[::1]:7000/0", false)]
    public void A_Redis_URL_is_read(string url, string shown, bool tls)
    {
        Assert.True(RedisAddress.TryParse(url, out var address));

        Assert.Equal(shown.Replace("[", "").Replace("]", ""), address.ToString());
        Assert.Equal(tls, address.Tls);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("cache:6379")]
    [InlineData("http://cache:6379")]
    [InlineData("redis://")]
    [InlineData("redis://cache/name")]
    [InlineData("redis://cache/-1")]
    [InlineData("redis://cache?db=1")]
    public void Anything_else_is_refused(string? url) => Assert.False(RedisAddress.TryParse(url, out _));
}
