using System.Diagnostics;

namespace Signet.Transparency;

/// <summary>Checks an exported log offline, with public keys as the only thing to trust. Reads the entries once and keeps O(log n) hashes of them.</summary>
public static class LogVerifier
{
    /// <summary>Names every fault of the log.</summary>
    /// <param name="origin">The origin its checkpoints must have.</param>
    /// <param name="entries">All entries, from position 0.</param>
    /// <param name="checkpoints">The signed notes, in any order.</param>
    /// <param name="trusted">The keys that may sign for the log.</param>
    /// <param name="verify">Checks one signature.</param>
    public static LogVerification Verify(
        string origin,
        IEnumerable<LogEntry> entries,
        IEnumerable<string> checkpoints,
        IReadOnlyCollection<VerifierKey> trusted,
        VerifyEd25519 verify)
    {
        List<LogFault> faults = [];
        var signed = ReadCheckpoints(origin, checkpoints, trusted, verify, faults);
        var reading = new LogReading(signed);
        foreach (var entry in entries)
        {
            reading.Read(entry);
        }

        return Conclude(signed, reading, faults);
    }

    /// <summary>The same over entries that arrive as they are read.</summary>
    /// <param name="origin">The origin its checkpoints must have.</param>
    /// <param name="entries">All entries, from position 0.</param>
    /// <param name="checkpoints">The signed notes, in any order.</param>
    /// <param name="trusted">The keys that may sign for the log.</param>
    /// <param name="verify">Checks one signature.</param>
    /// <param name="ct">Cancels the reading.</param>
    public static async Task<LogVerification> VerifyAsync(
        string origin,
        IAsyncEnumerable<LogEntry> entries,
        IEnumerable<string> checkpoints,
        IReadOnlyCollection<VerifierKey> trusted,
        VerifyEd25519 verify,
        CancellationToken ct)
    {
        List<LogFault> faults = [];
        var signed = ReadCheckpoints(origin, checkpoints, trusted, verify, faults);
        var reading = new LogReading(signed);
        await foreach (var entry in entries.WithCancellation(ct))
        {
            reading.Read(entry);
        }

        return Conclude(signed, reading, faults);
    }

    private static LogVerification Conclude(SortedDictionary<long, HashSet<TreeHash>> signed, LogReading reading, List<LogFault> faults)
    {
        faults.AddRange(reading.Faults());
        faults.AddRange(Contradictions(signed, reading));
        var coverage = reading.Coverage;
        if (coverage.Entries > 0 && signed.Count == 0)
        {
            faults.Add(new LogFault.Unsigned());
        }

        return faults.Count == 0 ? new LogVerification.Intact(coverage) : new LogVerification.Faulty(faults, coverage);
    }

    // Signatures come first: a checkpoint nobody trusted signed is no evidence of anything.
    private static SortedDictionary<long, HashSet<TreeHash>> ReadCheckpoints(
        string origin,
        IEnumerable<string> notes,
        IReadOnlyCollection<VerifierKey> trusted,
        VerifyEd25519 verify,
        List<LogFault> faults)
    {
        SortedDictionary<long, HashSet<TreeHash>> roots = [];
        foreach (var (number, text) in notes.Index())
        {
            if (!SignedNote.TryParse(text, out var note) || !Checkpoint.TryParse(note.Text, out var checkpoint))
            {
                faults.Add(new LogFault.MalformedCheckpoint(number));
                continue;
            }

            switch (note.Open(trusted, verify))
            {
                case NoteOpening.BadSignature bad:
                    faults.Add(new LogFault.BadSignature(number, bad.Key.Name));
                    break;
                case NoteOpening.UnknownKeys:
                    faults.Add(new LogFault.UnknownKey(number));
                    break;
                case NoteOpening.Signed when checkpoint.Origin != origin:
                    faults.Add(new LogFault.ForeignCheckpoint(number));
                    break;
                case NoteOpening.Signed:
                    (roots.TryGetValue(checkpoint.Size, out var same) ? same : roots[checkpoint.Size] = []).Add(checkpoint.Root);
                    break;
                default:
                    throw new UnreachableException();
            }
        }

        return roots;
    }

    private static IEnumerable<LogFault> Contradictions(SortedDictionary<long, HashSet<TreeHash>> signed, LogReading reading)
    {
        foreach (var (size, roots) in signed)
        {
            if (roots.Count > 1)
            {
                yield return new LogFault.Forked(size, size);
            }
        }

        // A later checkpoint that the entries reproduce clears them, and leaves the contradicted one as a fork.
        var proven = reading.Coverage.Signed;
        foreach (var size in reading.Contradicted.Where(size => size < proven))
        {
            yield return new LogFault.Forked(size, proven);
        }

        // After the first contradiction beyond the proven entries every later one follows from it.
        if (reading.Contradicted.FirstOrDefault(size => size > proven, -1) is > 0 and var first)
        {
            yield return new LogFault.Rewritten(proven, first);
        }

        if (signed.Keys.LastOrDefault() is var last && last > reading.End)
        {
            yield return new LogFault.Truncated(reading.End, last);
        }
    }
}
