using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Delegations.Storage;

namespace Signet.Server.Delegations;

/// <summary>Puts a hand-over on record: the row its token hangs on, and the event with the whole chain.</summary>
public static class RecordDelegation
{
    /// <param name="chain">The subject first, then each actor in the order they came.</param>
    public static void Run(Tx tx, Origin origin, HandOver made, IReadOnlyList<string> chain)
    {
        DelegationRows.DeferInsert(tx, made);
        var (scope, ends) = (string.Join(' ', made.Scopes), made.ExpiresAt.ToUnixTimeSeconds());
        tx.Emit(origin, made.Kind is DelegationKind.Offer
            ? new DelegationOffered(made.ActorId, made.DelegationId, made.ChainId, chain, scope, ends)
            : new DelegatedTokenIssued(
                made.ActorId, made.DelegationId, made.ChainId, chain, made.SubjectKind is SubjectKind.User ? made.SubjectId : null, scope, made.Audience, ends));
    }
}
