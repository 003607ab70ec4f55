using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Platform.Cache;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Cache;

public sealed class ReplayGuardTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly TestClock clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_uses_on_two_nodes_one_is_the_first()
    {
        ReplayGuard[] nodes = [OnANode(), OnANode()];

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => nodes[i % 2].IsFirstUseAsync("dpop", "many", Minute, Ct)));

        Assert.Single(answers, true);
    }

    [Fact]
    public async Task Another_purpose_or_key_is_another_thing()
    {
        var guard = OnANode();
        await guard.IsFirstUseAsync("ab", "c", Minute, Ct);

        Assert.True(await guard.IsFirstUseAsync("a", "b:c", Minute, Ct));
        Assert.True(await guard.IsFirstUseAsync("ab", "d", Minute, Ct));
        Assert.False(await guard.IsFirstUseAsync("ab", "c", Minute, Ct));
    }

    [Fact]
    public async Task What_could_not_be_accepted_any_more_is_forgotten()
    {
        var first = await OnANode().IsFirstUseAsync("dpop", "expires", Minute, Ct);
        clock.Advance(Minute - TimeSpan.FromSeconds(1));
        var within = await OnANode().IsFirstUseAsync("dpop", "expires", Minute, Ct);
        clock.Advance(TimeSpan.FromSeconds(1));
        var after = await OnANode().IsFirstUseAsync("dpop", "expires", Minute, Ct);

        Assert.Equal((true, false, true), (first, within, after));
    }

    [Fact]
    public async Task Losing_Redis_or_its_memory_lets_nothing_through()
    {
        await using var redis = await RedisProcess.StartNewAsync(Ct);
        Assert.True(RedisAddress.TryParse(redis.Url, out var address));
        await using var connection = new RedisConnection(address, NullLogger<RedisConnection>.Instance);
        await connection.StartAsync(Ct);
        var guard = new ReplayGuard(database.Db(clock), new RedisCache(connection, new CacheSeal(RandomNumberGenerator.GetBytes(32))), clock);
        var first = await guard.IsFirstUseAsync("dpop", "redis", Minute, Ct);
        var second = await guard.IsFirstUseAsync("dpop", "redis", Minute, Ct);

        await redis.KillAsync();
        var whileLost = await guard.IsFirstUseAsync("dpop", "redis", Minute, Ct);
        var newWhileLost = await guard.IsFirstUseAsync("dpop", "lost", Minute, Ct);
        await redis.StartAsync(Ct);
        await Until.TrueAsync(() => connection.Status is RedisStatus.Connected, Ct);
        var afterwards = await guard.IsFirstUseAsync("dpop", "redis", Minute, Ct);
        var newAfterwards = await guard.IsFirstUseAsync("dpop", "lost", Minute, Ct);

        Assert.Equal((true, false), (first, second));
        Assert.Equal((false, true), (whileLost, newWhileLost));
        Assert.Equal((false, false), (afterwards, newAfterwards));
    }

    private ReplayGuard OnANode() => new(database.Db(clock), new ProcessCache(clock), clock);
}
