using Signet.OAuth;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Sessions.Storage;
using Signet.Server.Users;

namespace Signet.Server.Sessions;

/// <summary>
/// Signs a person in in one browser: a new session with a new secret each time, and a new name for the browser, so that nothing planted before
/// the sign-in is worth anything after it.
/// </summary>
public sealed class BeginSession(SecretHash hash)
{
    /// <summary>A session that is written; its cookie is still to be set once the transaction has committed.</summary>
    public sealed record Begun(SessionId Id, string Secret, DateTimeOffset ExpiresAt)
    {
        public void SetCookie(HttpContext context)
        {
            SessionCookie.Write(context, Secret, ExpiresAt);
            BrowserToken.Rotate(context);
        }
    }

    public async Task<Begun> RunAsync(Tx tx, Origin origin, User user, IReadOnlyList<string> methods, CancellationToken ct)
    {
        var secret = TokenFormat.Session.Make();
        var row = new SessionRow(
            tx.NewId<SessionId>(), hash.Of(BrowserSessions.Kind, secret), user.Id, [.. methods], origin.IpAddress, origin.UserAgent,
            tx.Now, tx.Now, tx.Now, tx.Now + BrowserSessions.Life);
        await SessionRows.InsertAsync(tx, row, ct);
        return new Begun(row.SessionId, secret, row.ExpiresAt);
    }
}
