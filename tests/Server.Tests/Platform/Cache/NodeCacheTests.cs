using Signet.Platform.Cache;
using Signet.Platform.Data;
using Xunit;

namespace Server.Tests.Platform.Cache;

public sealed class NodeCacheTests
{
    private static readonly TenantId Tenant = TenantId.Default;
    private readonly Notifications notifications = new();
    private readonly SettableTime time = new();
    private int loads;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public NodeCacheTests() => notifications.SetConnected(true);

    [Fact]
    public async Task A_value_is_loaded_once()
    {
        var cache = Make();

        var answers = new[] { await GetAsync(cache, "a"), await GetAsync(cache, "a"), await GetAsync(cache, "a") };

        Assert.All(answers, a => Assert.Equal("a 1", a));
    }

    [Fact]
    public async Task News_makes_its_key_old_and_no_other()
    {
        var cache = Make();
        await GetAsync(cache, "a");
        await GetAsync(cache, "b");

        notifications.Deliver(new Notification("things", "a"));

        Assert.Equal("b 2", await GetAsync(cache, "b"));
        Assert.Equal("a 3", await GetAsync(cache, "a"));
    }

    [Fact]
    public async Task News_of_another_topic_changes_nothing()
    {
        var cache = Make();
        await GetAsync(cache, "a");

        notifications.Deliver(new Notification("others", "a"));

        Assert.Equal("a 1", await GetAsync(cache, "a"));
    }

    [Fact]
    public async Task News_about_everything_makes_every_key_old()
    {
        var cache = Make();
        await GetAsync(cache, "a");

        notifications.Deliver(new Notification("things", NodeCache<(TenantId, string), string?>.Everything));

        Assert.Equal("a 2", await GetAsync(cache, "a"));
    }

    [Fact]
    public async Task A_load_that_began_before_the_news_is_not_kept()
    {
        var cache = Make();
        var gate = new TaskCompletionSource<string?>();
        var early = cache.GetAsync((Tenant, "a"), (_, _) => gate.Task, Ct).AsTask();

        notifications.Deliver(new Notification("things", "a"));
        gate.SetResult("old");

        Assert.Equal("old", await early);
        Assert.Equal("a 1", await GetAsync(cache, "a"));
    }

    [Fact]
    public async Task Who_asks_after_the_news_does_not_wait_for_a_load_that_began_before_it()
    {
        var cache = Make();
        var gate = new TaskCompletionSource<string?>();
        var early = cache.GetAsync((Tenant, "a"), (_, _) => gate.Task, Ct).AsTask();

        notifications.Deliver(new Notification("things", "a"));
        var late = await GetAsync(cache, "a").AsTask().WaitAsync(TimeSpan.FromMinutes(1), Ct);
        gate.SetResult("old");

        Assert.Equal("a 1", late);
        Assert.Equal("old", await early);
        Assert.Equal("a 1", await GetAsync(cache, "a"));
    }

    [Fact]
    public async Task Many_who_ask_at_once_share_one_load()
    {
        var cache = Make();
        var gate = new TaskCompletionSource();
        var asking = Enumerable.Range(0, 50).Select(_ => cache.GetAsync((Tenant, "a"), async (key, _) =>
        {
            await gate.Task;
            return $"{key.Item2} {Interlocked.Increment(ref loads)}";
        }, Ct).AsTask()).ToList();

        gate.SetResult();

        Assert.All(await Task.WhenAll(asking), a => Assert.Equal("a 1", a));
    }

    [Fact]
    public async Task One_who_gives_up_does_not_take_the_load_from_the_others()
    {
        var cache = Make();
        var gate = new TaskCompletionSource<string?>();
        using var impatience = new CancellationTokenSource();
        var first = cache.GetAsync((Tenant, "a"), (_, _) => gate.Task, impatience.Token).AsTask();
        var second = cache.GetAsync((Tenant, "a"), (_, _) => gate.Task, Ct).AsTask();

        await impatience.CancelAsync();
        gate.SetResult("a");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("a", await second);
    }

    [Fact]
    public async Task A_failed_load_is_tried_again()
    {
        var cache = Make();
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            cache.GetAsync((Tenant, "a"), (_, _) => throw new InvalidOperationException("broken"), Ct).AsTask());

