using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Platform.Data;
using Signet.Platform.Jobs.Storage;

namespace Signet.Platform.Jobs;

/// <param name="Concurrency">How many jobs a process runs at once.</param>
public sealed record JobOptions(int Concurrency = 8)
{
    /// <summary>After this long without a sign of life a worker's jobs go to others.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often to look without being woken: for jobs whose time has come.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long running jobs may take to end when the process is asked to stop; then they are put back.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>
/// Runs jobs of the kinds it has handlers for. Every job is run until it succeeds or has failed too often, by one worker at a time for as long as
/// that worker lives; when it dies the job goes to another after the lease.
/// </summary>
public sealed class JobWorker : BackgroundService
{
    private readonly string name;
    private readonly Db db;
    private readonly IServiceScopeFactory scopes;
    private readonly Notifications notifications;
    private readonly JobOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<JobWorker> log;
    private readonly Dictionary<string, JobHandler> handlers;
    private readonly ConcurrentDictionary<JobId, Running> running = new();

    public JobWorker(
        Db db, IEnumerable<JobHandler> handlers, IServiceScopeFactory scopes, Notifications notifications, JobOptions options, TimeProvider time, ILogger<JobWorker> log)
    {
        this.db = db;
        this.scopes = scopes;
        this.notifications = notifications;
        this.options = options;
        this.time = time;
        this.log = log;
        this.handlers = handlers.ToDictionary(h => h.Kind, StringComparer.Ordinal);
        name = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7(time.GetUtcNow()):N}";
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var bell = new Doorbell(notifications, EnqueueJob.Topic);
        using var heart = new Doorbell();
        using var abandon = new CancellationTokenSource();
        using var drained = new CancellationTokenSource();
        var beating = Rounds.RunAsync(BeatAsync, heart, options.Lease / 3, time, log, drained.Token);
        await Rounds.RunAsync(ct => TakeAsync(bell, abandon.Token, ct), bell, options.PollEvery, time, log, stoppingToken);

        abandon.CancelAfter(options.Drain);
        await Task.WhenAll(running.Values.Select(r => r.Ended));
        await drained.CancelAsync();
        await beating;
    }

    // True when there is nothing more to take, or no hand free to take it.
    private async Task<bool> TakeAsync(Doorbell bell, CancellationToken abandon, CancellationToken ct)
    {
        var free = options.Concurrency - running.Count;
        if (free == 0 || handlers.Count == 0)
        {
            return true;
        }

        // Not to be cancelled on the way: what was claimed must be run or given back.
        var claimed = await db.AsSystemAsync(tx => JobRows.ClaimAsync(tx, name, [.. handlers.Keys], free, options.Lease, CancellationToken.None), CancellationToken.None);
        var isMore = claimed.Count == free;
        foreach (var job in claimed)
        {
            var started = new Running(CancellationTokenSource.CreateLinkedTokenSource(abandon));
            running[job.Id] = started;
            _ = Task.Run(async () =>
            {
                await RunAsync(job, started, abandon);
                running.TryRemove(new KeyValuePair<JobId, Running>(job.Id, started));
                started.End();
                if (isMore)
                {
                    bell.Ring();
                }
            }, CancellationToken.None);
        }

        return true;
    }

    private async Task RunAsync(Job job, Running started, CancellationToken abandon)
    {
        using var activity = JobMetrics.Traces.StartActivity($"job {job.Kind}", ActivityKind.Consumer, job.Traceparent);
        activity?.SetTag("signet.job_id", job.Id.ToString());
        var begun = time.GetTimestamp();
        JobOutcome outcome;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await handlers[job.Kind].RunAsync(scope.ServiceProvider, job, started.Stop.Token);
            outcome = new JobOutcome.Done();
        }
        catch (OperationCanceledException) when (started.Stop.IsCancellationRequested)
        {
            outcome = abandon.IsCancellationRequested ? new JobOutcome.Released() : new JobOutcome.Lost();
        }
        catch (Exception failure)
        {
            log.JobFailed(failure, job.Id, job.Kind, job.Attempts);
            activity?.SetStatus(ActivityStatusCode.Error);
            outcome = JobOutcome.Of(failure, job, time.GetUtcNow());
        }

        if (outcome is JobOutcome.Dead)
        {
            log.JobDied(job.Id, job.Kind, job.Attempts);
        }

        JobMetrics.Ran(job.Kind, SnakeCaseName(outcome), time.GetElapsedTime(begun));
        await WriteAsync(job, outcome);
    }

    private async Task WriteAsync(Job job, JobOutcome outcome)
    {
        try
        {
            var written = await db.AsSystemAsync(tx => outcome switch
            {
                JobOutcome.Done => JobRows.FinishAsync(tx, name, job, CancellationToken.None),
                JobOutcome.Retry retry => JobRows.FailAsync(tx, name, job, retry.Error, retry.At, CancellationToken.None),
                JobOutcome.Dead dead => JobRows.FailAsync(tx, name, job, dead.Error, null, CancellationToken.None),
                JobOutcome.Released => JobRows.ReleaseAsync(tx, name, job, CancellationToken.None),
                JobOutcome.Lost => Task.FromResult(false),
                _ => throw new UnreachableException(),
            }, CancellationToken.None);
            if (!written)
            {
                log.JobLost(job.Id, job.Kind);
            }
        }
        catch (Exception failure)
        {
            log.OutcomeNotWritten(failure, job.Id);
        }
    }

    // Extends the leases of all running jobs at once; who is no longer its holder stops.
    private async Task<bool> BeatAsync(CancellationToken ct)
    {
        var held = running.ToList();
        if (held.Count > 0)
        {
            var ours = await db.AsSystemAsync(tx => JobRows.ExtendAsync(tx, name, [.. held.Select(h => h.Key)], options.Lease, ct), ct);
            foreach (var (_, lost) in held.ExceptBy(ours, h => h.Key))
            {
                await lost.StopAsync();
            }
        }

        return true;
    }

    private static string SnakeCaseName(JobOutcome outcome) => outcome.GetType().Name.ToLowerInvariant();

    private sealed class Running(CancellationTokenSource stop)
    {
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenSource Stop => stop;

        public Task Ended => ended.Task;

        public void End()
        {
            stop.Dispose();
            ended.SetResult();
        }

        public async Task StopAsync()
        {
            try
            {
                await stop.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It ended meanwhile.
            }
        }
    }
}
