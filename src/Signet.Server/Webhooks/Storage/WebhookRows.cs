using Signet.Platform.Data;

namespace Signet.Server.Webhooks.Storage;

internal sealed record WebhookRow(
    WebhookId WebhookId, string Name, string Url, string[] Events, WebhookState State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static WebhookRow Of(Webhook webhook) => new(
        webhook.Id, webhook.Name, webhook.Url, [.. webhook.Events], webhook.State, webhook.CreatedAt, webhook.UpdatedAt);

    public Webhook ToWebhook(IReadOnlyList<WebhookSecret> secrets) => new(WebhookId, Name, Url, Events, State, CreatedAt, UpdatedAt, secrets);
}

internal static class WebhookRows
{
    private const string Columns = "webhook_id, name, url, events, state, created_at, updated_at";

    /// <summary>False where the tenant has as many as it may. Counted without a lock: two at once may end one above it.</summary>
    public static async Task<bool> InsertAsync(Tx tx, WebhookRow row, int most, CancellationToken ct) =>
        await tx.ExecuteAsync($"""
            insert into webhooks (tenant_id, {Columns})
            select @Tenant, @WebhookId, @Name, @Url, @Events, @State, @CreatedAt, @UpdatedAt
             where (select count(*) from webhooks where tenant_id = @Tenant) < @most
            """, new { tx.Tenant, row.WebhookId, row.Name, row.Url, row.Events, row.State, row.CreatedAt, row.UpdatedAt, most }, ct) == 1;

    public static Task UpdateAsync(Tx tx, WebhookRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update webhooks
               set name = @Name, url = @Url, events = @Events, state = @State, updated_at = @UpdatedAt
             where tenant_id = @Tenant and webhook_id = @WebhookId
            """, new { tx.Tenant, row.WebhookId, row.Name, row.Url, row.Events, row.State, row.UpdatedAt }, ct);

    /// <summary>False where it is disabled already, or gone.</summary>
    public static async Task<bool> DisableAsync(Tx tx, WebhookId id, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            update webhooks set state = 'disabled', updated_at = @now
             where tenant_id = @tenant and webhook_id = @id and state = 'active'
            """, new { tenant = tx.Tenant, id, now = tx.Now }, ct) == 1;

    public static Task<WebhookRow?> FindAsync(Tx tx, WebhookId id, CancellationToken ct) =>
        tx.FindAsync<WebhookRow>($"select {Columns} from webhooks where tenant_id = @tenant and webhook_id = @id", new { tenant = tx.Tenant, id }, ct);

    /// <summary>Holds the row until the transaction ends, for a change that builds on what it says.</summary>
    public static Task<WebhookRow?> LockAsync(Tx tx, WebhookId id, CancellationToken ct) =>
        tx.FindAsync<WebhookRow>($"select {Columns} from webhooks where tenant_id = @tenant and webhook_id = @id for update", new { tenant = tx.Tenant, id }, ct);

    public static Task<List<WebhookRow>> ListAsync(Tx tx, WebhookId? before, int limit, CancellationToken ct) =>
        tx.ListAsync<WebhookRow>($"""
            select {Columns} from webhooks
             where tenant_id = @tenant and (@before::uuid is null or webhook_id < @before)
             order by webhook_id desc
             limit @limit
            """, new { tenant = tx.Tenant, before, limit }, ct);

    /// <param name="tenant">Named apart, as a transaction across tenants asks too.</param>
    public static Task<List<ActiveWebhook>> ListActiveAsync(Tx tx, TenantId tenant, CancellationToken ct) =>
        tx.ListAsync<ActiveWebhook>(
            "select webhook_id, events, created_at from webhooks where tenant_id = @tenant and state = 'active'", new { tenant }, ct);

    public static async Task<bool> DeleteAsync(Tx tx, WebhookId id, CancellationToken ct) =>
        await tx.ExecuteAsync("delete from webhooks where tenant_id = @tenant and webhook_id = @id", new { tenant = tx.Tenant, id }, ct) == 1;
}
