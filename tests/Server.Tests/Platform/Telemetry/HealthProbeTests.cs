using Microsoft.Extensions.Logging.Abstractions;
using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Platform.Telemetry;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Telemetry;

public sealed class HealthProbeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_many_ask_the_question_goes_out_once()
    {
        var asked = 0;
        var answer = new TaskCompletionSource<Health>();
        var probe = new HealthProbe(_ => { asked++; return answer.Task; }, TimeProvider.System);

        var answers = Enumerable.Range(0, 50).Select(_ => probe.CheckAsync(Ct)).ToArray();
        answer.SetResult(Health.Connected);

        Assert.All(await Task.WhenAll(answers), health => Assert.Equal(Health.Connected, health));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task What_does_not_answer_or_throws_is_an_error()
    {
        var silent = new HealthProbe(_ => new TaskCompletionSource<Health>().Task, TimeProvider.System);
        var broken = new HealthProbe(_ => throw new InvalidOperationException(), TimeProvider.System);

        Assert.Equal(Health.Error, await silent.CheckAsync(Ct));
        Assert.Equal(Health.Error, await broken.CheckAsync(Ct));
    }

    [Fact]
    public async Task A_database_that_answers_is_connected()
    {
        await using var test = await TestDatabase.CreateAsync();

        Assert.Equal(Health.Connected, await HealthProbe.OfPostgres(test.Database, TimeProvider.System).CheckAsync(Ct));
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_an_error()
    {
        const string Nowhere = "Host=127.0.0.1;Port=1;Username=x;Timeout=1";
        await using var database = new Database(new DatabaseAddress(Nowhere, Nowhere, "signet", 4));

        Assert.Equal(Health.Error, await HealthProbe.OfPostgres(database, TimeProvider.System).CheckAsync(Ct));
    }

    [Fact]
    public async Task Redis_is_disabled_connected_or_lost()
    {
        await using var redis = await RedisProcess.StartNewAsync(Ct);
        Assert.True(RedisAddress.TryParse(redis.Url, out var address));
        await using var none = new RedisConnection(null, NullLogger<RedisConnection>.Instance);
        await using var one = new RedisConnection(address, NullLogger<RedisConnection>.Instance);
        await one.StartAsync(Ct);

        var disabled = await HealthProbe.OfRedis(none, TimeProvider.System).CheckAsync(Ct);
        var connected = await HealthProbe.OfRedis(one, TimeProvider.System).CheckAsync(Ct);
        await redis.KillAsync();
        var lost = await HealthProbe.OfRedis(one, TimeProvider.System).CheckAsync(Ct);

        Assert.Equal((Health.Disabled, Health.Connected, Health.Error), (disabled, connected, lost));
    }
}
