using System.Text.Json;
using Signet.Platform.Data;

namespace Signet.Server.Federation.Storage;

internal sealed record FederationEntityRow(string Settings, long Version)
{
    public FederationSettings ToSettings() => JsonSerializer.Deserialize<FederationSettings>(Settings, ColumnJson.Options)!;
}

internal static class FederationEntityRows
{
    public static Task<FederationEntityRow?> FindAsync(Tx tx, CancellationToken ct) =>
        tx.FindAsync<FederationEntityRow>("select settings, version from federation_entities where tenant_id = @tenant", new { tenant = tx.Tenant }, ct);

    /// <summary>Held until the transaction ends: keys move and configurations are signed one after the other. Null: there is none.</summary>
    public static Task<FederationEntityRow?> LockAsync(Tx tx, CancellationToken ct) =>
        tx.FindAsync<FederationEntityRow>("select settings, version from federation_entities where tenant_id = @tenant for update", new { tenant = tx.Tenant }, ct);

    /// <summary>Makes the row where there is none, and holds it.</summary>
    public static async Task<FederationEntityRow> ClaimAsync(Tx tx, CancellationToken ct)
    {
        var untouched = JsonSerializer.Serialize(FederationSettings.Untouched, ColumnJson.Options);
        await tx.ExecuteAsync("""
            insert into federation_entities (tenant_id, enabled, settings, version, updated_at)
            values (@Tenant, false, @untouched, 0, @Now)
            on conflict do nothing
            """, new { tx.Tenant, untouched, tx.Now }, ct);
        return (await LockAsync(tx, ct))!;
    }

    public static Task UpdateAsync(Tx tx, FederationSettings settings, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update federation_entities set enabled = @Enabled, settings = @document, version = version + 1, updated_at = @Now
             where tenant_id = @Tenant
            """, new { tx.Tenant, settings.Enabled, document = JsonSerializer.Serialize(settings, ColumnJson.Options), tx.Now }, ct);
}
