using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.OAuth.Storage;

namespace Signet.Server.OAuth;

/// <summary>Whether what a token hangs on still holds, from this node's copy; a revocation holds on every node from the commit on.</summary>
public sealed class TokenStates(Db db, Notifications notifications, TimeProvider time)
{
    internal const string GrantTopic = "grants";
    internal const string RevokedTopic = "revoked_tokens";

    private readonly NodeCache<(TenantId Tenant, GrantId Grant), GrantRow?> grants =
        new(GrantTopic, key => key.Grant.ToString(), new NodeCacheOptions(100_000), notifications, time);

    private readonly NodeCache<(TenantId Tenant, string Token), bool> revoked =
        new(RevokedTopic, key => key.Token, new NodeCacheOptions(200_000), notifications, time);

    internal async ValueTask<bool> GrantHoldsAsync(TenantId tenant, GrantId grant, CancellationToken ct) =>
        await FindGrantAsync(tenant, grant, ct) is not null;

    /// <summary>Null where it does not hold.</summary>
    internal async ValueTask<GrantRow?> FindGrantAsync(TenantId tenant, GrantId grant, CancellationToken ct) =>
        await grants.GetAsync((tenant, grant), (key, token) => Grants.FindAsync(db, key.Tenant, key.Grant, token), ct) is { RevokedAt: null } row
        && row.ExpiresAt > time.GetUtcNow()
            ? row
            : null;

    internal ValueTask<bool> IsRevokedAsync(TenantId tenant, string tokenId, CancellationToken ct) =>
        revoked.GetAsync((tenant, tokenId), (key, token) => RevokedTokens.ContainsAsync(db, key.Tenant, key.Token, token), ct);
}
