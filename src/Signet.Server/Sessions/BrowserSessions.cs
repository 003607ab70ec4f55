using Signet.OAuth;
using Signet.Platform.Cache;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Sessions.Storage;
using Signet.Server.Users;

namespace Signet.Server.Sessions;

/// <summary>
/// Who is signed in in the browser of a request. Answered from this node's copy; an ended session, a deactivated person and a changed role hold on
/// every node from the commit on.
/// </summary>
public sealed class BrowserSessions(Db db, SecretHash hash, UserDirectory users, RoleDirectory roles, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "sessions";
    internal static readonly SecretKind Kind = new("session");

    /// <summary>A browser that was not seen for so long has to sign in again.</summary>
    public static readonly TimeSpan IdleLife = TimeSpan.FromDays(7);

    /// <summary>However busy it is, a session ends after so long.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(5);

    private readonly NodeCache<(TenantId Tenant, string Hash), Seen?> byHash =
        new(Topic, key => key.Hash, new NodeCacheOptions(100_000), notifications, time);

    /// <summary>The session of this request, or null. Asked twice for one request, it answers the second time from the request.</summary>
    public async ValueTask<Session?> FindAsync(HttpContext context, TenantId tenant)
    {
        if (context.Features.Get<Found>() is { } found)
        {
            return found.Session;
        }

        var session = await LookUpAsync(context, tenant);
        context.Features.Set(new Found(session));
        return session;
    }

    /// <summary>An <see cref="ActorSource"/>: proves a caller by the cookie.</summary>
    public async ValueTask<ActorProof?> ProveAsync(HttpContext context, TenantId tenant)
    {
        if (SessionCookie.Read(context) is null)
        {
            return null;
        }

        if (await FindAsync(context, tenant) is not { } session)
        {
            return new ActorProof(null, IsAmbient: true);
        }

        var role = await roles.FindAsync(tenant, session.User.Id.Value, context.RequestAborted);
        return new ActorProof(new Actor(tenant, ActorKind.User, session.User.Id.Value, role, null, session.Id.Value), IsAmbient: true);
    }

    /// <summary>How many sessions of the tenant live, counted no further than <paramref name="most"/>.</summary>
    public Task<long> CountAsync(TenantId tenant, int most, CancellationToken ct) =>
        db.InTenantAsync(tenant, tx => SessionRows.CountAsync(tx, most, ct), ct);

    private async ValueTask<Session?> LookUpAsync(HttpContext context, TenantId tenant)
    {
        if (SessionCookie.Read(context) is not { } secret || !TokenFormat.Session.IsToken(secret))
        {
            return null;
        }

        var ct = context.RequestAborted;
        var seen = await byHash.GetAsync((tenant, Convert.ToBase64String(hash.Of(Kind, secret))), LoadAsync, ct);
        var now = time.GetUtcNow();
        if (seen is null || seen.Row.ExpiresAt <= now || seen.LastSeenAt + IdleLife <= now
            || await users.FindAsync(tenant, seen.Row.UserId, ct) is not { IsActive: true } user)
        {
            return null;
        }

        if (seen.LastSeenAt + TouchEvery <= now && seen.TryTouch(now))
        {
            await db.InTenantAsync(tenant, tx => SessionRows.TouchAsync(tx, seen.Row.SessionId, ct), ct);
        }

        return new Session(seen.Row.SessionId, tenant, user, seen.Row.Methods, seen.Row.AuthenticatedAt, seen.Row.ExpiresAt);
    }

    private async Task<Seen?> LoadAsync((TenantId Tenant, string Hash) key, CancellationToken ct) =>
        await SessionRows.FindByTokenAsync(db, key.Tenant, Convert.FromBase64String(key.Hash), time.GetUtcNow(), ct) is { } row ? new Seen(row) : null;

    private sealed record Found(Session? Session);

    // Remembers on this node when the session was last written as seen, so that many requests at once write once.
    private sealed class Seen(SessionRow row)
    {
        private long lastSeen = row.LastSeenAt.UtcTicks;

        public SessionRow Row => row;

        public DateTimeOffset LastSeenAt => new(Interlocked.Read(ref lastSeen), TimeSpan.Zero);

        public bool TryTouch(DateTimeOffset now)
        {
            var before = Interlocked.Read(ref lastSeen);
            return before < now.UtcTicks && Interlocked.CompareExchange(ref lastSeen, now.UtcTicks, before) == before;
        }
    }
}
