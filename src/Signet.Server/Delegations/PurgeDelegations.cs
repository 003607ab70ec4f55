using Signet.Platform.Data;
using Signet.Server.Delegations.Storage;

namespace Signet.Server.Delegations;

/// <summary>Deletes hand-overs that ended before a moment. None outlives the one before it, so a branch goes before its root or with it.</summary>
public static class PurgeDelegations
{
    public static async Task RunAsync(Tx tx, DateTimeOffset before, CancellationToken ct)
    {
        await DelegationRows.PurgeAsync(tx, before, ct);
        await ConsentRows.PurgeAsync(tx, before, ct);
    }
}
