using Signet.Platform.Data;
using Signet.Platform.Http;

namespace Signet.Server.Limits;

/// <summary>Counts tries, each tenant by itself.</summary>
public sealed class RequestLimits(IRateLimits limits)
{
    /// <summary>Null if this one may go on; else after how long the next may.</summary>
    public async ValueTask<TimeSpan?> RefuseAsync(RateRule rule, TenantId tenant, string key, CancellationToken ct) =>
        await limits.TakeAsync(rule, $"{tenant}/{key}", ct) is RateDecision.Refused refused ? refused.RetryAfter : null;

    /// <summary>What limits by address count by: an IPv4 address, or an IPv6 /64.</summary>
    public static string AddressOf(HttpContext context) => ClientAddress.Of(context).RateKey;
}
