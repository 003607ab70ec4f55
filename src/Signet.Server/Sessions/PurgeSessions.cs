using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Sessions.Storage;

namespace Signet.Server.Sessions;

/// <summary>Deletes sessions that ended a month ago: by then nobody asks where they were signed in, and the audit record still says it.</summary>
internal static class PurgeSessions
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public static Task<int> RunAsync(Db db, CancellationToken ct) =>
        db.AcrossTenantsAsync(Origin.OfWorker("sessions", "sessions.purge"), "purge of ended sessions", tx => SessionRows.PurgeAsync(tx, tx.Now - Kept, ct), ct);
}
