using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Sessions.Storage;
using Signet.Server.Users;

namespace Signet.Server.Sessions;

/// <summary>Signs a person out: of one browser, or of all.</summary>
public static class EndSession
{
    /// <summary>False where the person has no such session that lives.</summary>
    public static async Task<bool> RunAsync(Tx tx, Origin origin, SessionId session, UserId user, CancellationToken ct)
    {
        if (await SessionRows.EndAsync(tx, session, user, ct) is not [var ended])
        {
            return false;
        }

        tx.Emit(origin, new SessionEnded(session, user));
        tx.Notify(BrowserSessions.Topic, Convert.ToBase64String(ended.TokenHash));
        return true;
    }

    /// <summary>How many sessions ended.</summary>
    public static async Task<int> RunForAllAsync(Tx tx, Origin origin, UserId user, SessionId? except, CancellationToken ct)
    {
        var ended = await SessionRows.EndAllAsync(tx, user, except, ct);
        foreach (var session in ended)
        {
            tx.Notify(BrowserSessions.Topic, Convert.ToBase64String(session.TokenHash));
        }

        if (ended.Count > 0)
        {
            tx.Emit(origin, new SessionsEnded(user, [.. ended.Select(session => session.SessionId.ToString())]));
        }

        return ended.Count;
    }

    public static void ClearCookie(HttpContext context) => SessionCookie.Clear(context);
}
