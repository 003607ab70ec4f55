using Signet.Platform.Data;

namespace Signet.Server.Audit.Storage;

internal static class AuditKeys
{
    public sealed record Row(string Key, byte[] Mac);

    public static Task<List<Row>> ListAsync(Tx tx, TenantId tenant, CancellationToken ct) => tx.ListAsync<Row>("""
        select key, mac from audit_keys where tenant_id = @tenant order by introduced_at, key
        """, new { tenant }, ct);

    /// <summary>False where it is known already.</summary>
    public static async Task<bool> AddAsync(Tx tx, TenantId tenant, string key, byte[] mac, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into audit_keys (tenant_id, key, mac, introduced_at) values (@tenant, @key, @mac, @now)
            on conflict (tenant_id, key) do nothing
            """, new { tenant, key, mac, now = tx.Now }, ct) == 1;
}
