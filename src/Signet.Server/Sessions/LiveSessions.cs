using Signet.Platform.Data;
using Signet.Server.Sessions.Storage;

namespace Signet.Server.Sessions;

/// <summary>Whether a session still lives, asked in the caller's transaction: for what must not outlive a sign-out that happened a moment ago.</summary>
public static class LiveSessions
{
    public static Task<bool> ContainAsync(Tx tx, SessionId session, CancellationToken ct) => SessionRows.IsAliveAsync(tx, session, ct);
}
