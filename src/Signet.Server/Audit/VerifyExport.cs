using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Signet.Jose;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>
/// Checks an exported log with nothing but its lines and public keys: no database, no network, no secret. Only the keys given count,
/// never those the export names. Reads the file twice, a line at a time.
/// </summary>
public static class VerifyExport
{
    /// <param name="open">Opens the export from its beginning.</param>
    /// <param name="keys">The keys to trust, from a source other than the export.</param>
    /// <param name="witnessed">Signed notes that were kept elsewhere.</param>
    public static async Task<AuditVerification> RunAsync(
        Func<Stream> open, IReadOnlyList<VerifierKey> keys, IReadOnlyList<string> witnessed, CancellationToken ct)
    {
        var outline = await ReadOutlineAsync(open, ct);
        var reading = new Reading(outline.Tenant);
        var log = await LogVerifier.VerifyAsync(
            outline.Origin, reading.EntriesAsync(open, ct), [.. outline.Checkpoints, .. witnessed], keys, Ed25519.Verify, ct);
        var (coverage, found) = log switch
        {
            LogVerification.Intact intact => (intact.Coverage, []),
            LogVerification.Faulty faulty => (faulty.Coverage, faulty.Faults),
            _ => throw new UnreachableException(),
        };
        return new AuditVerification(
            coverage.Entries, coverage.Pruned, 0, coverage.Signed, [.. outline.Faults, .. found.Select(AuditFault.Of), .. reading.Faults]);
    }

    /// <summary>Reads keys as <c>signet audit keys</c> prints them, one a line; empty lines and lines that begin with # are skipped.</summary>
    /// <returns>Null where a line is no key.</returns>
    public static IReadOnlyList<VerifierKey>? TryReadKeys(string text)
    {
        var keys = new List<VerifierKey>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (!VerifierKey.TryParse(line, out var key))
            {
                return null;
            }

            keys.Add(key!);
        }

        return keys;
    }

    // The checkpoints come first in what we write, but whoever had the file in hand may have moved them.
    private static async Task<Outline> ReadOutlineAsync(Func<Stream> open, CancellationToken ct)
    {
        var outline = new Outline();
        await foreach (var (number, line) in LinesAsync(open, ct))
        {
            using (line)
            {
                if (line?.RootElement is not { } json)
                {
                    outline.Faults.Add(Unreadable(number));
                }
                else if (json.TryGetProperty("checkpoint", out var note) && note.ValueKind == JsonValueKind.String)
                {
                    outline.Checkpoints.Add(note.GetString()!);
                }
                else if (json.TryGetProperty("format", out var format))
                {
                    outline.Read(json, format, number);
                }
            }
        }

        if (outline.Origin.Length == 0)
        {
            outline.Faults.Add(new AuditFault(AuditFaultKind.Unreadable, $"No line says that this is an export in the format {ExportAudit.Format}."));
        }

        return outline;
    }

    private static AuditFault Unreadable(long line) => new(AuditFaultKind.Unreadable, $"Line {line} can't be read.");

    private static async IAsyncEnumerable<(long Number, JsonDocument? Line)> LinesAsync(
        Func<Stream> open, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reader = new StreamReader(open());
        for (var number = 1L; await reader.ReadLineAsync(ct) is { } line; number++)
        {
            if (line.Length > 0)
            {
                yield return (number, TryParse(line));
            }
        }
    }

    private static JsonDocument? TryParse(string line)
    {
        try
        {
            var parsed = JsonDocument.Parse(line);
            return parsed.RootElement.ValueKind == JsonValueKind.Object ? parsed : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed class Outline
    {
        public string Origin { get; private set; } = "";

        public string Tenant { get; private set; } = "";

        public List<string> Checkpoints { get; } = [];

        public List<AuditFault> Faults { get; } = [];

        public void Read(JsonElement json, JsonElement format, long number)
        {
            if (Origin.Length == 0 && format.ValueKind == JsonValueKind.String && format.ValueEquals(ExportAudit.Format)
                && json.TryGetProperty("origin", out var origin) && origin.ValueKind == JsonValueKind.String
                && json.TryGetProperty("tenant", out var tenant) && tenant.ValueKind == JsonValueKind.String)
            {
                (Origin, Tenant) = (origin.GetString()!, tenant.GetString()!);
            }
            else
            {
                Faults.Add(Unreadable(number));
            }
        }
    }

    private sealed class Reading(string tenant)
    {
        public List<AuditFault> Faults { get; } = [];

        public async IAsyncEnumerable<LogEntry> EntriesAsync(Func<Stream> open, [EnumeratorCancellation] CancellationToken ct)
        {
            await foreach (var (number, line) in LinesAsync(open, ct))
            {
                using (line)
                {
                    if (line?.RootElement is not { } json || !json.TryGetProperty("position", out var position))
                    {
                        continue;
                    }

                    if (TryRead(json, position) is { } entry)
                    {
                        yield return entry;
                    }
                    else
                    {
                        Faults.Add(Unreadable(number));
                    }
                }
            }
        }

        private LogEntry? TryRead(JsonElement json, JsonElement position)
        {
            if (position.ValueKind != JsonValueKind.Number || !position.TryGetInt64(out var at) || at < 0
                || !json.TryGetProperty("leaf_hash", out var hash) || hash.ValueKind != JsonValueKind.String || !TreeHash.TryParse(hash.GetString(), out var leaf)
                || !json.TryGetProperty("id", out var idText) || idText.ValueKind != JsonValueKind.String || !idText.TryGetGuid(out var id)
                || !json.TryGetProperty("content", out var content))
            {
                return null;
            }

            if (content.ValueKind == JsonValueKind.Null)
            {
                return new LogEntry(at, leaf, null);
            }

            // Canonical form makes spacing and the order of members no matter; the empty bytes of what has none hash to something else.
            var bytes = CanonicalJson.TryCanonicalize(System.Text.Encoding.UTF8.GetBytes(content.GetRawText())) ?? [];
            if (MerkleTree.HashLeaf(bytes) == leaf && !IsAbout(content, id))
            {
                Faults.Add(AuditFault.Altered(at, id));
            }

            return new LogEntry(at, leaf, bytes);
        }

        private bool IsAbout(JsonElement content, Guid id) =>
            content.ValueKind == JsonValueKind.Object
            && content.TryGetProperty("id", out var own) && own.ValueKind == JsonValueKind.String && own.ValueEquals(id.ToString())
            && content.TryGetProperty("tenant", out var of) && of.ValueKind == JsonValueKind.String && of.ValueEquals(tenant);
    }
}
