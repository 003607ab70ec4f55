using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Sessions.Storage;
using Signet.Server.Users;

namespace Signet.Server.Sessions;

/// <summary>The browsers a person is signed in in: seeing them, ending one, ending all.</summary>
public sealed class OwnSessions(Db db, TimeProvider time)
{
    public sealed record View(
        SessionId Id, bool Current, string? IpAddress, string? UserAgent, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt);

    public sealed record Listed(IReadOnlyList<View> Sessions);

    public sealed record Ended(int Count);

    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapGet("/sessions", async (Actor actor, OwnSessions own, CancellationToken ct) => new Listed(await own.ListAsync(actor, ct))).Requires(Permission.ManageOwnAccount).WithSummary("Where you are signed in.");
        auth.MapDelete("/sessions/{id}", EndOneAsync).Requires(Permission.ManageOwnAccount).WithSummary("Sign out of one browser.");
        auth.MapDelete("/sessions", EndAllAsync).Requires(Permission.ManageOwnAccount).WithSummary("Sign out everywhere.");
    }

    public async Task<IReadOnlyList<View>> ListAsync(Actor actor, CancellationToken ct)
    {
        var rows = await SessionRows.OfUserAsync(db, actor.Tenant, new UserId(actor.Id), time.GetUtcNow(), ct);
        return [.. rows.Select(row => new View(
            row.SessionId, row.SessionId.Value == actor.SessionId, row.IpAddress, row.UserAgent, row.CreatedAt, row.LastSeenAt, row.ExpiresAt))];
    }

    private static async Task<IResult> EndOneAsync(SessionId id, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        await db.InTenantAsync(actor.Tenant, tx => EndSession.RunAsync(tx, origin, id, new UserId(actor.Id), ct), ct)
            ? TypedResults.NoContent()
            : SessionProblems.NotFound;

    private static async Task<IResult> EndAllAsync(HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct)
    {
        var count = await db.InTenantAsync(actor.Tenant, tx => EndSession.RunForAllAsync(tx, origin, new UserId(actor.Id), null, ct), ct);
        EndSession.ClearCookie(context);
        return TypedResults.Ok(new Ended(count));
    }
}
