using System.Text.Json;
using Signet.Platform.Data;
using Signet.Server.Agents;

namespace Signet.Server.AgentCards.Storage;

internal sealed record CardRow(AgentId AgentId, string Content, bool Published, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static CardRow Of(AgentCard card) => new(card.Agent, JsonSerializer.Serialize(card.Content), card.Published, card.CreatedAt, card.UpdatedAt);

    public AgentCard ToCard() => new(AgentId, JsonSerializer.Deserialize<CardContent>(Content)!, Published, CreatedAt, UpdatedAt);
}

internal static class CardRows
{
    public static Task<CardRow?> FindAsync(Tx tx, AgentId agent, CancellationToken ct) =>
        tx.FindAsync<CardRow>(
            "select agent_id, content, published, created_at, updated_at from agent_cards where tenant_id = @tenant and agent_id = @agent",
            new { tenant = tx.Tenant, agent }, ct);

    public static Task PutAsync(Tx tx, CardRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into agent_cards (tenant_id, agent_id, content, published, created_at, updated_at)
            values (@Tenant, @AgentId, @Content, @Published, @CreatedAt, @UpdatedAt)
            on conflict (tenant_id, agent_id)
            do update set content = excluded.content, published = excluded.published, updated_at = excluded.updated_at
            """, new { tx.Tenant, row.AgentId, row.Content, row.Published, row.CreatedAt, row.UpdatedAt }, ct);

    public static Task DeleteAsync(Tx tx, AgentId agent, CancellationToken ct) =>
        tx.ExecuteAsync("delete from agent_cards where tenant_id = @tenant and agent_id = @agent", new { tenant = tx.Tenant, agent }, ct);
}
