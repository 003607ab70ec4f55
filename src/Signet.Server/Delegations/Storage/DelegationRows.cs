using Signet.Platform.Data;
using Signet.Server.Agents;

namespace Signet.Server.Delegations.Storage;

internal static class DelegationRows
{
    private const string Columns = """
        delegation_id, chain_id, parent_id, kind, subject_kind, subject_id, delegator_id, delegator_epoch, delegator_credential, source_token_id,
        actor_token_id, grant_id, consent_id, approval_id, actor_id, actor_epoch, actor_credential, depth, scopes, audience, details, created_at, expires_at,
        revoked_at, revoked_because
        """;

    public static void DeferInsert(Tx tx, HandOver row) =>
        tx.Defer($"""
            insert into delegations (tenant_id, {Columns})
            values (nullif(current_setting('signet.tenant', true), '')::uuid, @DelegationId, @ChainId, @ParentId, @Kind, @SubjectKind, @SubjectId,
                    @DelegatorId, @DelegatorEpoch, @DelegatorCredential, @SourceTokenId, @ActorTokenId, @GrantId, @ConsentId, @ApprovalId, @ActorId, @ActorEpoch,
                    @ActorCredential, @Depth, @Scopes, @Audience, @Details, @CreatedAt, @ExpiresAt, @RevokedAt, @RevokedBecause)
            """, row);

    public static Task<HandOver?> FindAsync(Db db, TenantId tenant, DelegationId id, CancellationToken ct) =>
        db.FindInTenantAsync<HandOver>(tenant, $"select {Columns} from delegations where tenant_id = @tenant and delegation_id = @id", new { tenant, id }, ct);

    /// <summary>Ends one hand-over; null where it had ended, or the agent has no part in it.</summary>
    public static Task<HandOver?> RevokeAsync(Tx tx, DelegationId id, AgentId? of, string because, CancellationToken ct) =>
        tx.FindAsync<HandOver>($"""
            update delegations set revoked_at = @now, revoked_because = @because
             where tenant_id = @tenant and delegation_id = @id and revoked_at is null
               and (@of::uuid is null or actor_id = @of or delegator_id = @of)
            returning {Columns}
            """, new { tenant = tx.Tenant, id, of, because, now = tx.Now }, ct);

    /// <summary>Ends what the agent handed on in the chain, or what a person allowed it if the chain began so.</summary>
    public static Task<List<HandOver>> RevokeInChainAsync(Tx tx, DelegationId chain, AgentId by, string because, CancellationToken ct) =>
        tx.ListAsync<HandOver>($"""
            update delegations set revoked_at = @now, revoked_because = @because
             where tenant_id = @tenant and chain_id = @chain and revoked_at is null
               and (delegator_id = @by or (delegator_id is null and actor_id = @by))
            returning {Columns}
            """, new { tenant = tx.Tenant, chain, by, because, now = tx.Now }, ct);

    /// <summary>The first of the chains in which the agent has a part, newest chain first, and all that came of them.</summary>
    public static Task<List<HandOver>> ListChainsAsync(Tx tx, AgentId agent, DelegationId? before, int limit, CancellationToken ct) =>
        tx.ListAsync<HandOver>($"""
            select {Columns} from delegations
             where tenant_id = @tenant and chain_id in (
                   select chain_id from (
                          select chain_id from delegations where tenant_id = @tenant and actor_id = @agent and (@before::uuid is null or chain_id < @before)
                          union
                          select chain_id from delegations where tenant_id = @tenant and delegator_id = @agent and (@before::uuid is null or chain_id < @before)
                          ) as parts
                    order by chain_id desc
                    limit @limit)
             order by chain_id desc, delegation_id
             limit 1000
            """, new { tenant = tx.Tenant, agent, before, limit }, ct);

    public static Task<int> PurgeAsync(Tx tx, DateTimeOffset before, CancellationToken ct) =>
        tx.ExecuteAsync("delete from delegations where expires_at < @before", new { before }, ct);
}
