using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Delegations;
using Signet.Server.Sessions;
using Signet.Server.Users;

namespace Signet.Server.Approvals.Storage;

/// <summary>An approval that ran out, of whichever tenant.</summary>
internal sealed record ExpiredRow(TenantId TenantId, ApprovalId ApprovalId, AgentId AgentId, UserId UserId, DateTimeOffset? DecidedAt);

internal static class ApprovalRows
{
    private const string Columns = """
        approval_id, agent_id, agent_epoch, user_id, scopes, resources, binding_message, details, dpop_key, state, created_at, expires_at, decided_at,
        session_id, methods, authenticated_at, delegation_id, token_ends_at
        """;

    /// <summary>False where the agent has so many waiting already.</summary>
    public static async Task<bool> InsertAsync(Tx tx, Approval row, byte[] requestHash, int interval, int mostWaiting, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into approvals (
                tenant_id, approval_id, request_hash, agent_id, agent_epoch, user_id, scopes, resources, binding_message, details, dpop_key, state,
                created_at, expires_at, interval_seconds)
            select @tenant, @ApprovalId, @requestHash, @AgentId, @AgentEpoch, @UserId, @Scopes, @Resources, @BindingMessage, @Details, @DpopKey, @State,
                   @CreatedAt, @ExpiresAt, @interval
             where (select count(*) from approvals
                     where tenant_id = @tenant and agent_id = @AgentId and state = 'waiting' and expires_at > @CreatedAt) < @mostWaiting
            """, new
        {
            tenant = tx.Tenant, row.ApprovalId, requestHash, row.AgentId, row.AgentEpoch, row.UserId, row.Scopes, row.Resources, row.BindingMessage,
            row.Details, row.DpopKey, row.State, row.CreatedAt, row.ExpiresAt, interval, mostWaiting,
        }, ct) == 1;

    public static Task<Approval?> FindAsync(Db db, TenantId tenant, ApprovalId id, CancellationToken ct) =>
        db.FindInTenantAsync<Approval>(tenant, $"select {Columns} from approvals where tenant_id = @tenant and approval_id = @id", new { tenant, id }, ct);

    public static Task<Approval?> FindByRequestAsync(Db db, TenantId tenant, byte[] hash, CancellationToken ct) =>
        db.FindInTenantAsync<Approval>(tenant, $"select {Columns} from approvals where tenant_id = @tenant and request_hash = @hash", new { tenant, hash }, ct);

    /// <summary>Newest first.</summary>
    public static Task<List<Approval>> ListAsync(
        Db db, TenantId tenant, AgentId? agent, UserId? user, bool openOnly, DateTimeOffset now, ApprovalId? before, int limit, CancellationToken ct) =>
        db.ListInTenantAsync<Approval>(tenant, $"""
            select {Columns} from approvals
             where tenant_id = @tenant
               and (@agent::uuid is null or agent_id = @agent) and (@user::uuid is null or user_id = @user)
               and (not @openOnly or (state in ('waiting', 'allowed') and expires_at > @now))
               and (@before::uuid is null or approval_id < @before)
             order by approval_id desc
             limit @limit
            """, new { tenant, agent, user, openOnly, now, before, limit }, ct);

    /// <summary>Answers one that waits, for who is asked; of racing answers one gets true.</summary>
    public static async Task<bool> DecideAsync(Tx tx, ApprovalId id, Session by, ApprovalState state, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            update approvals set state = @state, decided_at = @now, session_id = @session, methods = @methods, authenticated_at = @at
             where tenant_id = @tenant and approval_id = @id and user_id = @user and state = 'waiting' and expires_at > @now
            """, new
        {
            tenant = tx.Tenant, id, user = by.User.Id, state, session = by.Id, methods = by.Methods.ToArray(), at = by.AuthenticatedAt, now = tx.Now,
        }, ct) == 1;

    /// <summary>CIBA Core §11: who asks before the interval is over waits five seconds longer from then on. True where it was too soon.</summary>
    public static async Task<bool> PollAsync(Tx tx, ApprovalId id, CancellationToken ct) =>
        await tx.ScalarAsync<bool>("""
            with before as (
                select approval_id, coalesce(polled_at + make_interval(secs => interval_seconds) > @now, false) as too_soon
                  from approvals where tenant_id = @tenant and approval_id = @id for update)
            update approvals set polled_at = @now, interval_seconds = least(interval_seconds + case when before.too_soon then 5 else 0 end, 3600)
              from before
             where approvals.tenant_id = @tenant and approvals.approval_id = before.approval_id
            returning before.too_soon
            """, new { tenant = tx.Tenant, id, now = tx.Now }, ct);

    public static async Task<bool> TakeAsync(Tx tx, ApprovalId id, DelegationId delegation, DateTimeOffset tokenEndsAt, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            update approvals set state = 'used', delegation_id = @delegation, token_ends_at = @tokenEndsAt
             where tenant_id = @tenant and approval_id = @id and state = 'allowed' and expires_at > @now
            """, new { tenant = tx.Tenant, id, delegation, tokenEndsAt, now = tx.Now }, ct) == 1;

    /// <summary>Those it took back.</summary>
    public static Task<List<Approval>> CancelAsync(Tx tx, ApprovalId? id, AgentId? agent, UserId? user, CancellationToken ct) =>
        tx.ListAsync<Approval>($"""
            update approvals set state = 'cancelled'
             where tenant_id = @tenant
               and (@id::uuid is null or approval_id = @id) and (@agent::uuid is null or agent_id = @agent) and (@user::uuid is null or user_id = @user)
               and ((state in ('waiting', 'allowed') and expires_at > @now) or (state = 'used' and token_ends_at > @now))
            returning {Columns}
            """, new { tenant = tx.Tenant, id, agent, user, now = tx.Now }, ct);

    public static Task<List<ExpiredRow>> ExpireAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<ExpiredRow>("""
            update approvals set state = 'expired'
             where state in ('waiting', 'allowed') and expires_at <= @now
            returning tenant_id, approval_id, agent_id, user_id, decided_at
            """, new { now = tx.Now }, ct);

    public static Task PurgeAsync(Tx tx, DateTimeOffset before, CancellationToken ct) =>
        tx.ExecuteAsync("delete from approvals where created_at < @before and state not in ('waiting', 'allowed')", new { before }, ct);
}
