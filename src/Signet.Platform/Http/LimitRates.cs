using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Signet.Platform.Http;

/// <summary>
/// Counts every request against the rules of its endpoint before it is bound, and answers 429 with <c>Retry-After</c>.
/// What only the body names (an account, a client) the use case counts itself, with <see cref="CheckAsync"/>.
/// </summary>
public static class LimitRates
{
    /// <summary>Comes after routing.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app, IRateLimits limits) => app.Use(next => async context =>
    {
        if (context.GetEndpoint()?.Metadata.GetOrderedMetadata<Counted>() is { Count: > 0 } rules)
        {
            foreach (var rule in rules)
            {
                if (await limits.CheckAsync(rule.Rule, rule.KeyOf(context), context.RequestAborted) is { } refusal)
                {
                    await refusal.ExecuteAsync(context);
                    return;
                }
            }
        }

        await next(context);
    });

    /// <summary>Null, or the refusal to return.</summary>
    public static async ValueTask<Problem?> CheckAsync(this IRateLimits limits, RateRule rule, string key, CancellationToken ct) =>
        await limits.TakeAsync(rule, key, ct) is RateDecision.Refused refused
            ? HttpProblems.RateLimited with { RetryAfter = refused.RetryAfter }
            : null;

    /// <summary>For each client address (IPv6 by /64).</summary>
    public static TBuilder LimitsEachClient<TBuilder>(this TBuilder endpoints, RateRule rule) where TBuilder : IEndpointConventionBuilder =>
        endpoints.LimitsRate(rule, static context => ClientAddress.Of(context).RateKey);

    /// <summary>For all clients together.</summary>
    public static TBuilder LimitsEverybody<TBuilder>(this TBuilder endpoints, RateRule rule) where TBuilder : IEndpointConventionBuilder =>
        endpoints.LimitsRate(rule, static _ => "");

    public static TBuilder LimitsRate<TBuilder>(this TBuilder endpoints, RateRule rule, Func<HttpContext, string> keyOf) where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new Counted(rule, keyOf));

    private sealed record Counted(RateRule Rule, Func<HttpContext, string> KeyOf);
}
