using Microsoft.Extensions.DependencyInjection;
using Signet.Platform.Data;
using Signet.Platform.Outbox;

namespace Signet.Platform.Jobs;

/// <summary>What each role of a process adds.</summary>
public static class JobsSetup
{
    /// <summary>In every process: events reach the outbox with their transaction, and modules can declare handlers and schedules.</summary>
    public static void AddOutboxAndJobs(this IServiceCollection services)
    {
        services.AddSingleton(built => new EventSubscriptions(built.GetServices<EventSubscription>(), built.GetServices<EveryEventSubscription>()));
        services.AddSingleton<CommitStep>(built => new OutboxStep(built.GetRequiredService<EventSubscriptions>()).WriteAsync);
        services.AddSingleton<LeaderLease>();
        PurgeFinished.Add(services);
    }

    /// <summary>The worker role: hands events on and runs jobs.</summary>
    public static void AddJobWorkers(this IServiceCollection services, JobOptions options)
    {
        services.AddSingleton(options);
        services.AddHostedService<OutboxRelay>();
        services.AddHostedService<JobWorker>();
        services.AddHostedService<JobUpkeep>();
    }

    /// <summary>The scheduler role: fires the schedules.</summary>
    public static void AddScheduler(this IServiceCollection services) => services.AddHostedService<Scheduler>();
}
