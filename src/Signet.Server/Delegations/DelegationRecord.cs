using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Delegations.Storage;
using Signet.Server.Users;

namespace Signet.Server.Delegations;

/// <summary>
/// Whether a hand-over still holds, from this node's copies. It is asked of each link up to the first: none revoked or over, every agent active and
/// in the epoch it was in, its credential not revoked, the person active and their consent not withdrawn. So the end of one ends all below it, on
/// every node from the commit on. An approval has its one hand-over, which is revoked where it is taken back.
/// </summary>
public sealed class DelegationRecord(
    Db db, AgentDirectory agents, AgentConsents consents, UserDirectory users, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "delegations";

    // Each actor has at most an offer and a token.
    private const int MostLinks = 32;

    private readonly NodeCache<(TenantId Tenant, DelegationId Id), HandOver?> byId =
        new(Topic, key => key.Id.ToString(), new NodeCacheOptions(100_000), notifications, time);

    /// <summary>The hand-over with all before it, the last first; null where any of it does not hold.</summary>
    public async ValueTask<IReadOnlyList<HandOver>?> FindLiveAsync(TenantId tenant, DelegationId id, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        List<HandOver> chain = [];
        for (DelegationId? next = id; next is { } at; next = chain[^1].ParentId)
        {
            if (chain.Count == MostLinks
                || await byId.GetAsync((tenant, at), (key, token) => DelegationRows.FindAsync(db, key.Tenant, key.Id, token), ct) is not { } link
                || link.RevokedAt is not null || link.ExpiresAt <= now
                || !await StandsAsync(tenant, link.ActorId, link.ActorEpoch, link.ActorCredential, now, ct))
            {
                return null;
            }

            chain.Add(link);
        }

        return await HoldsFromTheFirstAsync(tenant, chain[^1], now, ct) ? chain : null;
    }

    private async ValueTask<bool> HoldsFromTheFirstAsync(TenantId tenant, HandOver first, DateTimeOffset now, CancellationToken ct) =>
        first.SubjectKind is SubjectKind.User
            ? first.ConsentId is { } consent
                ? await consents.FindLiveAsync(tenant, consent, ct) is not null
                : first.ApprovalId is not null && await users.FindAsync(tenant, new UserId(first.SubjectId), ct) is { IsActive: true }
            : first.DelegatorEpoch is { } epoch && await StandsAsync(tenant, new AgentId(first.SubjectId), epoch, first.DelegatorCredential, now, ct);

    private async ValueTask<bool> StandsAsync(
        TenantId tenant, AgentId id, int epoch, CredentialId? credential, DateTimeOffset now, CancellationToken ct) =>
        await agents.FindAsync(tenant, id, ct) is { } agent
        && (credential is { } shown ? agent.StandsBy(epoch, shown, now) : agent.IsActive(now) && agent.Epoch == epoch);
}
