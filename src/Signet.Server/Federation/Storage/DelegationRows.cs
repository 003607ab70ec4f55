using Signet.Platform.Data;

namespace Signet.Server.Federation.Storage;

internal sealed record DelegationRow(TrustMarkTypeId TypeId, string Type, string Issuer, string Jwt, DateTimeOffset ExpiresAt, int ValidHours, DateTimeOffset CreatedAt);

/// <summary>A delegation that ends soon, and whose.</summary>
internal sealed record DueDelegation(TenantId TenantId, TrustMarkTypeId TypeId, string Issuer);

internal static class DelegationRows
{
    private const string Columns = "d.type_id, t.type, d.issuer, d.jwt, d.expires_at, d.valid_hours, d.created_at";

    private const string From = "from trust_mark_delegations d join trust_mark_types t on t.tenant_id = d.tenant_id and t.type_id = d.type_id";

    public static Task PutAsync(Tx tx, DelegationRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into trust_mark_delegations (tenant_id, type_id, issuer, jwt, expires_at, valid_hours, created_at)
            values (@Tenant, @TypeId, @Issuer, @Jwt, @ExpiresAt, @ValidHours, @CreatedAt)
            on conflict (tenant_id, type_id, issuer) do update set jwt = excluded.jwt, expires_at = excluded.expires_at, valid_hours = excluded.valid_hours
            """, new { tx.Tenant, row.TypeId, row.Issuer, row.Jwt, row.ExpiresAt, row.ValidHours, row.CreatedAt }, ct);

    public static async Task<bool> DeleteAsync(Tx tx, TrustMarkTypeId type, string issuer, CancellationToken ct) =>
        await tx.ExecuteAsync(
            "delete from trust_mark_delegations where tenant_id = @tenant and type_id = @type and issuer = @issuer", new { tenant = tx.Tenant, type, issuer }, ct) == 1;

    public static Task<List<DelegationRow>> ListAsync(Tx tx, TrustMarkTypeId type, CancellationToken ct) =>
        tx.ListAsync<DelegationRow>($"select {Columns} {From} where d.tenant_id = @tenant and d.type_id = @type order by d.issuer", new { tenant = tx.Tenant, type }, ct);

    public static Task<DelegationRow?> FindAsync(Tx tx, TrustMarkTypeId type, string issuer, CancellationToken ct) =>
        tx.FindAsync<DelegationRow>(
            $"select {Columns} {From} where d.tenant_id = @tenant and d.type_id = @type and d.issuer = @issuer", new { tenant = tx.Tenant, type, issuer }, ct);

    /// <summary>Those of any tenant with less than a quarter of their time left.</summary>
    public static Task<List<DueDelegation>> ListDueAsync(Tx tx, int limit, CancellationToken ct) =>
        tx.ListAsync<DueDelegation>($"""
            select d.tenant_id, d.type_id, d.issuer {From}
             where t.active and d.expires_at <= @now + make_interval(secs => d.valid_hours * 900)
             order by d.expires_at
             limit @limit
            """, new { now = tx.Now, limit }, ct);
}
