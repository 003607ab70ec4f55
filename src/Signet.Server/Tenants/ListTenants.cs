using Signet.Platform.Data;
using Signet.Server.Tenants.Storage;

namespace Signet.Server.Tenants;

/// <summary>Tenants in the order of their names, a page at a time.</summary>
public static class ListTenants
{
    /// <param name="after">The slug after which the page begins; null for the first.</param>
    public static async Task<IReadOnlyList<Tenant>> RunAsync(Db db, TenantDirectory directory, string? after, int limit, CancellationToken ct)
    {
        var rows = await db.AsSystemAsync(tx => TenantRows.ListAsync(tx, after, limit, ct), ct);
        return [.. rows.Select(directory.ToTenant)];
    }
}
