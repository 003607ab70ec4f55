using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Clients.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Clients;

/// <summary>Deletes an application. Its tokens stop being active at once; what hangs on it goes with the event.</summary>
public static class DeleteClient
{
    public static void Map(RouteGroupBuilder clients) =>
        clients.MapDelete("/{id}", HandleAsync).Requires(Permission.ManageClients).WithSummary("Delete an application.");

    /// <summary>False where there is no such application.</summary>
    public static async Task<bool> RunAsync(Tx tx, Origin origin, ClientId id, CancellationToken ct)
    {
        if (!await ClientRows.DeleteAsync(tx, id, ct))
        {
            return false;
        }

        tx.Emit(origin, new ClientDeleted(id));
        tx.Notify(ClientDirectory.Topic, id.ToString());
        return true;
    }

    private static async Task<IResult> HandleAsync(ClientId id, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        await db.InTenantAsync(actor.Tenant, tx => RunAsync(tx, origin, id, ct), ct) ? TypedResults.NoContent() : ClientProblems.NotFound;
}
