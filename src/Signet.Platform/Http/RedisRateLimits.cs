using System.Security.Cryptography;
using System.Text;
using Signet.Platform.Cache;
using StackExchange.Redis;

namespace Signet.Platform.Http;

/// <summary>Limits that all nodes share, by the clock of Redis. While Redis is lost each node counts for itself: a limit becomes looser, never absent.</summary>
public sealed class RedisRateLimits(RedisConnection redis, ProcessRateLimits ownCount) : IRateLimits
{
    private const int NameBytes = 16;
    private const long Lost = long.MinValue;

    // In microseconds, which a double holds exactly. Answers -1, or after how long the next permit is there.
    private const string Script = """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000000 + clock[2]
        local interval, window = tonumber(ARGV[1]), tonumber(ARGV[2])
        local next = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + interval
        if next > now + window then
            return next - now - window
        end
        redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', math.ceil((next - now) / 1000))
        return -1
        """;

    public async ValueTask<RateDecision> TakeAsync(RateRule rule, string key, CancellationToken ct)
    {
        RedisKey[] keys = [NameOf(rule, key)];
        RedisValue[] arguments = [(long)rule.Interval.TotalMicroseconds, (long)rule.Window.TotalMicroseconds];
        var answer = await redis.AskAsync("eval", async store => (long)await store.ScriptEvaluateAsync(Script, keys, arguments), Lost, ct);
        return answer switch
        {
            Lost => ownCount.Take(rule, key),
            < 0 => RateDecision.Allowed.Instance,
            var wait => new RateDecision.Refused(TimeSpan.FromMicroseconds(wait)),
        };
    }

    // Hashed: keys are addresses of people, and of any length.
    private static string NameOf(RateRule rule, string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return $"signet:rate:{rule.Name}:{Convert.ToHexStringLower(hash[..NameBytes])}";
    }
}
