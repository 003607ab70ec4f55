using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Signet.Platform.Data;
using Signet.Server.Agents.Storage;
using Signet.Server.Tenants;

namespace Signet.Server.Agents;

/// <summary>
/// How many access tokens each agent gets in a calendar month (UTC). Where a limit holds, each is counted before it is made, by one statement that
/// counts no further than the limit: exact on all nodes, whatever is lost beside the database. Where none holds, they are counted behind the requests
/// by the second; a node that dies loses the count of its last second and nobody a token.
/// </summary>
public sealed class TokenBudget(Db db, AgentDirectory agents, TenantSettingsDirectory settings, TimeProvider time, ILogger<TokenBudget> log) : BackgroundService
{
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Key, long> pending = new();
    private readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Takes one token of this month's; false where there is none left.</summary>
    internal async ValueTask<bool> TakeAsync(TenantId tenant, AgentId id, CancellationToken ct)
    {
        var key = new Key(tenant, id, MonthOf(time.GetUtcNow()));
        if (await agents.FindAsync(tenant, id, ct) is not { } agent || await LimitOfAsync(tenant, agent, ct) is not { } limit)
        {
            pending.AddOrUpdate(key, 1, static (_, count) => count + 1);
            news.Writer.TryWrite(true);
            return true;
        }

        if (pending.ContainsKey(key))
        {
            // Counted while there was no limit, a moment ago.
            await WriteAsync(ct);
        }

        return await db.InTenantAsync(tenant, tx => TokenCountRows.TakeAsync(tx, id, key.Month, limit, ct), ct);
    }

    /// <summary>What the agent got this month, and may get.</summary>
    public async Task<AgentUsage> FindUsageAsync(TenantId tenant, Agent agent, CancellationToken ct)
    {
        await WriteAsync(ct);
        var month = MonthOf(time.GetUtcNow());
        var tokens = await TokenCountRows.FindAsync(db, tenant, agent.Id, month, ct);
        return new AgentUsage(month.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture), tokens, await LimitOfAsync(tenant, agent, ct));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in news.Reader.ReadAllAsync(stoppingToken))
        {
            await Task.Delay(Grain, time, stoppingToken);
            try
            {
                await WriteAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // They wait for the next token, or for the stop.
                log.TokensNotCounted(failure);
            }
        }
    }

    // The smaller of what the tenant allows each of its agents and what this one's owner allows it.
    private async ValueTask<int?> LimitOfAsync(TenantId tenant, Agent agent, CancellationToken ct) =>
        (await settings.FindAsync(tenant, ct)).Limits.TokensAMonth is { } general
            ? agent.MonthlyTokens is { } own ? Math.Min(own, general) : general
            : agent.MonthlyTokens;

    private async Task WriteAsync(CancellationToken ct)
    {
        foreach (var tenant in pending.Keys.Select(key => key.Tenant).Distinct())
        {
            // In one order on every node, so that two never wait for each other.
            var taken = pending.Keys.Where(key => key.Tenant == tenant).OrderBy(key => key.Agent.Value).ThenBy(key => key.Month)
                .Select(key => (Key: key, Count: pending.TryRemove(key, out var count) ? count : 0)).Where(entry => entry.Count > 0).ToList();
            if (taken.Count == 0)
            {
                continue;
            }

            try
            {
                await db.InTenantAsync(
                    tenant, tx => TokenCountRows.AddAsync(tx, taken.ConvertAll(entry => (entry.Key.Agent, entry.Key.Month, entry.Count)), ct), ct);
            }
            catch
            {
                foreach (var (key, count) in taken)
                {
                    pending.AddOrUpdate(key, count, (_, more) => more + count);
                }

                throw;
            }
        }
    }

    private static DateOnly MonthOf(DateTimeOffset now) => new(now.UtcDateTime.Year, now.UtcDateTime.Month, 1);

    private readonly record struct Key(TenantId Tenant, AgentId Agent, DateOnly Month);
}

/// <param name="Month">Of the calendar in UTC: <c>2030-01</c>.</param>
/// <param name="Tokens">Access tokens it got in it.</param>
/// <param name="Limit">Most it gets in it: its budget or the tenant's limit, whichever is smaller; left out where there is none.</param>
public sealed record AgentUsage(string Month, long Tokens, int? Limit);
