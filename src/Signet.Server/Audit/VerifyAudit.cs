using Signet.Jose;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Audit.Storage;
using Signet.Server.Permissions;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>
/// Checks a tenant's whole log as it is stored: each record's hash, MAC and columns, the tree, every checkpoint. Names each fault.
/// Reads a page at a time, so a log of any length is checked in the same memory.
/// </summary>
public sealed class VerifyAudit
{
    private readonly Db db;
    private readonly AuditMac mac;
    private readonly TrustedKeys trusted;

    internal VerifyAudit(Db db, AuditMac mac, TrustedKeys trusted) => (this.db, this.mac, this.trusted) = (db, mac, trusted);

    /// <param name="Checkpoint">A signed note that was kept elsewhere: a log that was cut or rewritten behind our back is shown up by it.</param>
    public sealed record Request(string? Checkpoint = null);

    public static void Map(RouteGroupBuilder management)
    {
        management.MapGet("/audit/verify", VerifySpan.HandleAsync)
            .Requires(Permission.ReadAudit).Produces<VerifySpan.Answer>().WithSummary("Verify the audit record, whole or of a span of time.");
        management.MapPost("/audit/verify", (Request? request, Actor actor, Origin origin, VerifyAudit verify, AuditWriter audit, IRateLimits limits, CancellationToken ct) =>
                verify.HandleAsync(request?.Checkpoint, actor, origin, audit, limits, ct))
            .Requires(Permission.ReadAudit).WithSummary("Verify the whole audit record, also against a checkpoint kept elsewhere.");
    }

    /// <param name="witnessed">Signed notes that were kept elsewhere.</param>
    public async Task<AuditVerification> RunAsync(TenantId tenant, IReadOnlyList<string> witnessed, CancellationToken ct)
    {
        var size = (await LogRows.FindCheckpointAsync(db, tenant, ct))?.Size ?? 0;
        var checkpoints = await LogRows.ListCheckpointsAsync(db, tenant, size, ct);
        var keys = await db.InTenantAsync(tenant, tx => trusted.ListAsync(tx, tenant, ct), ct);
        var check = new StoredLogCheck(tenant, mac);
        var log = await LogVerifier.VerifyAsync(
            CheckpointSigner.OriginOf(tenant), check.EntriesAsync(LogRows.ReadAsync(db, tenant, size, ct), ct),
            [.. checkpoints.Select(row => row.Note), .. witnessed], keys, Ed25519.Verify, ct);
        check.EndOfSealed(size);
        check.Columns(checkpoints);
        foreach (var row in await LogRows.ListBeyondAsync(db, tenant, ct))
        {
            check.Beyond(row);
        }

        await foreach (var row in LogRows.ReadUnsealedAsync(db, tenant, ct))
        {
            check.Unsealed(row);
        }

        await check.TreeAsync(LogRows.TilesOf(db, tenant), checkpoints.LastOrDefault(), ct);
        return check.Conclude(log, size);
    }

    /// <summary>Null where this can be a checkpoint that was kept, or none was.</summary>
    public static Problem? Refuse(string? witnessed) => witnessed is null || SignedNote.TryParse(witnessed, out _)
        ? null
        : AuditProblems.InvalidCheckpoint.WithError("checkpoint", "must be a signed note, whole and with its line ends");

    /// <summary>The same, and puts on record that it was done and what came of it.</summary>
    public async Task<AuditVerification> RunOnRecordAsync(TenantId tenant, Origin origin, string? witnessed, AuditWriter audit, CancellationToken ct)
    {
        var result = await RunAsync(tenant, witnessed is null ? [] : [witnessed], ct);
        await audit.RecordAsync(tenant, origin, new AuditVerified(tenant, result.Signed, result.Faults.Count), ct);
        return result;
    }

    private async Task<IResult> HandleAsync(
        string? witnessed, Actor actor, Origin origin, AuditWriter audit, IRateLimits limits, CancellationToken ct) =>
        Refuse(witnessed) ?? await VerifySpan.LimitAsync(limits, actor, ct)
            ?? (IResult)TypedResults.Ok(await RunOnRecordAsync(actor.Tenant, origin, witnessed, audit, ct));
}
