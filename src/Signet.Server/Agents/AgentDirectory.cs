using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Agents.Storage;
using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>Finds agents, from this node's copy; the copy goes the moment the agent or a credential of it changes.</summary>
public sealed class AgentDirectory(Db db, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "agents";

    private readonly NodeCache<(TenantId Tenant, AgentId Id), Agent?> byId =
        new(Topic, key => key.Id.ToString(), new NodeCacheOptions(50_000) { NegativeAge = TimeSpan.FromSeconds(1) }, notifications, time);

    /// <summary>Null where the tenant has no such agent.</summary>
    public ValueTask<Agent?> FindAsync(TenantId tenant, AgentId id, CancellationToken ct) => byId.GetAsync((tenant, id), LoadAsync, ct);

    /// <summary>Newest first, up to <paramref name="limit"/>, before the one whose id is given; without their credentials.</summary>
    public Task<IReadOnlyList<Agent>> ListAsync(TenantId tenant, AgentsWanted wanted, AgentId? before, int limit, CancellationToken ct) =>
        db.InTenantAsync<IReadOnlyList<Agent>>(
            tenant, async tx => [.. (await AgentRows.ListAsync(tx, wanted, before, limit, ct)).Select(row => row.ToAgent([]))], ct);

    /// <summary>How many agents are not decommissioned, counted no further than <paramref name="most"/>.</summary>
    public Task<long> CountAsync(TenantId tenant, int most, CancellationToken ct) => db.InTenantAsync(tenant, tx => AgentRows.CountAsync(tx, most, ct), ct);

    /// <summary>The same in a transaction, and from it.</summary>
    internal static async Task<IReadOnlyList<Agent>> ListAsync(Tx tx, AgentsWanted wanted, AgentId? before, int limit, CancellationToken ct) =>
        [.. (await AgentRows.ListAsync(tx, wanted, before, limit, ct)).Select(row => row.ToAgent([]))];

    /// <summary>
    /// How many agents of a blueprint are not decommissioned, counted no further than <paramref name="most"/>. Holds back who registers or stops others of it,
    /// until the transaction ends.
    /// </summary>
    internal static async Task<long> CountAsync(Tx tx, BlueprintId blueprint, int most, CancellationToken ct)
    {
        await AgentRows.QueueAsync(tx, blueprint, ct);
        return await AgentRows.CountAsync(tx, blueprint, most, ct);
    }

    /// <summary>People who answer for agents, up to <paramref name="limit"/>.</summary>
    public Task<List<UserId>> ListOwnersAsync(TenantId tenant, int limit, CancellationToken ct) =>
        db.InTenantAsync(tenant, tx => AgentRows.ListOwnersAsync(tx, limit, ct), ct);

    private Task<Agent?> LoadAsync((TenantId Tenant, AgentId Id) key, CancellationToken ct) =>
        db.InTenantAsync(key.Tenant, tx => LoadAsync(tx, key.Id, ct), ct);

    /// <summary>Holds the agent until the transaction ends. Null where something of it may change.</summary>
    internal static async Task<Problem?> HoldAsync(Tx tx, AgentId id, CancellationToken ct) => await AgentRows.LockAsync(tx, id, ct) switch
    {
        null => AgentProblems.NotFound,
        { State: AgentState.Decommissioned } => AgentProblems.Decommissioned,
        _ => null,
    };

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
