using Signet.Platform.Data;

namespace Signet.Server.Agents.Storage;

internal static class TokenCountRows
{
    /// <summary>Counts one more, no further than the limit: of those that race for the last one, one gets it.</summary>
    public static async Task<bool> TakeAsync(Tx tx, AgentId agent, DateOnly month, long limit, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into agent_token_counts as counted (tenant_id, agent_id, month, tokens) values (@tenant, @agent, @month, 1)
            on conflict (tenant_id, agent_id, month) do update set tokens = counted.tokens + 1 where counted.tokens < @limit
            """, new { tenant = tx.Tenant, agent, month, limit }, ct) == 1;

    public static Task AddAsync(Tx tx, IReadOnlyList<(AgentId Agent, DateOnly Month, long Count)> counts, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into agent_token_counts as counted (tenant_id, agent_id, month, tokens)
            select @tenant, agent_id, month, tokens from unnest(@agents::uuid[], @months::date[], @counts::bigint[]) as given (agent_id, month, tokens)
            on conflict (tenant_id, agent_id, month) do update set tokens = counted.tokens + excluded.tokens
            """, new
        {
            tenant = tx.Tenant,
            agents = counts.Select(count => count.Agent.Value).ToArray(),
            months = counts.Select(count => count.Month).ToArray(),
            counts = counts.Select(count => count.Count).ToArray(),
        }, ct);

    public static async Task<long> FindAsync(Db db, TenantId tenant, AgentId agent, DateOnly month, CancellationToken ct) =>
        (await db.ListInTenantAsync<long>(
            tenant, "select tokens from agent_token_counts where tenant_id = @tenant and agent_id = @agent and month = @month", new { tenant, agent, month }, ct))
        .FirstOrDefault();
}
