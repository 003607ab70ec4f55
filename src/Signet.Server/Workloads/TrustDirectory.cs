using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Workloads.Storage;

namespace Signet.Server.Workloads;

/// <summary>Finds trust policies; those of an issuer from this node's copy, which goes the moment one of them changes.</summary>
public sealed class TrustDirectory(Db db, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "trust_policies";

    // News goes by tenant: issuers are long, and policies change rarely.
    private readonly NodeCache<(TenantId Tenant, string Issuer), IReadOnlyList<WorkloadTrust>> byIssuer =
        new(Topic, key => key.Tenant.ToString(), new NodeCacheOptions(10_000), notifications, time);

    /// <summary>Also those that are off, the oldest first.</summary>
    internal ValueTask<IReadOnlyList<WorkloadTrust>> OfIssuerAsync(TenantId tenant, string issuer, CancellationToken ct) =>
        byIssuer.GetAsync(
            (tenant, issuer),
            (key, token) => db.InTenantAsync<IReadOnlyList<WorkloadTrust>>(
                key.Tenant, async tx => [.. (await TrustPolicyRows.ListOfIssuerAsync(tx, key.Issuer, token)).Select(row => row.ToTrust())], token), ct);

    /// <summary>Null where the tenant has no such policy.</summary>
    public Task<WorkloadTrust?> FindAsync(TenantId tenant, TrustPolicyId id, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx => (await TrustPolicyRows.FindAsync(tx, id, ct))?.ToTrust(), ct);

    /// <summary>Newest first, up to <paramref name="limit"/>, before the one whose id is given.</summary>
    public Task<IReadOnlyList<WorkloadTrust>> ListAsync(TenantId tenant, AgentId? agent, TrustPolicyId? before, int limit, CancellationToken ct) =>
        db.InTenantAsync<IReadOnlyList<WorkloadTrust>>(
            tenant, async tx => [.. (await TrustPolicyRows.ListAsync(tx, agent, before, limit, ct)).Select(row => row.ToTrust())], ct);

    internal Task NoteUseAsync(TenantId tenant, TrustPolicyId id, CancellationToken ct) => db.InTenantAsync(tenant, tx => TrustPolicyRows.NoteUseAsync(tx, id, ct), ct);
}
