using System.Text.Json;
using Signet.Platform.Data;
using Signet.Server.Audit.Storage;
using Signet.Server.Permissions;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>One record, whole: its content, what it says of a person where that person's key is still there, and whether all of it proves true.</summary>
public sealed class FindAuditEntry
{
    private readonly Db db;
    private readonly AuditMac mac;
    private readonly PersonalFields personal;

    internal FindAuditEntry(Db db, AuditMac mac, PersonalFields personal) => (this.db, this.mac, this.personal) = (db, mac, personal);

    /// <param name="Content">The canonical content; null where retention has taken it.</param>
    /// <param name="PersonalFields">Where <paramref name="Personal"/> is <c>open</c>: its members, as they would stand in the content.</param>
    public sealed record Detail(
        Guid Id, long? Position, DateTimeOffset At, JsonElement? Content, PersonalState Personal, JsonElement? PersonalFields, Verification Verification);

    /// <param name="Content">The content gives the leaf hash; null where there is none.</param>
    /// <param name="Authentic">The record was written by this installation.</param>
    /// <param name="Included">The leaf hash is in the tree the latest checkpoint signs; null until it has a position.</param>
    public sealed record Verification(bool? Content, bool Authentic, bool? Included)
    {
        public bool Verified => Content is not false && Authentic && Included is not false;
    }

    public static void Map(RouteGroupBuilder management) =>
        management.MapGet("/audit/{id:guid}", async (Guid id, Actor actor, FindAuditEntry find, CancellationToken ct) =>
                await find.RunAsync(actor.Tenant, id, ct) is { } detail ? TypedResults.Ok(detail) : (IResult)AuditProblems.NotFound)
            .Requires(Permission.ReadAudit).WithSummary("One audit record and whether it proves true.");

    public async Task<Detail?> RunAsync(TenantId tenant, Guid id, CancellationToken ct)
    {
        if (await AuditQueries.FindAsync(db, tenant, id, ct) is not { } row)
        {
            return null;
        }

        var leaf = TreeHash.From(row.LeafHash);
        var verification = new Verification(
            row.Content is { } bytes ? MerkleTree.HashLeaf(bytes) == leaf && RecordContent.Matches(row, tenant) : null,
            mac.Matches(tenant, row.Id, leaf, row.MacVersion, row.Mac),
            await IsIncludedAsync(tenant, row, leaf, ct));
        var content = row.Content is { } json ? RecordContent.TryParse(json) : null;
        var (state, fields) = content is { } parsed ? await personal.OpenAsync(tenant, id, parsed, ct) : (PersonalState.None, null);
        return new Detail(id, row.Position, row.RecordedAt, content, state, fields, verification);
    }

    private async Task<bool?> IsIncludedAsync(TenantId tenant, LogRow row, TreeHash leaf, CancellationToken ct)
    {
        try
        {
            return await ProveInclusion.RunAsync(db, tenant, row, ct) is { } proof
                ? SignedNote.TryParse(proof.Checkpoint, out var note) && Checkpoint.TryParse(note!.Text, out var checkpoint)
                    && MerkleProof.VerifyInclusion(leaf, proof.Position, proof.Size, [.. proof.Hashes.Select(Parse)], checkpoint!.Root)
                : null;
        }
        catch (InvalidDataException)
        {
            return false;
        }

        static TreeHash Parse(string hash) => TreeHash.TryParse(hash, out var parsed) ? parsed : default;
    }
}
