using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Platform.Data;
using Signet.Platform.Jobs.Storage;
using Signet.Platform.Outbox.Storage;

namespace Signet.Platform.Jobs;

/// <summary>Takes back the jobs of workers that died, and samples what waits for the metrics.</summary>
public sealed class JobUpkeep(Db db, TimeProvider time, ILogger<JobUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var never = new Doorbell();
        await Rounds.RunAsync(async ct =>
        {
            await ReclaimAsync(ct);
            await SampleAsync(ct);
            return true;
        }, never, Every, time, log, stoppingToken);
    }

    internal async Task<int> ReclaimAsync(CancellationToken ct)
    {
        var reclaimed = await db.AsSystemAsync(async tx =>
        {
            var count = await JobRows.ReclaimAsync(tx, ct);
            if (count > 0)
            {
                tx.Notify(EnqueueJob.Topic, "");
            }

            return count;
        }, ct);
        if (reclaimed > 0)
        {
            log.JobsReclaimed(reclaimed);
        }

        return reclaimed;
    }

    private async Task SampleAsync(CancellationToken ct)
    {
        var (counts, lag) = await db.AsSystemAsync(
            async tx => (await JobLists.CountAsync(tx, ct), await OutboxRows.FindLagAsync(tx, ct)), ct);
        JobMetrics.Sampled(counts, lag);
    }
}
