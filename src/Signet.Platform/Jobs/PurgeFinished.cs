using Microsoft.Extensions.DependencyInjection;
using Signet.Platform.Cache.Storage;
using Signet.Platform.Data;
using Signet.Platform.Jobs.Storage;

namespace Signet.Platform.Jobs;

/// <summary>Every hour: forgets jobs that were done a week ago or died ninety days ago, and what can no longer be replayed.</summary>
internal static class PurgeFinished
{
    public const string Kind = "platform.purge";
    private static readonly TimeSpan KeepDone = TimeSpan.FromDays(7);
    private static readonly TimeSpan KeepDead = TimeSpan.FromDays(90);

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(new Schedule(Kind, "17 * * * *", Kind));
        services.OnJob<ScheduledRun>(Kind, (scope, _, _, ct) => RunAsync(scope.GetRequiredService<Db>(), ct));
    }

    public static Task RunAsync(Db db, CancellationToken ct) => db.AsSystemAsync(async tx =>
    {
        await JobRows.PurgeAsync(tx, tx.Now - KeepDone, tx.Now - KeepDead, ct);
        await UsedOnce.PurgeAsync(tx, ct);
    }, ct);
}
