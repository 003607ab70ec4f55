using Signet.Platform.Data;
using Signet.Server.Audit.Storage;
using Signet.Server.Permissions;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>Proves that a record is in the log that was signed: with the checkpoint and a public key, nobody need believe us.</summary>
public static class ProveInclusion
{
    /// <param name="LeafHash">Base64 of SHA-256(0x00 ‖ canonical content).</param>
    /// <param name="Hashes">RFC 9162 §2.1.3: the path from the leaf to the root, base64.</param>
    /// <param name="Checkpoint">The signed note with that root.</param>
    public sealed record Proof(Guid Id, long Position, string LeafHash, long Size, IReadOnlyList<string> Hashes, string Checkpoint);

    public static void Map(RouteGroupBuilder management) =>
        management.MapGet("/audit/{id:guid}/proof", HandleAsync).Requires(Permission.ReadAudit).WithSummary("Prove that a record is in the signed log.");

    /// <summary>For a page: null also where there is no such record, or the stored tree gives no proof of it.</summary>
    public static async Task<Proof?> FindAsync(Db db, TenantId tenant, Guid id, CancellationToken ct)
    {
        try
        {
            return await AuditQueries.FindAsync(db, tenant, id, ct) is { } row ? await RunAsync(db, tenant, row, ct) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Null while the record has no position or no checkpoint covers it.</summary>
    internal static async Task<Proof?> RunAsync(Db db, TenantId tenant, LogRow row, CancellationToken ct)
    {
        if (row.Position is not { } position
            || await LogRows.FindCheckpointAsync(db, tenant, ct) is not { } checkpoint || checkpoint.Size <= position)
        {
            return null;
        }

        var hashes = await MerkleTiles.ProveInclusionAsync(position, checkpoint.Size, LogRows.TilesOf(db, tenant), ct);
        return new Proof(
            row.Id, position, Convert.ToBase64String(row.LeafHash), checkpoint.Size, [.. hashes.Select(hash => hash.ToString())], checkpoint.Note);
    }

    private static async Task<IResult> HandleAsync(Guid id, Actor actor, Db db, CancellationToken ct)
    {
        if (await AuditQueries.FindAsync(db, actor.Tenant, id, ct) is not { } row)
        {
            return AuditProblems.NotFound;
        }

        try
        {
            return await RunAsync(db, actor.Tenant, row, ct) is { } proof ? TypedResults.Ok(proof) : AuditProblems.NotSealedYet;
        }
        catch (InvalidDataException)
        {
            return AuditProblems.TreeDamaged;
        }
    }
}
