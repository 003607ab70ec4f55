using Signet.Platform.Data;
using Signet.Server.Agents;

namespace Signet.Server.Workloads.Storage;

internal sealed record BootstrapRow(TrustPolicyId PolicyId, CredentialId CredentialId, string Subject);

internal static class BootstrapRows
{
    /// <summary>Takes those of the past along.</summary>
    public static Task InsertAsync(Tx tx, byte[] hash, BootstrapRow row, DateTimeOffset expiresAt, CancellationToken ct) =>
        tx.ExecuteAsync("""
            with gone as (delete from bootstrap_tokens where tenant_id = @Tenant and expires_at < @Now)
            insert into bootstrap_tokens (tenant_id, token_hash, policy_id, credential_id, subject, expires_at)
            values (@Tenant, @hash, @PolicyId, @CredentialId, @Subject, @expiresAt)
            """, new { tx.Tenant, tx.Now, hash, row.PolicyId, row.CredentialId, row.Subject, expiresAt }, ct);

    /// <summary>Redeems at most once: of several at one moment one gets the row back.</summary>
    public static Task<BootstrapRow?> RedeemAsync(Tx tx, byte[] hash, CancellationToken ct) =>
        tx.FindAsync<BootstrapRow>("""
            update bootstrap_tokens set used_at = @now
             where tenant_id = @tenant and token_hash = @hash and used_at is null and expires_at > @now
            returning policy_id, credential_id, subject
            """, new { tenant = tx.Tenant, hash, now = tx.Now }, ct);

    /// <summary>For who redeemed it and then registered nothing.</summary>
    public static Task GiveBackAsync(Tx tx, byte[] hash, CancellationToken ct) =>
        tx.ExecuteAsync("update bootstrap_tokens set used_at = null where tenant_id = @tenant and token_hash = @hash", new { tenant = tx.Tenant, hash }, ct);
}
