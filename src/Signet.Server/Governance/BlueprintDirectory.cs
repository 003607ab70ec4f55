using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Governance.Storage;

namespace Signet.Server.Governance;

/// <summary>Finds blueprints, in the database: nothing that is asked often depends on them.</summary>
public sealed class BlueprintDirectory(Db db)
{
    /// <summary>Null where the tenant has no such blueprint.</summary>
    public Task<Blueprint?> FindAsync(TenantId tenant, BlueprintId id, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx => (await BlueprintRows.FindAsync(tx, id, ct))?.ToBlueprint(), ct);

    /// <summary>Newest first, up to <paramref name="limit"/>, before the one whose id is given.</summary>
    public Task<IReadOnlyList<Blueprint>> ListAsync(TenantId tenant, BlueprintState? state, BlueprintId? before, int limit, CancellationToken ct) =>
        db.InTenantAsync<IReadOnlyList<Blueprint>>(
            tenant, async tx => [.. (await BlueprintRows.ListAsync(tx, state, before, limit, ct)).Select(row => row.ToBlueprint())], ct);
}