        var answer = await GetAsync(cache, "a");

        Assert.Equal("a 1", answer);
    }

    [Fact]
    public async Task Nothing_is_trusted_while_news_can_be_missed_nor_what_was_kept_before()
    {
        var cache = Make();
        await GetAsync(cache, "a");

        notifications.SetConnected(false);
        var lost = new[] { await GetAsync(cache, "a"), await GetAsync(cache, "a") };
        notifications.SetConnected(true);

        Assert.Equal(["a 2", "a 3"], lost);
        Assert.Equal("a 4", await GetAsync(cache, "a"));
        Assert.Equal("a 4", await GetAsync(cache, "a"));
    }

    [Fact]
    public async Task Nothing_is_trusted_when_the_listener_stops_renewing_the_trust()
    {
        var cache = Make();
        await GetAsync(cache, "a");

        notifications.TrustUntil(Environment.TickCount64);

        Assert.Equal("a 2", await GetAsync(cache, "a"));
    }

    [Fact]
    public async Task A_value_is_used_for_its_greatest_age()
    {
        var cache = Make(new NodeCacheOptions(10) { MaxAge = TimeSpan.FromMinutes(1) });
        await GetAsync(cache, "a");

        time.Advance(TimeSpan.FromSeconds(59));
        var young = await GetAsync(cache, "a");
        time.Advance(TimeSpan.FromSeconds(1));
        var old = await GetAsync(cache, "a");

        Assert.Equal("a 1", young);
        Assert.Equal("a 2", old);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(10, 1)]
    public async Task That_there_is_none_is_kept_only_where_it_is_asked_for(int negativeSeconds, int expectedLoads)
    {
        var cache = Make(new NodeCacheOptions(10) { NegativeAge = TimeSpan.FromSeconds(negativeSeconds) });

        await GetNothingAsync();
        await GetNothingAsync();

        Assert.Equal(expectedLoads, loads);

        ValueTask<string?> GetNothingAsync() => cache.GetAsync((Tenant, "a"), (_, _) =>
        {
            loads++;
            return Task.FromResult<string?>(null);
        }, Ct);
    }

    [Fact]
    public async Task It_holds_no_more_than_its_capacity_and_keeps_what_is_read()
    {
        var cache = Make(new NodeCacheOptions(100));
        await GetAsync(cache, "hot");

        for (var i = 0; i < 1000; i++)
        {
            await GetAsync(cache, $"cold {i}");
            await GetAsync(cache, "hot");
        }

        Assert.Equal("hot 1", await GetAsync(cache, "hot"));
        Assert.Equal(1001, loads);
        Assert.Equal("cold 0 1002", await GetAsync(cache, "cold 0"));
    }

    [Fact]
    public async Task No_reader_sees_an_older_value_after_a_write_has_returned()
    {
        var cache = Make();
        var truth = 0;
        var stale = 0;
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref truth) < 5000)
            {
                var before = Volatile.Read(ref truth);
                var seen = await cache.GetAsync((Tenant, "a"), async (_, _) =>
                {
                    var read = Volatile.Read(ref truth);
                    await Task.Yield();
                    return read.ToString();
                }, Ct);

                // The writer may be between its write and its news; one step behind is then still the answer.
                if (int.Parse(seen!) < before - 1)
                {
                    Interlocked.Increment(ref stale);
                }
            }
        }, Ct)).ToList();

        for (var i = 0; i < 5000; i++)
        {
            Interlocked.Increment(ref truth);
            notifications.Deliver(new Notification("things", "a"));
            await Task.Yield();
        }

        await Task.WhenAll(readers);
        Assert.Equal(0, stale);
    }

    private NodeCache<(TenantId, string), string?> Make(NodeCacheOptions? options = null) =>
        new("things", key => key.Item2, options ?? new NodeCacheOptions(100), notifications, time);

    private ValueTask<string?> GetAsync(NodeCache<(TenantId, string), string?> cache, string name) =>
        cache.GetAsync((Tenant, name), (key, _) => Task.FromResult<string?>($"{key.Item2} {++loads}"), Ct);

    private sealed class SettableTime : TimeProvider
    {
        private long ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Advance(TimeSpan by) => ticks += by.Ticks;
    }
}
