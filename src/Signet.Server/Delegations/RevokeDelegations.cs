using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Delegations.Storage;

namespace Signet.Server.Delegations;

/// <summary>Ends hand-overs with every token and offer that came of them, on every node from the commit on.</summary>
public static class RevokeDelegations
{
    /// <summary>False where it had ended, or <paramref name="of"/> has no part in it.</summary>
    /// <param name="of">An agent that must have handed it on, or got it; null: whoever.</param>
    public static async Task<bool> RunAsync(Tx tx, Origin origin, DelegationId id, AgentId? of, string because, CancellationToken ct)
    {
        var ended = await DelegationRows.RevokeAsync(tx, id, of, because, ct);
        Announce(tx, origin, ended is null ? [] : [ended], because);
        return ended is not null;
    }

    /// <summary>Everything the agent handed on in a chain; how many of its hand-overs that were.</summary>
    public static async Task<int> RunInChainAsync(Tx tx, Origin origin, DelegationId chain, AgentId by, CancellationToken ct)
    {
        var ended = await DelegationRows.RevokeInChainAsync(tx, chain, by, "revoked", ct);
        Announce(tx, origin, ended, "revoked");
        return ended.Count;
    }

    private static void Announce(Tx tx, Origin origin, IEnumerable<HandOver> ended, string because)
    {
        foreach (var delegation in ended)
        {
            tx.Emit(origin, new DelegationRevoked(delegation.ActorId, delegation.DelegationId, delegation.ChainId, because));
            tx.Notify(DelegationRecord.Topic, delegation.DelegationId.ToString());
        }
    }
}
