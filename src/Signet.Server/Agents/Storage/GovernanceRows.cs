using Signet.Platform.Data;
using Signet.Server.Users;

namespace Signet.Server.Agents.Storage;

internal sealed record DueRow(AgentId AgentId, UserId OwnerId, UserId? SponsorId, DateTimeOffset AttestedUntil);

/// <summary>What time does to agents: attestations that run out, owners that leave.</summary>
internal static class GovernanceRows
{
    /// <summary>Tenants that have agents; for a transaction across tenants.</summary>
    public static Task<List<TenantId>> ListTenantsAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<TenantId>("""
            with recursive held (tenant_id) as (
                (select tenant_id from agents order by tenant_id limit 1)
                union all
                select (select agents.tenant_id from agents where agents.tenant_id > held.tenant_id order by agents.tenant_id limit 1)
                  from held where held.tenant_id is not null)
            select tenant_id from held where tenant_id is not null
            """, null, ct);

    /// <summary>Those who answer for agents that are not decommissioned.</summary>
    public static Task<List<UserId>> ListOwnersAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<UserId>("select distinct owner_id from agents where tenant_id = @tenant and state <> 'decommissioned'", new { tenant = tx.Tenant }, ct);

    /// <summary>Those that are to be attested soon and were not told of yet: two weeks before the end, or half the interval where that is shorter.</summary>
    public static Task<List<DueRow>> TellAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<DueRow>("""
            update agents set attestation_told = attested_until
             where tenant_id = @tenant and state = 'active' and attested_until > @now
               and attested_until - least(interval '14 days', attestation_days * interval '12 hours') <= @now
               and attestation_told is distinct from attested_until
            returning agent_id, owner_id, sponsor_id, attested_until
            """, new { tenant = tx.Tenant, now = tx.Now }, ct);

    /// <summary>Suspends those whose attestation ran out, and ends their tokens.</summary>
    public static Task<List<AgentId>> SuspendOverdueAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<AgentId>("""
            update agents set state = 'suspended', epoch = epoch + 1, updated_at = @now
             where tenant_id = @tenant and state = 'active' and attested_until <= @now
            returning agent_id
            """, new { tenant = tx.Tenant, now = tx.Now }, ct);

    /// <summary>Suspends those nobody has answered for since then or longer, and ends their tokens.</summary>
    /// <param name="owner">Null: whoever it was.</param>
    public static Task<List<AgentId>> SuspendOrphansAsync(Tx tx, UserId? owner, DateTimeOffset since, CancellationToken ct) =>
        tx.ListAsync<AgentId>("""
            update agents set state = 'suspended', epoch = epoch + 1, updated_at = @now
             where tenant_id = @tenant and state = 'active' and orphaned_at <= @since and (@owner::uuid is null or owner_id = @owner)
            returning agent_id
            """, new { tenant = tx.Tenant, owner, since, now = tx.Now }, ct);

    /// <summary>Has those who judge whether this person is there come one after the other, until the transaction ends.</summary>
    public static Task QueueAsync(Tx tx, UserId owner, CancellationToken ct) =>
        tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('owner of agents ' || @tenant::text || ' ' || @owner::text, 0))", new { tenant = tx.Tenant, owner }, ct);

    public static Task<List<AgentId>> MarkOrphansAsync(Tx tx, UserId owner, CancellationToken ct) =>
        tx.ListAsync<AgentId>("""
            update agents set orphaned_at = @now
             where tenant_id = @tenant and owner_id = @owner and orphaned_at is null and state <> 'decommissioned'
            returning agent_id
            """, new { tenant = tx.Tenant, owner, now = tx.Now }, ct);

    public static Task<List<AgentId>> ClearOrphansAsync(Tx tx, UserId owner, CancellationToken ct) =>
        tx.ListAsync<AgentId>("""
            update agents set orphaned_at = null
             where tenant_id = @tenant and owner_id = @owner and orphaned_at is not null and state <> 'decommissioned'
            returning agent_id
            """, new { tenant = tx.Tenant, owner }, ct);
}
