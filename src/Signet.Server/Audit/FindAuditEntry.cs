using System.Text.Json;
using System.Text.Json.Serialization;
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
        Guid Id, long? Position, DateTimeOffset At, JsonElement? Content, PersonalState Personal, JsonElement? PersonalFields, Verification Verification)
    {
        [JsonPropertyName("eventId")]
        public Guid EventId => Id;

        /// <summary>The agent it was done to; else the agent that did it.</summary>
        [JsonPropertyName("agentId"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public string? AgentId => PartOf("target", "agent") ?? PartOf("actor", "agent");

        /// <summary>Null, as are the next four, where retention has taken it.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public string? Action => RecordContent.TextOf(Content, "action");

        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public string? Outcome => RecordContent.TextOf(Content, "outcome");

        [JsonPropertyName("ipAddress"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public string? IpAddress => RecordContent.OriginOf(Content, "ip") ?? RecordContent.OriginOf(PersonalFields, "ip");

        [JsonPropertyName("userAgent"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public string? UserAgent => RecordContent.OriginOf(Content, "user_agent") ?? RecordContent.OriginOf(PersonalFields, "user_agent");

        [JsonPropertyName("metadata"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public JsonElement? Metadata => RecordContent.Member(Content, "data");

        [JsonPropertyName("timestamp")]
        public DateTimeOffset Timestamp => At;

        internal bool Concerns(string agent) => PartOf("target", "agent") == agent || PartOf("actor", "agent") == agent;

        private string? PartOf(string member, string kind) =>
            RecordContent.Member(Content, member) is { } part && RecordContent.TextOf(part, "kind") == kind ? RecordContent.TextOf(part, "id") : null;
    }

    /// <param name="Content">The content gives the leaf hash; null where there is none.</param>
    /// <param name="Authentic">The record was written by this installation.</param>
    /// <param name="Included">The leaf hash is in the tree the latest checkpoint signs; null until it has a position.</param>
    public sealed record Verification(bool? Content, bool Authentic, bool? Included)
    {
        public bool Verified => Content is not false && Authentic && Included is not false;
    }

    public static void Map(RouteGroupBuilder management) =>
        management.MapGet("/audit/{id:guid}", async (Guid id, Actor actor, FindAuditEntry find, CancellationToken ct) =>
                await find.RunAsync(actor.Tenant, id, ct) is { } detail && (AuditSight.OnlyOf(actor) is not { } own || detail.Concerns(own)) ? TypedResults.Ok(detail) : (IResult)AuditProblems.NotFound)
            .Requires(Permission.ReadAudit).Produces<Detail>().WithSummary("One audit record and whether it proves true.");

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
