using System.Text.Json;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit.Storage;
using Signet.Server.Permissions;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>
/// Writes a tenant's sealed log as lines of JSON: what it is, every checkpoint, every record. The lines and the public keys are all that
/// <see cref="VerifyExport"/> needs. Personal fields stay sealed under their subjects' keys.
/// </summary>
public sealed class ExportAudit
{
    /// <summary>The first line says so, and by which rules the others are written.</summary>
    public const string Format = "signet-audit/1";

    private const int FlushAfter = 64 * 1024;

    private readonly Db db;
    private readonly TrustedKeys trusted;
    private readonly AuditWriter audit;

    internal ExportAudit(Db db, TrustedKeys trusted, AuditWriter audit) => (this.db, this.trusted, this.audit) = (db, trusted, audit);

    public static void Map(RouteGroupBuilder management) =>
        management.MapGet("/audit/export", (Actor actor, Origin origin, ExportAudit export, CancellationToken ct) => AuditSight.OnlyOf(actor) is not null ? AuditProblems.NotYours : Results.Stream(
                stream => export.RunAsync(actor.Tenant, origin, stream, ct), "application/x-ndjson", "audit.ndjson"))
            .Requires(Permission.ReadAudit).WithSummary("Export the sealed audit record as lines of JSON.");

    /// <summary>The export itself is on record before its first line is written.</summary>
    public async Task RunAsync(TenantId tenant, Origin origin, Stream output, CancellationToken ct)
    {
        var size = (await LogRows.FindCheckpointAsync(db, tenant, ct))?.Size ?? 0;
        await audit.RecordAsync(tenant, origin, new AuditExported(tenant, size), ct);
        var keys = await db.InTenantAsync(tenant, tx => trusted.ListAsync(tx, tenant, ct), ct);
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer);
        WriteHeader(json, tenant, size, keys);
        EndLine(json, buffer);
        foreach (var checkpoint in await LogRows.ListCheckpointsAsync(db, tenant, size, ct))
        {
            WriteCheckpoint(json, checkpoint.Note);
            EndLine(json, buffer);
            await FlushAsync(buffer, output, FlushAfter, ct);
        }

        await foreach (var page in LogRows.ReadAsync(db, tenant, size, ct))
        {
            for (var position = page.From; position < page.To; position++)
            {
                if (page.Rows.TryGetValue(position, out var row))
                {
                    // The tree's hash and not the row's: so an altered row shows as that row, and not as a broken log.
                    WriteEntry(json, row, page.LeafAt(position) ?? TreeHash.From(row.LeafHash));
                    EndLine(json, buffer);
                }
            }

            await FlushAsync(buffer, output, FlushAfter, ct);
        }

        await FlushAsync(buffer, output, 0, ct);
        await output.FlushAsync(ct);
    }

    private static void WriteHeader(Utf8JsonWriter json, TenantId tenant, long size, List<VerifierKey> keys)
    {
        json.WriteStartObject();
        json.WriteString("format"u8, Format);
        json.WriteString("tenant"u8, tenant.Value);
        json.WriteString("origin"u8, CheckpointSigner.OriginOf(tenant));
        json.WriteNumber("size"u8, size);
        json.WriteStartArray("keys"u8);
        foreach (var key in keys)
        {
            json.WriteStringValue(key.ToString());
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCheckpoint(Utf8JsonWriter json, string note)
    {
        json.WriteStartObject();
        json.WriteString("checkpoint"u8, note);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, LogRow row, TreeHash leaf)
    {
        json.WriteStartObject();
        json.WriteNumber("position"u8, row.Position!.Value);
        json.WriteString("id"u8, row.Id);
        json.WriteString("leaf_hash"u8, leaf.ToString());
        json.WritePropertyName("content"u8);
        if (row.Content is { } content && IsJson(content))
        {
            json.WriteRawValue(content, skipInputValidation: true);
        }
        else if (row.Content is { } broken)
        {
            // Not ours, and not JSON: kept as it is, for whoever looks into it.
            json.WriteBase64StringValue(broken);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    private static bool IsJson(ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void EndLine(Utf8JsonWriter json, MemoryStream buffer)
    {
        json.Flush();
        buffer.WriteByte((byte)'\n');
        json.Reset();
    }

    private static async Task FlushAsync(MemoryStream buffer, Stream output, int unless, CancellationToken ct)
    {
        if (buffer.Length > unless)
        {
            await output.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), ct);
            buffer.SetLength(0);
        }
    }
}
