using Signet.Platform.Data;
using Signet.Server.Audit.Storage;
using Signet.Server.Permissions;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>Proves that the log of a later size begins with the log of an earlier one: nothing was changed or taken away in between.</summary>
public static class ProveConsistency
{
    /// <param name="Hashes">RFC 9162 §2.1.4, base64.</param>
    /// <param name="Checkpoint">The latest signed note.</param>
    public sealed record Proof(long From, string FromRoot, long To, string ToRoot, IReadOnlyList<string> Hashes, string Checkpoint);

    public static void Map(RouteGroupBuilder management) =>
        management.MapGet("/audit/consistency", HandleAsync).Requires(Permission.ReadAudit).WithSummary("Prove that the log only grew.");

    /// <param name="to">Null: the latest size.</param>
    /// <exception cref="InvalidDataException">The stored tree has holes.</exception>
    public static async Task<Proof?> RunAsync(Db db, TenantId tenant, long from, long? to, CancellationToken ct)
    {
        if (await LogRows.FindCheckpointAsync(db, tenant, ct) is not { } head || (to ?? head.Size) is var end && (from < 0 || from > end || end > head.Size))
        {
            return null;
        }

        var tiles = LogRows.TilesOf(db, tenant);
        var hashes = await MerkleTiles.ProveConsistencyAsync(from, end, tiles, ct);
        return new Proof(
            from, (await MerkleTiles.RootAsync(from, tiles, ct)).ToString(), end, (await MerkleTiles.RootAsync(end, tiles, ct)).ToString(),
            [.. hashes.Select(hash => hash.ToString())], head.Note);
    }

    private static async Task<IResult> HandleAsync(long from, Actor actor, Db db, CancellationToken ct, long? to = null)
    {
        try
        {
            return await RunAsync(db, actor.Tenant, from, to, ct) is { } proof ? TypedResults.Ok(proof) : AuditProblems.SizeOutOfRange;
        }
        catch (InvalidDataException)
        {
            return AuditProblems.TreeDamaged;
        }
    }
}
