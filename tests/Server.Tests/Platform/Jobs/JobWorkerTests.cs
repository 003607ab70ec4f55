using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Jobs.Storage;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Jobs;

public sealed class JobWorkerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly TestClock clock = new();
    private readonly Notifications notifications = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Db Db => field ??= database.Db(clock, notifications);

    [Fact]
    public async Task A_job_runs_with_its_payload_for_its_tenant_and_is_done()
    {
        var seen = new TaskCompletionSource<(Job, Greeting)>();
        var tenant = new TenantId(Guid.CreateVersion7());
        await using var worker = await StartAsync(s => s.OnJob<Greeting>("greet", (_, job, greeting, _) =>
        {
            seen.SetResult((job, greeting));
            return Task.CompletedTask;
        }));

        await Db.InTenantAsync(tenant, tx => { tx.Enqueue("greet", new Greeting("Ada", 3), idempotencyKey: "k"); return Task.CompletedTask; }, Ct);

        var (job, greeting) = await seen.Task.WaitAsync(Ct);
        Assert.Equal(new Greeting("Ada", 3), greeting);
        Assert.Equal((tenant, 1, "k"), (job.TenantId, job.Attempts, job.IdempotencyKey));
        await UntilAsync("greet", JobState.Done);
    }

    [Fact]
    public async Task A_failing_job_is_tried_again_later_and_dies_in_the_end()
    {
        var attempts = new ConcurrentQueue<int>();
        await using var worker = await StartAsync(s => s.OnJob<int>("fail", (_, job, _, _) =>
        {
            attempts.Enqueue(job.Attempts);
            throw new InvalidOperationException("It is broken.");
        }));

        await EnqueueAsync(tx => tx.Enqueue("fail", 1, maxAttempts: 3));
        for (var attempt = 1; attempt < 3; attempt++)
        {
            await Until.TrueAsync(async () => await FindAsync("fail") is { State: JobState.Queued } waiting && waiting.Attempts == attempt, Ct);
            clock.Advance(TimeSpan.FromSeconds(6));
        }

        await UntilAsync("fail", JobState.Dead);
        Assert.Equal([1, 2, 3], attempts);
        Assert.Equal("InvalidOperationException: It is broken.", (await FindAsync("fail"))!.LastError);
    }

    [Fact]
    public async Task A_failed_job_is_not_tried_again_before_its_time()
    {
        await using var worker = await StartAsync(s => s.OnJob<int>("wait", (_, _, _, _) => throw new InvalidOperationException("It is broken.")));

        await EnqueueAsync(tx => tx.Enqueue("wait", 1));
        await Until.TrueAsync(async () => await FindAsync("wait") is { State: JobState.Queued, Attempts: 1 }, Ct);

        Assert.InRange((await FindAsync("wait"))!.RunAt - clock.GetUtcNow(), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2.5));
    }

    [Fact]
    public async Task A_payload_the_handler_cannot_read_is_not_tried_again()
    {
        await using var worker = await StartAsync(s => s.OnJob<Greeting>("unreadable", (_, _, _, _) => Task.CompletedTask));

        await EnqueueAsync(tx => tx.Enqueue("unreadable", "not a greeting"));

        await UntilAsync("unreadable", JobState.Dead);
        Assert.Equal(1, (await FindAsync("unreadable"))!.Attempts);
    }

    [Fact]
    public async Task Four_workers_run_each_job_once()
    {
        var runs = new ConcurrentBag<int>();
        Action<IServiceCollection> declare = s => s.OnJob<int>("shared", (_, _, number, _) =>
        {
            runs.Add(number);
            return Task.CompletedTask;
        });
        await using var first = await StartAsync(declare);
        await using var second = await StartAsync(declare);
        await using var third = await StartAsync(declare);
        await using var fourth = await StartAsync(declare);

        await EnqueueAsync(tx =>
        {
            for (var i = 0; i < 100; i++)
            {
                tx.Enqueue("shared", i);
            }
        });

        await Until.TrueAsync(async () => await CountAsync("shared", JobState.Done) == 100, Ct);
        Assert.Equal(Enumerable.Range(0, 100), runs.Order());
    }

    [Fact]
    public async Task The_job_of_a_killed_worker_is_run_by_another()
    {
        var ran = new TaskCompletionSource<int>();
        await EnqueueAsync(tx => tx.Enqueue("killed", 1));
        await Db.AsSystemAsync(tx => JobRows.ClaimAsync(tx, "killed", ["killed"], 1, TimeSpan.FromMinutes(1), Ct), Ct);
        await using var worker = await StartAsync(s => s.OnJob<int>("killed", (_, job, _, _) =>
        {
            ran.SetResult(job.Attempts);
            return Task.CompletedTask;
        }));

        clock.Advance(TimeSpan.FromSeconds(61));
        using var upkeep = new JobUpkeep(Db, clock, NullLogger<JobUpkeep>.Instance);
        await upkeep.ReclaimAsync(Ct);

        Assert.Equal(2, await ran.Task.WaitAsync(Ct));
        await UntilAsync("killed", JobState.Done);
    }

    [Fact]
    public async Task A_long_job_keeps_its_lease()
    {
        var gate = new TaskCompletionSource();
        await using var worker = await StartAsync(s => s.OnJob<int>("long", (_, _, _, _) => gate.Task), new JobOptions { Lease = TimeSpan.FromMilliseconds(300) });
        await EnqueueAsync(tx => tx.Enqueue("long", 1));
        await UntilAsync("long", JobState.Running);

        try
        {
            for (var i = 0; i < 5; i++)
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                await Until.TrueAsync(async () => (await FindAsync("long"))!.LockedUntil > clock.GetUtcNow().AddMilliseconds(250), Ct);
            }

            // Other tests of this database may have left jobs whose lease is over; this one's is not.
            using var upkeep = new JobUpkeep(Db, clock, NullLogger<JobUpkeep>.Instance);
            await upkeep.ReclaimAsync(Ct);
            var kept = (await FindAsync("long"))!;
            Assert.Equal((JobState.Running, 1), (kept.State, kept.Attempts));
        }
        finally
        {
            // Or the worker would wait for its job for ever.
            gate.SetResult();
        }

        await UntilAsync("long", JobState.Done);
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_stops_the_job()
    {
        var stopped = new TaskCompletionSource();
        await using var worker = await StartAsync(s => s.OnJob<int>("lost", async (_, _, _, ct) =>
        {
            using var registration = ct.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, ct);
        }), new JobOptions { Lease = TimeSpan.FromMilliseconds(300) });
        await EnqueueAsync(tx => tx.Enqueue("lost", 1));
        await UntilAsync("lost", JobState.Running);

        await Db.AsSystemAsync(tx => tx.ExecuteAsync("update jobs set locked_by = 'another' where kind = 'lost'", null, Ct), Ct);

        await stopped.Task.WaitAsync(Ct);
    }

    [Fact]
    public async Task Stopping_lets_running_jobs_end()
    {
        var begun = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        var worker = await StartAsync(s => s.OnJob<int>("drained", async (_, _, _, _) =>
        {
            begun.SetResult();
            await gate.Task;
        }));
        await EnqueueAsync(tx => tx.Enqueue("drained", 1));
        await begun.Task.WaitAsync(Ct);

        var stopping = worker.StopAsync();
        gate.SetResult();
        await stopping;

        Assert.Equal(JobState.Done, (await FindAsync("drained"))!.State);
    }

    [Fact]
    public async Task Stopping_puts_back_what_does_not_end_in_time()
    {
        var begun = new TaskCompletionSource();
        var worker = await StartAsync(s => s.OnJob<int>("abandoned", async (_, _, _, ct) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
        }), new JobOptions { Drain = TimeSpan.Zero });
        await EnqueueAsync(tx => tx.Enqueue("abandoned", 1));
        await begun.Task.WaitAsync(Ct);

        await worker.StopAsync();

        var job = await FindAsync("abandoned");
        Assert.Equal((JobState.Queued, 0), (job!.State, job.Attempts));
    }

    [Fact]
    public async Task The_trace_goes_on_in_the_job()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Signet.Jobs",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        var seen = new TaskCompletionSource<ActivityTraceId?>();
        await using var worker = await StartAsync(s => s.OnJob<int>("traced", (_, _, _, _) =>
        {
            seen.SetResult(Activity.Current?.TraceId);
            return Task.CompletedTask;
        }));

        using var request = new Activity("request").Start();
        await EnqueueAsync(tx => tx.Enqueue("traced", 1));

        Assert.Equal(request.TraceId, await seen.Task.WaitAsync(Ct));
    }

    private Task<TestWorker> StartAsync(Action<IServiceCollection> declare, JobOptions? options = null) =>
        TestWorker.StartAsync(Db, notifications, clock, declare, options);

    private Task EnqueueAsync(Action<Tx> work) => Db.InTenantAsync(TenantId.Default, tx =>
    {
        work(tx);
        return Task.CompletedTask;
    }, Ct);

    private Task UntilAsync(string kind, JobState state) => Until.TrueAsync(async () => (await FindAsync(kind))?.State == state, Ct);

    private Task<JobDetail?> FindAsync(string kind) => Db.AsSystemAsync(async tx =>
        await JobQueue.ListAsync(tx, new JobFilter(Kind: kind), Ct) is { Jobs: [var job, ..] } ? await JobQueue.FindAsync(tx, job.Id, Ct) : null, Ct);

    private Task<long> CountAsync(string kind, JobState state) => Db.AsSystemAsync(tx =>
        tx.ScalarAsync<long>("select count(*) from jobs where kind = @kind and state = @state", new { kind, state }, Ct), Ct);

    private sealed record Greeting(string Name, int Times);
}
