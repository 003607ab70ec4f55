using Signet.Platform.Data;

namespace Signet.Platform.Cache.Storage;

internal static class UsedOnce
{
    /// <summary>True for exactly one of several who add the same hash before it expires.</summary>
    public static async Task<bool> AddAsync(Tx tx, byte[] hash, DateTimeOffset until, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into replay_guard (hash, until) values (@hash, @until)
            on conflict (hash) do update set until = excluded.until where replay_guard.until <= @now
            """, new { hash, until, now = tx.Now }, ct) == 1;

    public static Task<int> PurgeAsync(Tx tx, CancellationToken ct) =>
        tx.ExecuteAsync("delete from replay_guard where until <= @now", new { now = tx.Now }, ct);
}
