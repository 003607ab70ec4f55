using Signet.Platform.Data;

namespace Signet.Server.Federation.Storage;

internal sealed record SubordinateHistoryRow(Guid EventId, SubordinateId SubordinateId, string EntityId, string Event, string? Description, string Changes, DateTimeOffset HappenedAt);

internal static class SubordinateHistoryRows
{
    public static Task AddAsync(Tx tx, SubordinateHistoryRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into federation_subordinate_events (tenant_id, event_id, subordinate_id, entity_id, event, description, changes, happened_at)
            values (@Tenant, @EventId, @SubordinateId, @EntityId, @Event, @Description, @Changes, @HappenedAt)
            """, new { tx.Tenant, row.EventId, row.SubordinateId, row.EntityId, row.Event, row.Description, row.Changes, row.HappenedAt }, ct);

    /// <summary>The newest first.</summary>
    public static Task<List<SubordinateHistoryRow>> ListAsync(Tx tx, string entity, int limit, CancellationToken ct) =>
        tx.ListAsync<SubordinateHistoryRow>("""
            select event_id, subordinate_id, entity_id, event, description, changes, happened_at
              from federation_subordinate_events
             where tenant_id = @tenant and entity_id = @entity
             order by event_id desc
             limit @limit
            """, new { tenant = tx.Tenant, entity, limit }, ct);
}
