using Npgsql;
using Signet.Platform.Cache;
using Signet.Platform.Data;

namespace Signet.Platform.Telemetry;

public enum Health
{
    Connected,
    Error,

    /// <summary>None is configured.</summary>
    Disabled,
}

/// <summary>
/// Asks whether something we stand on answers. However often and from however many callers it is asked, the question goes out once a second at most,
/// and no answer within the limit is an error.
/// </summary>
public sealed class HealthProbe(Func<CancellationToken, Task<Health>> ask, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private Task<Health>? last;
    private long askedAt;

    public static HealthProbe OfPostgres(Database database, TimeProvider time) => new(async ct =>
    {
        await using var connection = await database.For(DatabaseRole.Application).OpenConnectionAsync(ct);
        await using var ping = new NpgsqlCommand("select 1", connection);
        return await ping.ExecuteScalarAsync(ct) is 1 ? Health.Connected : Health.Error;
    }, time);

    public static HealthProbe OfRedis(RedisConnection redis, TimeProvider time) => new(async ct => redis.Status switch
    {
        RedisStatus.Disabled => Health.Disabled,
        RedisStatus.Error => Health.Error,
        RedisStatus.Connected => await redis.AskAsync("ping", async store => await store.PingAsync() >= TimeSpan.Zero, whenLost: false, ct) ? Health.Connected : Health.Error,
    }, time);

    public Task<Health> CheckAsync(CancellationToken ct)
    {
        lock (gate)
        {
            if (last is null || (last.IsCompleted && time.GetElapsedTime(askedAt) >= Fresh))
            {
                askedAt = time.GetTimestamp();
                last = AskAsync();
            }

            return last.WaitAsync(ct);
        }
    }

    // Not the caller's token: the answer is shared with whoever asks meanwhile.
    private async Task<Health> AskAsync()
    {
        await Task.Yield();
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            return await ask(limit.Token).WaitAsync(limit.Token);
        }
        // Whatever the reason: it does not answer. The log of those who use it says why.
        catch (Exception)
        {
            return Health.Error;
        }
    }
}
