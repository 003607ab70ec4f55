using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox.Storage;

namespace Signet.Platform.Outbox;

/// <summary>Turns each outbox row into one job a subscriber, in one transaction: none is lost and none is made twice, however many relays run.</summary>
public sealed class OutboxRelay(Db db, Notifications notifications, TimeProvider time, ILogger<OutboxRelay> log) : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var bell = new Doorbell(notifications, OutboxStep.Topic);
        await Rounds.RunAsync(async ct => await RelayAsync(ct) < BatchSize, bell, PollEvery, time, log, stoppingToken);
    }

    /// <summary>How many rows have been moved.</summary>
    internal Task<int> RelayAsync(CancellationToken ct) => db.AsSystemAsync(async tx =>
    {
        var moved = await OutboxRows.MoveToJobsAsync(tx, BatchSize, ct);
        if (moved > 0)
        {
            tx.Notify(EnqueueJob.Topic, "");
        }

        return moved;
    }, ct);
}
