using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Users.Storage;

namespace Signet.Server.Users;

/// <summary>Deactivates a person and lets them in again. Sessions and tokens go with the event, and are not believed from the commit on.</summary>
public static class ChangeUserState
{
    public static void Map(RouteGroupBuilder users)
    {
        users.MapPost("/{id}/deactivate", (UserId id, Actor actor, Origin origin, Db db, CancellationToken ct) =>
            HandleAsync(id, UserState.Deactivated, actor, origin, db, ct)).Requires(Permission.ManageUsers).WithSummary("Deactivate a user.");
        users.MapPost("/{id}/reactivate", (UserId id, Actor actor, Origin origin, Db db, CancellationToken ct) =>
            HandleAsync(id, UserState.Active, actor, origin, db, ct)).Requires(Permission.ManageUsers).WithSummary("Reactivate a user.");
    }

    /// <summary>False where there is no such person. To be in that state already is no fault.</summary>
    public static async Task<bool> RunAsync(Tx tx, Origin origin, UserId id, UserState to, CancellationToken ct)
    {
        if (await UserRows.MoveAsync(tx, id, to, ct))
        {
            tx.Emit(origin, to is UserState.Active ? new UserReactivated(id) : new UserDeactivated(id));
            tx.Notify(UserDirectory.Topic, id.ToString());
            return true;
        }

        return await UserRows.FindAsync(tx, id, ct) is not null;
    }

    /// <summary>What an administrator does. Null: done.</summary>
    public static async Task<Problem?> RunAsync(Db db, Actor actor, Origin origin, UserId id, UserState to, CancellationToken ct)
    {
        if (id.Value == actor.Id)
        {
            return UserProblems.NotYourself;
        }

        return await db.InTenantAsync(actor.Tenant, async tx =>
            await AssignRole.RefuseChangeOfAsync(tx, actor, id.Value, ct) is { } refusal ? refusal
            : await RunAsync(tx, origin, id, to, ct) ? null
            : UserProblems.NotFound, ct);
    }

    private static async Task<IResult> HandleAsync(UserId id, UserState to, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        await RunAsync(db, actor, origin, id, to, ct) ?? (IResult)TypedResults.NoContent();
}
