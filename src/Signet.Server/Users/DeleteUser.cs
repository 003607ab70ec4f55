using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Users.Storage;

namespace Signet.Server.Users;

/// <summary>Deletes a person: the row and all that hangs on it go; the event has their key destroyed, so that the audit record forgets them too.</summary>
public static class DeleteUser
{
    public static void Map(RouteGroupBuilder users) =>
        users.MapDelete("/{id}", HandleAsync).Requires(Permission.ManageUsers).WithSummary("Delete a user.");

    /// <summary>Null: done.</summary>
    public static async Task<Problem?> RunAsync(Db db, Actor actor, Origin origin, UserId id, CancellationToken ct)
    {
        if (id.Value == actor.Id)
        {
            return UserProblems.NotYourself;
        }

        return await db.InTenantAsync(actor.Tenant, async tx =>
        {
            if (await AssignRole.RefuseChangeOfAsync(tx, actor, id.Value, ct) is { } refusal)
            {
                return refusal;
            }

            if (!await UserRows.DeleteAsync(tx, id, ct))
            {
                return UserProblems.NotFound;
            }

            tx.Emit(origin, new UserDeleted(id));
            tx.Notify(UserDirectory.Topic, id.ToString());
            return null;
        }, ct);
    }

    private static async Task<IResult> HandleAsync(UserId id, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        await RunAsync(db, actor, origin, id, ct) ?? (IResult)TypedResults.NoContent();
}
