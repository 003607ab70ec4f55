using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Platform.Cache;
using Signet.Platform.Http;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Http;

/// <summary>What every store of limits must do.</summary>
public abstract class RateLimitsContract
{
    private static readonly RateRule FiveAnHour = new("five_an_hour", 5, TimeSpan.FromHours(1));
    private static readonly RateRule OneAnHour = new("one_an_hour", 1, TimeSpan.FromHours(1));

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract IRateLimits Limits { get; }

    [Fact]
    public async Task The_whole_allowance_is_there_at_once_and_then_no_more()
    {
        var decisions = await TakeAsync(FiveAnHour, "a", 7);

        Assert.Equal(5, decisions.Count(d => d is RateDecision.Allowed));
        Assert.All(decisions[5..], d => Assert.InRange(Assert.IsType<RateDecision.Refused>(d).RetryAfter, TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(12)));
    }

    [Fact]
    public async Task Keys_and_rules_count_apart()
    {
        await TakeAsync(OneAnHour, "b", 1);

        var again = await Limits.TakeAsync(OneAnHour, "b", Ct);
        var otherKey = await Limits.TakeAsync(OneAnHour, "c", Ct);
        var otherRule = await Limits.TakeAsync(FiveAnHour, "b", Ct);

        Assert.IsType<RateDecision.Refused>(again);
        Assert.IsType<RateDecision.Allowed>(otherKey);
        Assert.IsType<RateDecision.Allowed>(otherRule);
    }

    [Fact]
    public async Task Of_many_at_once_no_more_pass_than_are_allowed()
    {
        var decisions = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () => await Limits.TakeAsync(FiveAnHour, "race", Ct), Ct)));

        Assert.Equal(5, decisions.Count(d => d is RateDecision.Allowed));
    }

    [Fact]
    public async Task A_permit_comes_back_after_its_interval()
    {
        var quick = new RateRule("quick", 1, TimeSpan.FromMilliseconds(50));
        await TakeAsync(quick, "d", 1);

        await Until.TrueAsync(async () => await Limits.TakeAsync(quick, "d", Ct) is RateDecision.Allowed, Ct);
    }

    [Theory]
    [InlineData("")]
    [InlineData("somebody+a very long address with spaces and ünïcode@example.test")]
    public async Task Any_text_is_a_key(string key) =>
        Assert.IsType<RateDecision.Allowed>(await Limits.TakeAsync(OneAnHour, key, Ct));

    protected async Task<RateDecision[]> TakeAsync(RateRule rule, string key, int times)
    {
        var decisions = new RateDecision[times];
        for (var index = 0; index < times; index++)
        {
            decisions[index] = await Limits.TakeAsync(rule, key, Ct);
        }

        return decisions;
    }
}

public sealed class ProcessRateLimitsTests : RateLimitsContract
{
    private static readonly RateRule Hundred = new("hundred", 100, TimeSpan.FromHours(1));

    protected override IRateLimits Limits { get; } = new ProcessRateLimits(TimeProvider.System);

    [Fact]
    public void A_flood_of_new_keys_stays_in_bounds_and_does_not_free_the_refused_one()
    {
        var limits = new ProcessRateLimits(TimeProvider.System, capacity: 1000);
        for (var taken = 0; taken < 100; taken++)
        {
            limits.Take(Hundred, "attacker");
        }

        for (var key = 0; key < 20_000; key++)
        {
            limits.Take(Hundred, $"flood {key}");
        }

        Assert.InRange(limits.Count, 1, 1000);
        Assert.IsType<RateDecision.Refused>(limits.Take(Hundred, "attacker"));
    }

    [Fact]
    public async Task The_middleware_answers_429_and_says_when_to_return()
    {
        var two = new RateRule("two", 2, TimeSpan.FromMinutes(2));
        await using var app = await SmallApp.StartAsync(routes =>
        {
            routes.UseRateLimits(Limits);
            routes.MapGet("/", () => "fine").LimitsEachClient(two);
            routes.MapGet("/free", () => "fine");
        });
        using var first = await app.Client.GetAsync("/", Ct);
        using var second = await app.Client.GetAsync("/", Ct);

        using var third = await app.Client.GetAsync("/", Ct);
        using var other = await app.Client.GetAsync("/free", Ct);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK], [first.StatusCode, second.StatusCode, third.StatusCode, other.StatusCode]);
        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Contains("\"code\":\"rate_limited\"", await third.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }
}

public sealed class RedisRateLimitsTests : RateLimitsContract, IAsyncLifetime
{
    private RedisProcess redis = null!;
    private RedisConnection connection = null!;
    private RedisRateLimits limits = null!;

    protected override IRateLimits Limits => limits;

    public async ValueTask InitializeAsync()
    {
        redis = await RedisProcess.StartNewAsync(Ct);
        Assert.True(RedisAddress.TryParse(redis.Url, out var address));
        connection = new RedisConnection(address, NullLogger<RedisConnection>.Instance);
        await connection.StartAsync(Ct);
        limits = new RedisRateLimits(connection, new ProcessRateLimits(TimeProvider.System));
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_share_their_count()
    {
        var one = new RateRule("shared", 1, TimeSpan.FromHours(1));
        var otherNode = new RedisRateLimits(connection, new ProcessRateLimits(TimeProvider.System));
        await limits.TakeAsync(one, "a", Ct);

        Assert.IsType<RateDecision.Refused>(await otherNode.TakeAsync(one, "a", Ct));
    }

    [Fact]
    public async Task Without_redis_requests_are_still_limited()
    {
        var two = new RateRule("two", 2, TimeSpan.FromHours(1));
        await redis.KillAsync();

        var decisions = await TakeAsync(two, "a", 3);

        Assert.Equal([true, true, false], decisions.Select(d => d is RateDecision.Allowed));
    }
}
