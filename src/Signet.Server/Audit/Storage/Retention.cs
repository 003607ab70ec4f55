using Signet.Platform.Data;

namespace Signet.Server.Audit.Storage;

internal static class Retention
{
    public sealed record Rule(TenantId TenantId, int Days);

    public sealed record Pruned(long Records, long UpTo);

    public static Task<List<Rule>> ListAsync(Tx tx, CancellationToken ct) => tx.ListAsync<Rule>(
        "select tenant_id, days from audit_retention order by tenant_id", null, ct);

    /// <summary>Empties the next records of the log, up to the first that is not old enough.</summary>
    public static Task<Pruned?> PruneAsync(Tx tx, TenantId tenant, DateTimeOffset before, int limit, CancellationToken ct) => tx.FindAsync<Pruned>("""
        with rule as (select pruned from audit_retention where tenant_id = @tenant for update),
        ahead as (select e.id, e.position, bool_and(e.recorded_at < @before) over (order by e.position) as due
                    from audit_events e, rule
                   where e.tenant_id = @tenant and e.position >= rule.pruned
                   order by e.position
                   limit @limit),
        emptied as (update audit_events e
                       set content = null, action = null, outcome = null, actor_kind = null, actor_id = null,
                           target_kind = null, target_id = null, request_id = null
                      from ahead
                     where e.tenant_id = @tenant and e.id = ahead.id and ahead.due
                    returning e.position),
        moved as (update audit_retention set pruned = (select max(position) + 1 from emptied)
                   where tenant_id = @tenant and exists (select from emptied))
        select count(*) as records, coalesce(max(position), -1) as up_to from emptied
        """, new { tenant, before, limit }, ct);

    public static Task<int> ThinCheckpointsAsync(Tx tx, DateTimeOffset before, CancellationToken ct) => tx.ExecuteAsync("""
        delete from audit_checkpoints c
         using (select tenant_id, size,
                       date_trunc('hour', lead(signed_at) over (partition by tenant_id order by size)) = date_trunc('hour', signed_at) as superseded
                  from audit_checkpoints
                 where signed_at < @before) old
         where c.tenant_id = old.tenant_id and c.size = old.size and old.superseded
        """, new { before }, ct);

    public static async Task<int?> FindDaysAsync(Tx tx, TenantId tenant, CancellationToken ct) => await tx.ScalarAsync<int?>(
        "select days from audit_retention where tenant_id = @tenant", new { tenant }, ct);

    public static Task SetAsync(Tx tx, TenantId tenant, int? days, CancellationToken ct) => days is null
        ? tx.ExecuteAsync("delete from audit_retention where tenant_id = @tenant", new { tenant }, ct)
        : tx.ExecuteAsync("""
            insert into audit_retention (tenant_id, days) values (@tenant, @days)
            on conflict (tenant_id) do update set days = excluded.days
            """, new { tenant, days = days.Value }, ct);
}
