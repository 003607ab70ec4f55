using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Clients;
using Signet.Server.OAuth.Storage;
using Signet.Server.Sessions;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>
/// What other modules' news means for grants. That tokens stop holding does not wait for these: a deactivated person, a deleted application are asked
/// for at each use. These end the grants themselves, so that nothing comes back with the person.
/// </summary>
internal static class OnEvents
{
    private static readonly Origin Worker = Origin.OfWorker("oauth", "events");

    public static Task UserDeactivatedAsync(Db db, TenantId tenant, UserId user, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx =>
            RevokeGrants.Announce(tx, Worker, await Grants.RevokeOfUserAsync(tx, user, "user_deactivated", ct), "user_deactivated"), ct);

    public static Task ClientDeletedAsync(Db db, TenantId tenant, ClientId client, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx =>
            RevokeGrants.Announce(tx, Worker, await Grants.RevokeOfClientAsync(tx, client, "client_deleted", ct), "client_deleted"), ct);

    public static Task SessionEndedAsync(Db db, TenantId tenant, IReadOnlyList<SessionId> sessions, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx =>
        {
            foreach (var session in sessions)
            {
                RevokeGrants.Announce(tx, Worker, await Grants.RevokeOfSessionAsync(tx, session, "signed_out", ct), "signed_out");
            }
        }, ct);
}
