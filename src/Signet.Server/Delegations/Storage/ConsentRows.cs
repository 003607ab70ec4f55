using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Users;

namespace Signet.Server.Delegations.Storage;

internal static class ConsentRows
{
    private const string Columns = "consent_id, user_id, agent_id, scopes, resources, created_at, expires_at, withdrawn_at";
    private const string RequestColumns = "request_id, agent_id, user_id, scopes, resources, reason, ends_at, state, consent_id, created_at, expires_at";

    public static Task InsertRequestAsync(Tx tx, ConsentRequest row, CancellationToken ct) =>
        tx.ExecuteAsync($"""
            insert into agent_consent_requests (tenant_id, {RequestColumns})
            values (nullif(current_setting('signet.tenant', true), '')::uuid, @RequestId, @AgentId, @UserId, @Scopes, @Resources, @Reason, @EndsAt, @State,
                    @ConsentId, @CreatedAt, @ExpiresAt)
            """, row, ct);

    public static Task<ConsentRequest?> FindRequestAsync(Db db, TenantId tenant, ConsentRequestId id, CancellationToken ct) =>
        db.FindInTenantAsync<ConsentRequest>(
            tenant, $"select {RequestColumns} from agent_consent_requests where tenant_id = @tenant and request_id = @id", new { tenant, id }, ct);

    /// <summary>Answers a request that waits, for one of those who answer; null where it is answered, over, or another's.</summary>
    public static Task<ConsentRequest?> DecideAsync(Tx tx, ConsentRequestId id, UserId by, ConsentRequestState state, ConsentId? consent, CancellationToken ct) =>
        tx.FindAsync<ConsentRequest>($"""
            update agent_consent_requests set state = @state, consent_id = @consent, decided_at = @now
             where tenant_id = @tenant and request_id = @id and state = 'pending' and expires_at > @now and ends_at > @now
               and (user_id is null or user_id = @by)
            returning {RequestColumns}
            """, new { tenant = tx.Tenant, id, by, state, consent, now = tx.Now }, ct);

    public static Task InsertAsync(Tx tx, AgentConsent row, CancellationToken ct) =>
        tx.ExecuteAsync($"""
            insert into agent_consents (tenant_id, {Columns})
            values (nullif(current_setting('signet.tenant', true), '')::uuid, @ConsentId, @UserId, @AgentId, @Scopes, @Resources, @CreatedAt, @ExpiresAt, @WithdrawnAt)
            """, row, ct);

    public static Task<AgentConsent?> FindAsync(Db db, TenantId tenant, ConsentId id, CancellationToken ct) =>
        db.FindInTenantAsync<AgentConsent>(tenant, $"select {Columns} from agent_consents where tenant_id = @tenant and consent_id = @id", new { tenant, id }, ct);

    /// <summary>Those that hold, newest first.</summary>
    public static Task<List<AgentConsent>> ListAsync(Db db, TenantId tenant, UserId? user, AgentId[]? agents, DateTimeOffset now, CancellationToken ct) =>
        db.ListInTenantAsync<AgentConsent>(tenant, $"""
            select {Columns} from agent_consents
             where tenant_id = @tenant and withdrawn_at is null and expires_at > @now
               and (@user::uuid is null or user_id = @user) and (@agents::uuid[] is null or agent_id = any(@agents))
             order by consent_id desc
             limit 200
            """, new { tenant, user, agents, now }, ct);

    /// <summary>False where it was withdrawn, or is none of this agent's.</summary>
    public static async Task<bool> WithdrawAsync(Tx tx, ConsentId id, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            update agent_consents set withdrawn_at = @now
             where tenant_id = @tenant and consent_id = @id and withdrawn_at is null
            """, new { tenant = tx.Tenant, id, now = tx.Now }, ct) == 1;

    /// <summary>All of one person's; those it withdrew.</summary>
    public static Task<List<AgentConsent>> WithdrawOfUserAsync(Tx tx, UserId user, CancellationToken ct) =>
        tx.ListAsync<AgentConsent>($"""
            update agent_consents set withdrawn_at = @now
             where tenant_id = @tenant and user_id = @user and withdrawn_at is null
            returning {Columns}
            """, new { tenant = tx.Tenant, user, now = tx.Now }, ct);

    public static async Task PurgeAsync(Tx tx, DateTimeOffset before, CancellationToken ct)
    {
        await tx.ExecuteAsync("delete from agent_consent_requests where expires_at < @before", new { before }, ct);
        await tx.ExecuteAsync("delete from agent_consents where expires_at < @before", new { before }, ct);
    }
}
