using System.Text.Json;
using Signet.Platform.Data;
using Signet.Server.Ui;

namespace Signet.Server.Tenants.Storage;

internal sealed record TenantSettingsRow(string? DisplayName, string? Brand, bool RegistrationOpen, int? MostAgents, int? TokensAMonth, int? RequestsAMinute, int OrphanGraceDays, DateTimeOffset UpdatedAt)
{
    private const string Columns = "display_name, brand::text, registration_open, most_agents, tokens_a_month, requests_a_minute, orphan_grace_days, updated_at";

    public TenantSettings ToSettings() =>
        new(DisplayName, Brand is null ? null : JsonSerializer.Deserialize<BrandChoice>(Brand, ColumnJson.Options), RegistrationOpen, UpdatedAt)
        {
            Limits = new AgentLimits(MostAgents, TokensAMonth, RequestsAMinute),
            OrphanGrace = TimeSpan.FromDays(OrphanGraceDays),
        };

    public static Task<TenantSettingsRow?> FindAsync(Tx tx, CancellationToken ct) =>
        tx.FindAsync<TenantSettingsRow>($"select {Columns} from tenant_settings where tenant_id = @tenant", new { tenant = tx.Tenant }, ct);

    /// <summary>The row, made where there is none, held until the transaction ends: of two who change it at once the second sees what the first left.</summary>
    public static async Task<TenantSettingsRow> LockAsync(Tx tx, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            insert into tenant_settings (tenant_id, updated_at) values (@tenant, @now)
            on conflict (tenant_id) do nothing
            """, new { tenant = tx.Tenant, now = tx.Now }, ct);
        return await tx.GetAsync<TenantSettingsRow>(
            $"select {Columns} from tenant_settings where tenant_id = @tenant for update", new { tenant = tx.Tenant }, ct);
    }

    public static Task SetAsync(Tx tx, TenantSettings settings, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update tenant_settings
               set display_name = @displayName, brand = @brand::jsonb, registration_open = @registrationOpen,
                   most_agents = @agents, tokens_a_month = @tokens, requests_a_minute = @requests, orphan_grace_days = @grace,
                   updated_at = @now
             where tenant_id = @tenant
            """, new
        {
            tenant = tx.Tenant,
            displayName = settings.DisplayName,
            brand = settings.Brand is null ? null : JsonSerializer.Serialize(settings.Brand, ColumnJson.Options),
            registrationOpen = settings.RegistrationOpen,
            agents = settings.Limits.Agents,
            tokens = settings.Limits.TokensAMonth,
            requests = settings.Limits.RequestsAMinute,
            grace = (int)settings.OrphanGrace.TotalDays,
            now = tx.Now,
        }, ct);
}
