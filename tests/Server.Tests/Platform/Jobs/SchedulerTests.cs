using Microsoft.Extensions.Logging.Abstractions;
using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Jobs.Storage;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Jobs;

public sealed class SchedulerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly TestClock clock = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Db Db => field ??= database.Db(clock);

    [Fact]
    public async Task Schedulers_that_look_at_once_fire_a_schedule_once()
    {
        var schedulers = Enumerable.Range(0, 8).Select(_ => Make(new Schedule("once", "*/5 * * * *", "once"))).ToList();
        await Task.WhenAll(schedulers.Select(s => s.RegisterAsync(Ct)));

        for (var i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            await Task.WhenAll(schedulers.Select(s => s.FireDueAsync(Ct)));
        }

        Assert.Equal(
            [At("03:05"), At("03:10"), At("03:15")],
            await DueTimesAsync("once"));
    }

    [Fact]
    public async Task A_schedule_does_not_fire_before_its_time()
    {
        var scheduler = Make(new Schedule("early", "5 3 * * *", "early"));
        await scheduler.RegisterAsync(Ct);

        var fired = await scheduler.FireDueAsync(Ct);

        Assert.Equal(0, fired);
    }

    [Fact]
    public async Task Of_many_missed_times_one_is_made_up_for()
    {
        var scheduler = Make(new Schedule("missed", "*/5 * * * *", "missed"));
        await scheduler.RegisterAsync(Ct);

        clock.Advance(TimeSpan.FromHours(1));
        await scheduler.FireDueAsync(Ct);
        await scheduler.FireDueAsync(Ct);
        clock.Advance(TimeSpan.FromMinutes(5));
        await scheduler.FireDueAsync(Ct);

        Assert.Equal([At("03:05"), At("04:05")], await DueTimesAsync("missed"));
    }

    [Fact]
    public async Task Registering_again_forgets_nothing_and_a_new_expression_begins_anew()
    {
        var scheduler = Make(new Schedule("changed", "5 3 * * *", "changed"));
        await scheduler.RegisterAsync(Ct);
        clock.Advance(TimeSpan.FromMinutes(10));
        await scheduler.RegisterAsync(Ct);
        var changed = Make(new Schedule("changed", "20 3 * * *", "changed"));

        var same = await scheduler.FireDueAsync(Ct);
        await changed.RegisterAsync(Ct);
        clock.Advance(TimeSpan.FromMinutes(10));
        await changed.FireDueAsync(Ct);

        Assert.Equal(1, same);
        Assert.Equal([At("03:05"), At("03:20")], await DueTimesAsync("changed"));
    }

    [Fact]
    public void A_schedule_follows_its_time_zone()
    {
        var schedule = new Schedule("zoned", "0 9 * * *", "zoned", TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(5), "east", "east"));

        Assert.Equal(At("04:00"), schedule.NextAfter(At("03:04")));
    }

    [Fact]
    public async Task One_of_many_holds_a_lease_until_it_lapses()
    {
        var contenders = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => HoldAsync("leader", $"p{i}")));
        var winner = $"p{Array.IndexOf(contenders, true)}";
        clock.Advance(TimeSpan.FromSeconds(14));
        var renewed = await HoldAsync("leader", winner);
        clock.Advance(TimeSpan.FromSeconds(14));
        var tooEarly = await HoldAsync("leader", "another");
        clock.Advance(TimeSpan.FromSeconds(1));
        var takenOver = await HoldAsync("leader", "another");

        Assert.Single(contenders, true);
        Assert.Equal((true, false, true), (renewed, tooEarly, takenOver));
        Assert.False(await HoldAsync("leader", winner));
    }

    [Fact]
    public async Task The_work_of_a_leader_who_stops_goes_to_the_next_at_once()
    {
        var lease = new LeaderLease(Db, clock, NullLogger<LeaderLease>.Instance);
        using var first = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var leading = lease.RunAsync("handed", async ct =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
        }, first.Token);
        await begun.Task.WaitAsync(Ct);
        var during = await HoldAsync("handed", "next");

        await first.CancelAsync();
        await leading;

        Assert.False(during);
        Assert.True(await HoldAsync("handed", "next"));
    }

    [Fact]
    public async Task A_running_scheduler_fires_what_is_due()
    {
        using var scheduler = Make(new Schedule("running", "5 3 * * *", "running"));
        await scheduler.StartAsync(Ct);
        await Until.TrueAsync(async () => await CountAsync("schedules where name = 'running'") == 1, Ct);

        clock.Advance(TimeSpan.FromMinutes(2));

        await Until.TrueAsync(async () => await CountAsync("jobs where kind = 'running'") == 1, Ct);
        await scheduler.StopAsync(Ct);
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2030-01-02T{time}:00Z");

    private Scheduler Make(Schedule schedule) =>
        new(Db, [schedule], new LeaderLease(Db, clock, NullLogger<LeaderLease>.Instance), clock, NullLogger<Scheduler>.Instance);

    private Task<bool> HoldAsync(string name, string owner) =>
        Db.AsSystemAsync(tx => LeaseRows.HoldAsync(tx, name, owner, TimeSpan.FromSeconds(15), Ct), Ct);

    private Task<long> CountAsync(string from) => Db.AsSystemAsync(tx => tx.ScalarAsync<long>($"select count(*) from {from}", null, Ct), Ct);

    private Task<List<DateTimeOffset>> DueTimesAsync(string kind) => Db.AsSystemAsync(tx => tx.ListAsync<DateTimeOffset>(
        "select (payload->>'due')::timestamptz as due from jobs where kind = @kind order by due", new { kind }, Ct), Ct);
}
