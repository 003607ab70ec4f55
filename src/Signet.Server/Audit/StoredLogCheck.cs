using System.Diagnostics;
using System.Runtime.CompilerServices;
using Signet.Platform.Data;
using Signet.Server.Audit.Storage;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>What only the database can tell, beside what the log verifier finds.</summary>
internal sealed class StoredLogCheck(TenantId tenant, AuditMac mac)
{
    private readonly List<AuditFault> faults = [];
    private long missingFrom = -1;
    private long standIns;
    private long unsealed;

    /// <summary>The entries as the tree has them: where a row is gone, its hash still stands in for it, so that what follows can be checked.</summary>
    public async IAsyncEnumerable<LogEntry> EntriesAsync(IAsyncEnumerable<LogRows.Page> pages, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var page in pages.WithCancellation(ct))
        {
            for (var position = page.From; position < page.To; position++)
            {
                var leaf = page.LeafAt(position);
                if (leaf is null && position % MerkleTiles.Width == 0)
                {
                    faults.Add(new AuditFault(AuditFaultKind.TreeDamaged, $"The tile of the hashes from {position} on is gone.", position, position));
                }

                if (!page.Rows.TryGetValue(position, out var row))
                {
                    Missing(position);
                    if (leaf is { } known)
                    {
                        standIns++;
                        yield return new LogEntry(position, known, null);
                    }

                    continue;
                }

                EndOfMissing(position);
                var hashed = leaf ?? TreeHash.From(row.LeafHash);
                Sealed(row, hashed);
                // Not left to the compiler, which would turn a null array into empty content.
                yield return new LogEntry(position, hashed, row.Content is { } content ? content : (ReadOnlyMemory<byte>?)null);
            }
        }
    }

    public void EndOfSealed(long size)
    {
        if (missingFrom >= 0)
        {
            faults.Add(AuditFault.Truncated(missingFrom, size));
        }
    }

    public void Unsealed(LogRow row)
    {
        unsealed++;
        if (row.Content is not { } content || MerkleTree.HashLeaf(content) != TreeHash.From(row.LeafHash) || !RecordContent.Matches(row, tenant))
        {
            faults.Add(AuditFault.Altered(null, row.Id));
        }
        else if (!IsOurs(row))
        {
            faults.Add(AuditFault.Forged(null, row.Id));
        }
    }

    public void Beyond(LogRow row) =>
        faults.Add(new AuditFault(AuditFaultKind.Unsigned, $"No checkpoint vouches for the record at {row.Position}.", row.Position, row.Position, row.Id));

    /// <summary>The columns beside each note are what queries go by.</summary>
    public void Columns(IEnumerable<LogRows.CheckpointRow> rows)
    {
        foreach (var row in rows)
        {
            if (!SignedNote.TryParse(row.Note, out var note) || !Checkpoint.TryParse(note!.Text, out var checkpoint)
                || checkpoint!.Size != row.Size || !checkpoint.Root.ToArray().AsSpan().SequenceEqual(row.Root))
            {
                faults.Add(new AuditFault(
                    AuditFaultKind.MalformedCheckpoint, $"The row of checkpoint {row.Size} does not say what its note says.", row.Size, row.Size));
            }
        }
    }

    /// <summary>The upper tiles, which proofs are read from, must give the same root as the hashes of the records.</summary>
    public async Task TreeAsync(TileReader tiles, LogRows.CheckpointRow? head, CancellationToken ct)
    {
        if (head is null)
        {
            return;
        }

        try
        {
            if ((await MerkleTiles.RootAsync(head.Size, tiles, ct)).ToArray().AsSpan().SequenceEqual(head.Root))
            {
                return;
            }
        }
        catch (InvalidDataException)
        {
            // A tile is gone or too short: the same fault.
        }

        faults.Add(new AuditFault(AuditFaultKind.TreeDamaged, $"The stored tree does not give the root of checkpoint {head.Size}.", To: head.Size - 1));
    }

    /// <summary>Both checks together. What is missing is named here, where it is known for certain.</summary>
    public AuditVerification Conclude(LogVerification log, long size)
    {
        var (coverage, found) = log switch
        {
            LogVerification.Intact intact => (intact.Coverage, []),
            LogVerification.Faulty faulty => (faulty.Coverage, faulty.Faults),
            _ => throw new UnreachableException(),
        };
        return new AuditVerification(
            coverage.Entries - standIns + unsealed, coverage.Pruned - standIns, unsealed, coverage.Signed,
            [.. found.Where(fault => IsNews(fault, size)).Select(AuditFault.Of), .. faults]);
    }

    private static bool IsNews(LogFault fault, long size) => fault switch
    {
        LogFault.Missing => false,
        LogFault.Truncated truncated => truncated.Signed > size,
        _ => true,
    };

    private void Sealed(LogRow row, TreeHash leaf)
    {
        var stored = TreeHash.From(row.LeafHash);
        if (row.Content is { } content && MerkleTree.HashLeaf(content) != leaf)
        {
            // The log verifier names it, and knows a swap from an alteration.
            return;
        }

        if (stored != leaf || (row.Content is not null && !RecordContent.Matches(row, tenant)))
        {
            faults.Add(AuditFault.Altered(row.Position, row.Id));
        }
        else if (!IsOurs(row))
        {
            faults.Add(AuditFault.Forged(row.Position, row.Id));
        }
    }

    private bool IsOurs(LogRow row) => mac.Matches(tenant, row.Id, TreeHash.From(row.LeafHash), row.MacVersion, row.Mac);

    private void Missing(long position)
    {
        if (missingFrom < 0)
        {
            missingFrom = position;
        }
    }

    private void EndOfMissing(long position)
    {
        if (missingFrom >= 0)
        {
            faults.Add(AuditFault.Deleted(missingFrom, position - 1));
            missingFrom = -1;
        }
    }
}
