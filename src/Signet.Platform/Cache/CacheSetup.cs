using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Signet.Platform.Data;

namespace Signet.Platform.Cache;

public static class CacheSetup
{
    /// <summary>In every process: hears the news of other nodes, and shares small values through Redis where there is one.</summary>
    /// <param name="redis">Null: no Redis.</param>
    /// <param name="sealKey">At least 32 bytes, the same on every node, used for nothing else.</param>
    public static void AddCaches(this IServiceCollection services, RedisAddress? redis, ReadOnlySpan<byte> sealKey)
    {
        var seal = new CacheSeal(sealKey);
        services.TryAddSingleton<Notifications>();
        services.AddHostedService<NotificationListener>();
        services.AddSingleton(built => new RedisConnection(redis, built.GetRequiredService<ILogger<RedisConnection>>()));
        services.AddHostedService(built => built.GetRequiredService<RedisConnection>());
        services.AddSingleton<ISharedCache>(built => redis is null
            ? new ProcessCache(built.GetRequiredService<TimeProvider>())
            : new RedisCache(built.GetRequiredService<RedisConnection>(), seal));
        services.AddSingleton<ReplayGuard>();
    }
}
