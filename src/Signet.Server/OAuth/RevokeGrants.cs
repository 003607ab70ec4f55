using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Clients;
using Signet.Server.OAuth.Storage;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>Ends grants with every token that came of them, on every node from the commit on.</summary>
internal static class RevokeGrants
{
    public static async Task RunAsync(Tx tx, Origin origin, GrantId grant, string because, CancellationToken ct) =>
        Announce(tx, origin, await Grants.RevokeAsync(tx, grant, because, ct), because);

    /// <summary>Everything one application holds for one person.</summary>
    public static async Task RunAsync(Tx tx, Origin origin, UserId user, ClientId client, string because, CancellationToken ct) =>
        Announce(tx, origin, await Grants.RevokeOfUserAtAsync(tx, user, client, because, ct), because);

    public static void Announce(Tx tx, Origin origin, IEnumerable<GrantId> ended, string because)
    {
        foreach (var grant in ended)
        {
            tx.Emit(origin, new GrantRevoked(grant, because));
            tx.Notify(TokenStates.GrantTopic, grant.ToString());
        }
    }
}
