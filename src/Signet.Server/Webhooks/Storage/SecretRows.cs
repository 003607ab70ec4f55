using Signet.Platform.Data;

namespace Signet.Server.Webhooks.Storage;

internal sealed record SecretRow(Guid SecretId, byte[] Secret, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    public WebhookSecret ToSecret() => new(SecretId, Hint, CreatedAt, ExpiresAt);
}

internal static class SecretRows
{
    /// <summary>Those that hold, the newest first.</summary>
    public static Task<List<SecretRow>> ListAsync(Tx tx, WebhookId webhook, CancellationToken ct) =>
        tx.ListAsync<SecretRow>("""
            select secret_id, secret, hint, created_at, expires_at from webhook_secrets
             where tenant_id = @tenant and webhook_id = @webhook and (expires_at is null or expires_at > @now)
             order by expires_at desc nulls first
            """, new { tenant = tx.Tenant, webhook, now = tx.Now }, ct);

    public static Task InsertAsync(Tx tx, WebhookId webhook, SecretRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into webhook_secrets (tenant_id, secret_id, webhook_id, secret, hint, created_at, expires_at)
            values (@Tenant, @SecretId, @webhook, @Secret, @Hint, @CreatedAt, @ExpiresAt)
            """, new { tx.Tenant, webhook, row.SecretId, row.Secret, row.Hint, row.CreatedAt, row.ExpiresAt }, ct);

    /// <summary>The present secret ends at that moment, and one before it now: there are never more than two.</summary>
    public static async Task ExpireAsync(Tx tx, WebhookId webhook, DateTimeOffset at, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            delete from webhook_secrets where tenant_id = @tenant and webhook_id = @webhook and expires_at is not null
            """, new { tenant = tx.Tenant, webhook }, ct);
        await tx.ExecuteAsync("""
            update webhook_secrets set expires_at = @at where tenant_id = @tenant and webhook_id = @webhook
            """, new { tenant = tx.Tenant, webhook, at }, ct);
    }

    /// <summary>Of every tenant.</summary>
    public static Task PurgeAsync(Tx tx, CancellationToken ct) =>
        tx.ExecuteAsync("delete from webhook_secrets where expires_at <= @now", new { now = tx.Now }, ct);
}
