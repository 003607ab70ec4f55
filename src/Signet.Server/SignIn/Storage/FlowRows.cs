using Signet.Platform.Data;
using Signet.Server.Sessions;

namespace Signet.Server.SignIn.Storage;

internal sealed record FlowRow(
    FlowId FlowId, byte[] BrowserHash, string ReturnPath, string? ApplicationName, string? ReturnsTo, string? LoginHint, DateTimeOffset? NotBefore, SessionId? SessionId)
{
    public SignInFlow ToFlow() => new(FlowId, ReturnPath, ApplicationName, ReturnsTo, LoginHint, NotBefore, SessionId);
}

internal static class FlowRows
{
    public static Task InsertAsync(Tx tx, SignInFlow flow, byte[] browserHash, DateTimeOffset expiresAt, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into sign_in_flows (tenant_id, flow_id, browser_hash, return_path, application_name, returns_to, login_hint, not_before, created_at, expires_at)
            values (@Tenant, @Id, @browserHash, @ReturnPath, @ApplicationName, @ReturnsTo, @LoginHint, @NotBefore, @Now, @expiresAt)
            """, new { tx.Tenant, flow.Id, browserHash, flow.ReturnPath, flow.ApplicationName, flow.ReturnsTo, flow.LoginHint, flow.NotBefore, tx.Now, expiresAt }, ct);

    /// <summary>Only while it lives.</summary>
    public static Task<FlowRow?> FindAsync(Db db, TenantId tenant, FlowId id, DateTimeOffset now, CancellationToken ct) =>
        db.FindInTenantAsync<FlowRow>(tenant, """
            select flow_id, browser_hash, return_path, application_name, returns_to, login_hint, not_before, session_id
              from sign_in_flows
             where tenant_id = @tenant and flow_id = @id and expires_at > @now
            """, new { tenant, id, now }, ct);

    public static async Task<bool> AnswerAsync(Tx tx, FlowId id, SessionId session, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            update sign_in_flows set session_id = @session
             where tenant_id = @tenant and flow_id = @id and session_id is null and expires_at > @now
               and (not_before is null or not_before <= @now)
            """, new { tenant = tx.Tenant, id, session, now = tx.Now }, ct) == 1;

    public static Task<int> PurgeAsync(Tx tx, DateTimeOffset before, CancellationToken ct) =>
        tx.ExecuteAsync("delete from sign_in_flows where expires_at < @before", new { before }, ct);
}
