using Npgsql;
using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Jobs.Storage;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Jobs;

/// <summary>Every test has kinds of its own, so that they can share the table.</summary>
public sealed class JobQueueTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private readonly TestClock clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Db Db => field ??= database.Db(clock);

    [Fact]
    public async Task Sixteen_who_claim_at_once_get_each_job_once()
    {
        await EnqueueAsync(tx =>
        {
            for (var i = 0; i < 200; i++)
            {
                tx.Enqueue("many", i);
            }
        });

        var claimed = await Task.WhenAll(Enumerable.Range(0, 16).Select(async worker =>
        {
            List<Job> mine = [];
            while (await ClaimAsync("many", $"w{worker}", 7) is { Count: > 0 } some)
            {
                mine.AddRange(some);
            }

            return mine;
        }));

        Assert.Equal(Enumerable.Range(0, 200), claimed.SelectMany(c => c).Select(j => int.Parse(j.Payload)).Order());
    }

    [Fact]
    public async Task There_is_no_job_for_work_that_was_rolled_back()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => EnqueueAsync(tx =>
        {
            tx.Enqueue("undone", 1);
            throw new InvalidOperationException("The work failed.");
        }));

        Assert.Empty(await ClaimAsync("undone"));
    }

    [Fact]
    public async Task Of_many_with_one_idempotency_key_one_is_kept_even_after_it_is_done()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => EnqueueAsync(tx => tx.Enqueue("keyed", i, idempotencyKey: "k"))));
        var first = Assert.Single(await ClaimAsync("keyed"));
        await Db.AsSystemAsync(tx => JobRows.FinishAsync(tx, "w", first, Ct), Ct);

        await EnqueueAsync(tx => tx.Enqueue("keyed", 9, idempotencyKey: "k"));
        await EnqueueAsync(tx => tx.Enqueue("keyed", 10, idempotencyKey: "other"));

        Assert.Equal("10", Assert.Single(await ClaimAsync("keyed")).Payload);
    }

    [Fact]
    public async Task A_job_is_not_claimed_before_its_time()
    {
        await EnqueueAsync(tx => tx.Enqueue("later", 1, runAt: tx.Now.AddMinutes(5)));
        var early = await ClaimAsync("later");

        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Empty(early);
        Assert.Single(await ClaimAsync("later"));
    }

    [Fact]
    public async Task A_job_of_a_kind_the_worker_does_not_know_stays()
    {
        await EnqueueAsync(tx => tx.Enqueue("of-a-newer-version", 1));

        Assert.Empty(await ClaimAsync("of-an-older-version"));
        Assert.Single(await ClaimAsync("of-a-newer-version"));
    }

    [Fact]
    public async Task The_job_of_a_dead_worker_goes_to_another_after_its_lease()
    {
        await EnqueueAsync(tx => tx.Enqueue("orphaned", 1));
        await ClaimAsync("orphaned", "dead");
        var within = await ReclaimAndClaimAsync();

        clock.Advance(Lease + TimeSpan.FromSeconds(1));
        var after = await ReclaimAndClaimAsync();

        Assert.Empty(within);
        Assert.Equal(2, Assert.Single(after).Attempts);

        async Task<List<Job>> ReclaimAndClaimAsync()
        {
            await Db.AsSystemAsync(tx => JobRows.ReclaimAsync(tx, Ct), Ct);
            return await ClaimAsync("orphaned", "alive");
        }
    }

    [Fact]
    public async Task A_worker_that_comes_back_after_its_lease_changes_nothing()
    {
        await EnqueueAsync(tx => tx.Enqueue("late", 1));
        var slow = Assert.Single(await ClaimAsync("late", "slow"));
        clock.Advance(Lease + TimeSpan.FromSeconds(1));
        await Db.AsSystemAsync(tx => JobRows.ReclaimAsync(tx, Ct), Ct);
        var quick = Assert.Single(await ClaimAsync("late", "quick"));

        var bySlow = await Db.AsSystemAsync(tx => JobRows.FinishAsync(tx, "slow", slow, Ct), Ct);
        var byQuick = await Db.AsSystemAsync(tx => JobRows.FinishAsync(tx, "quick", quick, Ct), Ct);

        Assert.False(bySlow);
        Assert.True(byQuick);
    }

    [Fact]
    public async Task A_job_that_kills_its_workers_dies()
    {
        await EnqueueAsync(tx => tx.Enqueue("poison", 1, maxAttempts: 2));

        for (var i = 0; i < 2; i++)
        {
            await ClaimAsync("poison");
            clock.Advance(Lease + TimeSpan.FromSeconds(1));
            await Db.AsSystemAsync(tx => JobRows.ReclaimAsync(tx, Ct), Ct);
        }

        Assert.Equal(JobState.Dead, Assert.Single(await ListAsync("poison")).State);
    }

    [Fact]
    public async Task The_application_can_neither_read_jobs_nor_add_them_for_another_tenant()
    {
        var read = await Assert.ThrowsAsync<PostgresException>(() =>
            Db.InTenantAsync(TenantId.Default, tx => tx.ScalarAsync<long>("select count(*) from jobs", null, Ct), Ct));
        var other = new TenantId(Guid.CreateVersion7());
        var write = await Assert.ThrowsAsync<PostgresException>(() => EnqueueAsync(tx => tx.EnqueueFor(other, "foreign", 1)));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, read.SqlState);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, write.SqlState);
    }

    [Fact]
    public async Task An_operator_pages_through_jobs_from_the_newest()
    {
        for (var i = 0; i < 5; i++)
        {
            await EnqueueAsync(tx => tx.Enqueue("listed", i));
            clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        List<JobSummary> seen = [];
        JobId? before = null;
        do
        {
            var page = await Db.AsSystemAsync(tx => JobQueue.ListAsync(tx, new JobFilter(Kind: "listed", Before: before, Limit: 2), Ct), Ct);
            seen.AddRange(page.Jobs);
            before = page.Next;
        }
        while (before is not null);

        Assert.Equal(5, seen.Count);
        Assert.Equal(seen.Select(j => j.CreatedAt).OrderDescending(), seen.Select(j => j.CreatedAt));
    }

    [Fact]
    public async Task An_operator_filters_by_state()
    {
        await EnqueueAsync(tx => tx.Enqueue("filtered", 1));
        await EnqueueAsync(tx => tx.Enqueue("filtered", 2));
        await ClaimAsync("filtered", count: 1);

        var queued = await Db.AsSystemAsync(tx => JobQueue.ListAsync(tx, new JobFilter(JobState.Queued, "filtered"), Ct), Ct);
        var counts = await Db.AsSystemAsync(tx => JobQueue.CountAsync(tx, Ct), Ct);

        Assert.Single(queued.Jobs);
        Assert.Equal(1, counts.Single(c => c is { Kind: "filtered", State: JobState.Running }).Count);
    }

    [Fact]
    public async Task An_operator_retries_a_dead_job_with_all_its_attempts()
    {
        var dead = await DieAsync("retried");

        var retried = await Db.AsSystemAsync(tx => JobQueue.RetryAsync(tx, dead.Id, Ct), Ct);

        Assert.True(retried);
        Assert.Equal(1, Assert.Single(await ClaimAsync("retried")).Attempts);
        Assert.False(await Db.AsSystemAsync(tx => JobQueue.RetryAsync(tx, dead.Id, Ct), Ct));
    }

    [Fact]
    public async Task An_operator_discards_a_dead_job()
    {
        var dead = await DieAsync("discarded");
        var shown = await Db.AsSystemAsync(tx => JobQueue.FindAsync(tx, dead.Id, Ct), Ct);

        var discarded = await Db.AsSystemAsync(tx => JobQueue.DiscardAsync(tx, dead.Id, Ct), Ct);

        Assert.Equal("broken", shown?.LastError);
        Assert.True(discarded);
        Assert.Null(await Db.AsSystemAsync(tx => JobQueue.FindAsync(tx, dead.Id, Ct), Ct));
    }

    [Fact]
    public async Task Finished_jobs_are_purged_after_a_while_and_waiting_ones_are_not()
    {
        await EnqueueAsync(tx => tx.Enqueue("purged", 1));
        var done = Assert.Single(await ClaimAsync("purged"));
        await Db.AsSystemAsync(tx => JobRows.FinishAsync(tx, "w", done, Ct), Ct);
        await EnqueueAsync(tx => tx.Enqueue("purged", 2));
        clock.Advance(TimeSpan.FromDays(7));
        await PurgeFinished.RunAsync(Db, Ct);
        var within = await ListAsync("purged");

        clock.Advance(TimeSpan.FromSeconds(1));
        await PurgeFinished.RunAsync(Db, Ct);

        Assert.Equal(2, within.Count);
        Assert.Equal(JobState.Queued, Assert.Single(await ListAsync("purged")).State);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(5, 32)]
    [InlineData(40, 3600)]
    public void A_failed_job_waits_twice_as_long_each_time(int attempts, int seconds)
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.InRange(RetryDelay.After(attempts).TotalSeconds, seconds * 0.75, seconds * 1.25);
        }
    }

    private Task EnqueueAsync(Action<Tx> work) => Db.InTenantAsync(TenantId.Default, tx =>
    {
        work(tx);
        return Task.CompletedTask;
    }, Ct);

    private Task<List<Job>> ClaimAsync(string kind, string worker = "w", int count = 10) =>
        Db.AsSystemAsync(tx => JobRows.ClaimAsync(tx, worker, [kind], count, Lease, Ct), Ct);

    private async Task<IReadOnlyList<JobSummary>> ListAsync(string kind) =>
        (await Db.AsSystemAsync(tx => JobQueue.ListAsync(tx, new JobFilter(Kind: kind), Ct), Ct)).Jobs;

    private async Task<Job> DieAsync(string kind)
    {
        await EnqueueAsync(tx => tx.Enqueue(kind, 1));
        var job = Assert.Single(await ClaimAsync(kind));
        await Db.AsSystemAsync(tx => JobRows.FailAsync(tx, "w", job, "broken", null, Ct), Ct);
        return job;
    }
}
