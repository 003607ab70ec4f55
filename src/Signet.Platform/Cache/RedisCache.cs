using StackExchange.Redis;

namespace Signet.Platform.Cache;

/// <summary>The shared cache in Redis, sealed. While Redis is lost it finds nothing and keeps nothing.</summary>
public sealed class RedisCache(RedisConnection redis, CacheSeal seal) : ISharedCache
{
    public async ValueTask<byte[]?> FindAsync(string key, CancellationToken ct)
    {
        var name = seal.NameOf(key);
        var box = await redis.AskAsync("get", store => store.StringGetAsync(NameOf(name)), RedisValue.Null, ct);
        return box.IsNull ? null : seal.Open(name, ((ReadOnlyMemory<byte>)box).Span);
    }

    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken ct) =>
        await SetAsync(key, value, timeToLive, When.Always, ct);

    public async ValueTask RemoveAsync(string key, CancellationToken ct) =>
        await redis.AskAsync("del", store => store.KeyDeleteAsync(NameOf(seal.NameOf(key))), whenLost: false, ct);

    public ValueTask<bool> AddAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken ct) =>
        SetAsync(key, value, timeToLive, When.NotExists, ct);

    private ValueTask<bool> SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, When when, CancellationToken ct)
    {
        var name = seal.NameOf(key);
        var box = seal.Seal(name, value.Span);
        return redis.AskAsync("set", store => store.StringSetAsync(NameOf(name), box, timeToLive, when: when), whenLost: true, ct);
    }

    private static RedisKey NameOf(byte[] name) => ((RedisKey)name).Prepend("signet:"u8.ToArray());
}
