using Signet.Platform.Data;

namespace Signet.Server.Agents.Storage;

internal sealed record CredentialRow(
    CredentialId CredentialId, byte[] Hash, byte[]? PreviousHash, DateTimeOffset? PreviousUntil, string Hint, CredentialState State,
    DateTimeOffset CreatedAt, DateTimeOffset? RotatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt)
{
    public Credential ToCredential() => new(CredentialId, Hash, PreviousHash, PreviousUntil, Hint, State, CreatedAt, RotatedAt, ExpiresAt, RevokedAt);
}

internal static class CredentialRows
{
    private const string Columns = "credential_id, hash, previous_hash, previous_until, hint, state, created_at, rotated_at, expires_at, revoked_at";

    public static Task InsertAsync(Tx tx, AgentId agent, CredentialRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into agent_credentials (tenant_id, agent_id, credential_id, hash, hint, state, created_at, expires_at)
            values (@Tenant, @agent, @CredentialId, @Hash, @Hint, @State, @CreatedAt, @ExpiresAt)
            """, new { tx.Tenant, agent, row.CredentialId, row.Hash, row.Hint, row.State, row.CreatedAt, row.ExpiresAt }, ct);

    /// <summary>Newest first.</summary>
    public static Task<List<CredentialRow>> ListAsync(Tx tx, AgentId agent, CancellationToken ct) =>
        tx.ListAsync<CredentialRow>($"""
            select {Columns} from agent_credentials where tenant_id = @tenant and agent_id = @agent order by credential_id desc
            """, new { tenant = tx.Tenant, agent }, ct);

    /// <summary>Gives an active credential a new secret; null where it is revoked or none.</summary>
    public static Task<CredentialRow?> RotateAsync(
        Tx tx, AgentId agent, CredentialId id, byte[] hash, string hint, DateTimeOffset oldEnds, CancellationToken ct) =>
        tx.FindAsync<CredentialRow>($"""
            update agent_credentials
               set previous_hash = hash, previous_until = @oldEnds, hash = @hash, hint = @hint, rotated_at = @now
             where tenant_id = @tenant and agent_id = @agent and credential_id = @id and state = 'active'
            returning {Columns}
            """, new { tenant = tx.Tenant, agent, id, hash, hint, oldEnds, now = tx.Now }, ct);

    /// <summary>False where it is revoked already, or none.</summary>
    public static async Task<bool> RevokeAsync(Tx tx, AgentId agent, CredentialId id, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            update agent_credentials set state = 'revoked', revoked_at = @now
             where tenant_id = @tenant and agent_id = @agent and credential_id = @id and state = 'active'
            """, new { tenant = tx.Tenant, agent, id, now = tx.Now }, ct) == 1;

    /// <summary>The ids of those it revoked.</summary>
    public static Task<List<CredentialId>> RevokeAllAsync(Tx tx, AgentId agent, CancellationToken ct) =>
        tx.ListAsync<CredentialId>("""
            update agent_credentials set state = 'revoked', revoked_at = @now
             where tenant_id = @tenant and agent_id = @agent and state = 'active'
            returning credential_id
            """, new { tenant = tx.Tenant, agent, now = tx.Now }, ct);
}
