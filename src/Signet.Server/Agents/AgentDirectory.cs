using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Agents.Storage;

namespace Signet.Server.Agents;

/// <summary>Finds agents, from this node's copy; the copy goes the moment the agent or a credential of it changes.</summary>
public sealed class AgentDirectory(Db db, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "agents";

    private readonly NodeCache<(TenantId Tenant, AgentId Id), Agent?> byId =
        new(Topic, key => key.Id.ToString(), new NodeCacheOptions(50_000) { NegativeAge = TimeSpan.FromSeconds(1) }, notifications, time);

    /// <summary>Null where the tenant has no such agent.</summary>
    public ValueTask<Agent?> FindAsync(TenantId tenant, AgentId id, CancellationToken ct) => byId.GetAsync((tenant, id), LoadAsync, ct);

    private Task<Agent?> LoadAsync((TenantId Tenant, AgentId Id) key, CancellationToken ct) =>
        db.InTenantAsync(key.Tenant, tx => LoadAsync(tx, key.Id, ct), ct);

    internal static async Task<Agent?> LoadAsync(Tx tx, AgentId id, CancellationToken ct)
    {
        if (await AgentRows.FindAsync(tx, id, ct) is not { } row)
        {
            return null;
        }

        var credentials = await CredentialRows.ListAsync(tx, id, ct);
        return row.ToAgent([.. credentials.Where(credential => credential.State is CredentialState.Active).Select(credential => credential.ToCredential())]);
    }
}
