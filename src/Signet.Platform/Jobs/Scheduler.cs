using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Platform.Data;
using Signet.Platform.Jobs.Storage;

namespace Signet.Platform.Jobs;

/// <summary>
/// Fires each schedule once a time across all processes: the lease lets one of them look, and the row's own next time, moved in the transaction that
/// makes the job, decides. Of the times missed while no process ran, one is made up for.
/// </summary>
public sealed class Scheduler : BackgroundService
{
    public const string Lease = "scheduler";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, Schedule> schedules;
    private readonly Db db;
    private readonly LeaderLease lease;
    private readonly TimeProvider time;
    private readonly ILogger<Scheduler> log;

    public Scheduler(Db db, IEnumerable<Schedule> schedules, LeaderLease lease, TimeProvider time, ILogger<Scheduler> log)
    {
        this.schedules = schedules.ToDictionary(s => s.Name, StringComparer.Ordinal);
        this.db = db;
        this.lease = lease;
        this.time = time;
        this.log = log;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => lease.RunAsync(Lease, async ct =>
    {
        using var never = new Doorbell();
        var registered = false;
        await Rounds.RunAsync(async round =>
        {
            if (!registered)
            {
                await RegisterAsync(round);
                registered = true;
            }

            await FireDueAsync(round);
            return true;
        }, never, LookEvery, time, log, ct);
    }, stoppingToken);

    /// <summary>A new schedule begins with its next time; one whose expression changed, too.</summary>
    internal Task RegisterAsync(CancellationToken ct) => db.AsSystemAsync(async tx =>
    {
        foreach (var schedule in schedules.Values)
        {
            await ScheduleRows.RegisterAsync(tx, schedule.Name, schedule.Spec, schedule.NextAfter(tx.Now), ct);
        }
    }, ct);

    /// <summary>How many schedules fired.</summary>
    internal async Task<int> FireDueAsync(CancellationToken ct)
    {
        var fired = await db.AsSystemAsync(async tx =>
        {
            var due = await ScheduleRows.TakeDueAsync(tx, [.. schedules.Keys], ct);
            foreach (var row in due)
            {
                var schedule = schedules[row.Name];
                await ScheduleRows.MoveAsync(tx, row.Name, schedule.NextAfter(tx.Now), ct);
                tx.EnqueueFor(TenantId.Default, schedule.Kind, new ScheduledRun(row.NextRun), idempotencyKey: $"{row.Name} {row.NextRun:O}");
            }

            return due;
        }, ct);
        foreach (var row in fired)
        {
            log.ScheduleFired(row.Name, row.NextRun);
        }

        return fired.Count;
    }
}
