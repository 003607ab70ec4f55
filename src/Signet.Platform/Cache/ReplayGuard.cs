using System.Security.Cryptography;
using System.Text;
using Signet.Platform.Cache.Storage;
using Signet.Platform.Data;

namespace Signet.Platform.Cache;

/// <summary>
/// Says "first" once for a thing that may be used once (a proof's <c>jti</c>, a message id), on whichever node it is shown. The database is the truth;
/// the shared cache only keeps a flood of one replayed thing away from it, so losing Redis, or its memory, lets nothing through.
/// </summary>
public sealed class ReplayGuard(Db db, ISharedCache shared, TimeProvider time)
{
    /// <param name="purpose">What kind of thing it is, and of which tenant: equal keys of different purposes are different things.</param>
    /// <param name="timeToLive">How long the thing could be accepted at all.</param>
    public async Task<bool> IsFirstUseAsync(string purpose, string key, TimeSpan timeToLive, CancellationToken ct)
    {
        // The length makes the pair unambiguous.
        var name = $"{purpose.Length}:{purpose}:{key}";
        if (!await shared.AddAsync($"replay:{name}", ReadOnlyMemory<byte>.Empty, timeToLive, ct))
        {
            return false;
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        return await db.AsSystemAsync(tx => UsedOnce.AddAsync(tx, hash, time.GetUtcNow() + timeToLive, ct), ct);
    }
}
