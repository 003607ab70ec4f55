using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Delegations;
using Signet.Server.OAuth.Storage;

namespace Signet.Server.OAuth;

/// <summary>Deletes what has ended long enough ago that not even a late replay could matter.</summary>
public static class PurgeOAuth
{
    public static Task RunAsync(Db db, Origin origin, CancellationToken ct) =>
        db.AcrossTenantsAsync(origin, "purge of ended codes, requests and tokens", async tx =>
        {
            var before = tx.Now - TokenLife.Memory;
            await AuthorizationRequests.PurgeAsync(tx, before, ct);
            await AuthorizationCodes.PurgeAsync(tx, before, ct);
            await RefreshTokens.PurgeAsync(tx, before, ct);
            await RevokedTokens.PurgeAsync(tx, before, ct);
            await PurgeDelegations.RunAsync(tx, before, ct);
            return await Grants.PurgeAsync(tx, before, ct);
        }, ct);
}
