using Signet.Platform.Data;
using Signet.Server.Audit.Storage;
using Signet.Server.Permissions;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>The latest signed note, and the keys to check it with. Whoever keeps a note elsewhere can later show that the log was cut or rewritten.</summary>
public sealed class GetCheckpoint
{
    private readonly Db db;
    private readonly TrustedKeys trusted;

    internal GetCheckpoint(Db db, TrustedKeys trusted) => (this.db, this.trusted) = (db, trusted);

    /// <param name="Keys">Newest last, each as <c>name+hexid+base64</c> (C2SP signed-note).</param>
    public sealed record KeyList(string Origin, IReadOnlyList<string> Keys);

    public static void Map(RouteGroupBuilder management)
    {
        management.MapGet("/audit/checkpoint", async (Actor actor, GetCheckpoint checkpoint, CancellationToken ct) =>
                await checkpoint.FindAsync(actor.Tenant, ct) is { } note ? Results.Text(note, "text/plain; charset=utf-8") : AuditProblems.NoCheckpoint)
            .Requires(Permission.ReadAudit).WithSummary("The latest signed checkpoint.");
        management.MapGet("/audit/keys", async (Actor actor, GetCheckpoint checkpoint, CancellationToken ct) =>
                TypedResults.Ok(new KeyList(CheckpointSigner.OriginOf(actor.Tenant), await checkpoint.ListKeysAsync(actor.Tenant, ct))))
            .Requires(Permission.ReadAudit).WithSummary("The public keys of the audit log.");
    }

    /// <summary>Null before anything was sealed.</summary>
    public async Task<string?> FindAsync(TenantId tenant, CancellationToken ct) => (await LogRows.FindCheckpointAsync(db, tenant, ct))?.Note;

    public async Task<List<string>> ListKeysAsync(TenantId tenant, CancellationToken ct)
    {
        List<VerifierKey> keys = await db.InTenantAsync(tenant, tx => trusted.ListAsync(tx, tenant, ct), ct);
        return keys.ConvertAll(key => key.ToString());
    }
}
