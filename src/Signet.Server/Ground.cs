using Microsoft.AspNetCore.DataProtection;
using Signet.Platform.Cache;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Jobs;
using Signet.Platform.Outbound;
using Signet.Server.Settings;
using Signet.Server.Tenants;

namespace Signet.Server;

/// <summary>What the platform gives every module: the database, keys, caches, jobs, the web's ground.</summary>
internal static class Ground
{
    public static void AddGround(this IServiceCollection services, HostSettings settings, Database database, BootstrapSecrets secrets)
    {
        var keys = new DerivedKeys(secrets);
        services.AddSingleton(settings);
        services.AddSingleton(database);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Db>();
        services.AddSingleton(secrets);
        services.AddCaches(settings.Redis, keys.For(KeyPurpose.CacheSeal));
        services.AddOutboxAndJobs();
        // Receivers that hang hold a turn each until their time is up; there are to be enough for the others meanwhile.
        services.AddSingleton(_ => new OutboundHttp(new OutboundOptions(settings.IsDevelopment, Concurrency: 256)));
        services.AddMetrics();
        AddWeb(services, settings, keys);
    }

    /// <summary>The background work of the roles this process has.</summary>
    public static void AddRoles(this IServiceCollection services, Roles roles)
    {
        if (roles.HasFlag(Roles.Worker))
        {
            services.AddJobWorkers(new JobOptions());
        }

        if (roles.HasFlag(Roles.Scheduler))
        {
            services.AddScheduler();
        }
    }

    private static void AddWeb(IServiceCollection services, HostSettings settings, DerivedKeys keys)
    {
        services.AddHttpJson();
        services.AddSingleton(new BrowserToken([.. keys.For(KeyPurpose.BrowserToken)], context => context.Features.Get<Tenant>()!.SchemeAndHost));
        services.AddSingleton<ProcessRateLimits>();
        if (settings.Redis is null)
        {
            services.AddSingleton<IRateLimits>(provider => provider.GetRequiredService<ProcessRateLimits>());
        }
        else
        {
            services.AddSingleton<IRateLimits, RedisRateLimits>();
        }

        services.AddManagementApiDescription();
    }

    /// <summary>Rendering brings the framework's data protection along, which would keep keys of its own on this machine. Nothing of ours uses it.</summary>
    public static void DropDataProtection(this IServiceCollection services)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        foreach (var starter in services.Where(service => service.ImplementationType?.Name == "DataProtectionHostedService").ToList())
        {
            services.Remove(starter);
        }
    }
}
