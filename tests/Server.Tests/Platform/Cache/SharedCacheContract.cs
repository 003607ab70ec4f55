using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Platform.Cache;
using Signet.Testing;
using StackExchange.Redis;
using Xunit;

namespace Server.Tests.Platform.Cache;

/// <summary>What both shared caches promise.</summary>
public abstract class SharedCacheContract
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    protected abstract ISharedCache Cache { get; }

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_set_is_found()
    {
        await Cache.SetAsync("key", "value"u8.ToArray(), Long, Ct);

        Assert.Equal("value"u8.ToArray(), await Cache.FindAsync("key", Ct));
        Assert.Null(await Cache.FindAsync("Key", Ct));
    }

    [Fact]
    public async Task The_last_value_set_counts()
    {
        await Cache.SetAsync("twice", "first"u8.ToArray(), Long, Ct);
        await Cache.SetAsync("twice", "second"u8.ToArray(), Long, Ct);

        Assert.Equal("second"u8.ToArray(), await Cache.FindAsync("twice", Ct));
    }

    [Fact]
    public async Task What_was_removed_is_gone()
    {
        await Cache.SetAsync("removed", "value"u8.ToArray(), Long, Ct);

        await Cache.RemoveAsync("removed", Ct);

        Assert.Null(await Cache.FindAsync("removed", Ct));
    }

    [Fact]
    public async Task A_value_expires()
    {
        await Cache.SetAsync("brief", "value"u8.ToArray(), TimeSpan.FromMilliseconds(50), Ct);

        await Until.TrueAsync(async () => await Cache.FindAsync("brief", Ct) is null, Ct);
    }

    [Fact]
    public async Task Of_many_who_add_at_once_one_does()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Cache.AddAsync("added", new byte[] { (byte)i }, Long, Ct).AsTask()));

        Assert.Single(added, true);
        Assert.Equal(new[] { (byte)Array.IndexOf(added, true) }, await Cache.FindAsync("added", Ct));
    }

    [Fact]
    public async Task What_has_expired_can_be_added_again()
    {
        await Cache.AddAsync("again", "value"u8.ToArray(), TimeSpan.FromMilliseconds(50), Ct);

        await Until.TrueAsync(async () => await Cache.AddAsync("again", "value"u8.ToArray(), Long, Ct), Ct);
    }
}

public sealed class ProcessCacheTests : SharedCacheContract
{
    protected override ISharedCache Cache { get; } = new ProcessCache(TimeProvider.System);
}

public sealed class RedisCacheTests(RedisCacheTests.Server server) : SharedCacheContract, IClassFixture<RedisCacheTests.Server>
{
    protected override ISharedCache Cache => server.Cache;

    [Fact]
    public async Task Another_key_opens_nothing()
    {
        await Cache.SetAsync("sealed", "value"u8.ToArray(), TimeSpan.FromMinutes(1), Ct);
        var stranger = new RedisCache(server.Connection, new CacheSeal(RandomNumberGenerator.GetBytes(32)));

        Assert.Null(await stranger.FindAsync("sealed", Ct));
    }

    [Fact]
    public async Task A_dump_shows_neither_keys_nor_values()
    {
        await Cache.SetAsync("visible-key", "visible-value"u8.ToArray(), TimeSpan.FromMinutes(1), Ct);

        var dump = await server.DumpAsync(Ct);

        Assert.NotEmpty(dump);
        Assert.DoesNotContain("visible", dump);
    }

    [Fact]
    public async Task A_value_moved_to_another_key_is_not_opened()
    {
        await Cache.SetAsync("mine", "value"u8.ToArray(), TimeSpan.FromMinutes(1), Ct);
        await Cache.SetAsync("yours", "other"u8.ToArray(), TimeSpan.FromMinutes(1), Ct);

        await server.CopyAsync("mine", "yours", Ct);

        Assert.Null(await Cache.FindAsync("yours", Ct));
    }

    [Fact]
    public async Task Lost_Redis_finds_nothing_and_comes_back_by_itself()
    {
        await Cache.SetAsync("lost", "value"u8.ToArray(), TimeSpan.FromMinutes(1), Ct);

        await server.Redis.KillAsync();
        var lost = await Cache.FindAsync("lost", Ct);
        await Cache.SetAsync("lost", "value"u8.ToArray(), TimeSpan.FromMinutes(1), Ct);
        await Cache.RemoveAsync("lost", Ct);
        var added = await Cache.AddAsync("lost", "value"u8.ToArray(), TimeSpan.FromMinutes(1), Ct);
        await Until.TrueAsync(() => server.Connection.Status is RedisStatus.Error, Ct);
        await server.Redis.StartAsync(Ct);
        await Until.TrueAsync(() => server.Connection.Status is RedisStatus.Connected, Ct);

        Assert.Null(lost);
        Assert.True(added);
        await Until.TrueAsync(async () =>
        {
            await Cache.SetAsync("found", "value"u8.ToArray(), TimeSpan.FromMinutes(1), Ct);
            return await Cache.FindAsync("found", Ct) is not null;
        }, Ct);
    }

    [Fact]
    public async Task Redis_that_is_not_there_at_the_start_is_used_when_it_comes()
    {
        await using var redis = await RedisProcess.StartNewAsync(Ct);
        await redis.KillAsync();
        Assert.True(RedisAddress.TryParse(redis.Url, out var address));
        await using var connection = new RedisConnection(address, NullLogger<RedisConnection>.Instance);

        await connection.StartAsync(Ct);
        var early = connection.Status;
        await redis.StartAsync(Ct);
        await Until.TrueAsync(() => connection.Status is RedisStatus.Connected, Ct);

        Assert.Equal(RedisStatus.Error, early);
    }

    public sealed class Server : IAsyncLifetime
    {
        private readonly CacheSeal seal = new(RandomNumberGenerator.GetBytes(32));

        public RedisProcess Redis { get; private set; } = null!;

        public RedisConnection Connection { get; private set; } = null!;

        public RedisCache Cache { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Redis = await RedisProcess.StartNewAsync(Ct);
            Assert.True(RedisAddress.TryParse(Redis.Url, out var address));
            Connection = new RedisConnection(address, NullLogger<RedisConnection>.Instance);
            await Connection.StartAsync(Ct);
            Cache = new RedisCache(Connection, seal);
        }

        public async Task<string> DumpAsync(CancellationToken ct)
        {
            await using var admin = await ConnectionMultiplexer.ConnectAsync($"{new Uri(Redis.Url).Authority},allowAdmin=true").WaitAsync(ct);
            var store = admin.GetDatabase();
            var dump = "";
            foreach (var key in admin.GetServers()[0].Keys())
            {
                dump += $"{key} {await store.StringGetAsync(key)}";
            }

            return dump;
        }

        public async Task CopyAsync(string from, string to, CancellationToken ct) => Assert.True(await Connection.AskAsync("set", async store =>
            await store.StringSetAsync(Name(to), await store.StringGetAsync(Name(from))), whenLost: false, ct));

        public async ValueTask DisposeAsync()
        {
            await Connection.DisposeAsync();
            await Redis.DisposeAsync();
        }

        private byte[] Name(string key) => [.. "signet:"u8, .. seal.NameOf(key)];
    }
}
