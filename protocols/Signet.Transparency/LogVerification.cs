namespace Signet.Transparency;

/// <summary>One entry of an exported log.</summary>
/// <param name="Position">From 0, without gaps.</param>
/// <param name="Leaf">The leaf hash the log recorded (the tile's, where the export has a choice: then an altered row is named exactly).</param>
/// <param name="Content">The canonical bytes that were hashed; null where retention has pruned them.</param>
public sealed record LogEntry(long Position, TreeHash Leaf, ReadOnlyMemory<byte>? Content);

/// <summary>What an exported log turned out to be.</summary>
public abstract record LogVerification
{
    private LogVerification() { }

    /// <summary>Every entry is where a trusted key signed it to be, and every checkpoint agrees.</summary>
    /// <param name="Coverage">What that covers.</param>
    public sealed record Intact(LogCoverage Coverage) : LogVerification;

    /// <summary>Something is wrong with the log.</summary>
    /// <param name="Faults">All that was found; at least one.</param>
    /// <param name="Coverage">What could be proven nevertheless.</param>
    public sealed record Faulty(IReadOnlyList<LogFault> Faults, LogCoverage Coverage) : LogVerification;
}

/// <summary>How much of an export was seen and how much of it is proven.</summary>
/// <param name="Entries">Entries read.</param>
/// <param name="Pruned">Of them, those with their hash only.</param>
/// <param name="Signed">The size of the largest checkpoint whose root the entries reproduce: the entries from there on no key vouches for yet.</param>
public sealed record LogCoverage(long Entries, long Pruned, long Signed);

/// <summary>One thing that is wrong with an exported log.</summary>
public abstract record LogFault
{
    private LogFault() { }

    /// <summary>The content of an entry is not what its leaf hash was made of.</summary>
    /// <param name="Position">Which entry.</param>
    public sealed record Altered(long Position) : LogFault;

    /// <summary>Two entries have each other's content.</summary>
    /// <param name="First">The lower position.</param>
    /// <param name="Second">The higher position.</param>
    public sealed record Swapped(long First, long Second) : LogFault;

    /// <summary>Entries are not in the export, though later ones are.</summary>
    /// <param name="From">The first missing position.</param>
    /// <param name="To">The last missing position.</param>
    public sealed record Missing(long From, long To) : LogFault;

    /// <summary>An entry stands after one of a higher position.</summary>
    /// <param name="Position">The entry that comes too late.</param>
    public sealed record Reordered(long Position) : LogFault;

    /// <summary>A position occurs again.</summary>
    /// <param name="Position">Which position.</param>
    public sealed record Repeated(long Position) : LogFault;

    /// <summary>A checkpoint signs more entries than the export has.</summary>
    /// <param name="Held">The entries there are, counted by position.</param>
    /// <param name="Signed">The entries there were.</param>
    public sealed record Truncated(long Held, long Signed) : LogFault;

    /// <summary>Two signed checkpoints can't be of one log: one size with two roots, or the smaller no beginning of the larger.</summary>
    /// <param name="First">The size of the one.</param>
    /// <param name="Second">The size of the other.</param>
    public sealed record Forked(long First, long Second) : LogFault;

    /// <summary>The leaf hashes do not give the signed root: entries were replaced along with their hashes, or the log was forked.</summary>
    /// <param name="From">The first entry in question.</param>
    /// <param name="Signed">The size of the checkpoint that is contradicted.</param>
    public sealed record Rewritten(long From, long Signed) : LogFault;

    /// <summary>A checkpoint can't be read.</summary>
    /// <param name="Number">Which of the checkpoints given, from 0.</param>
    public sealed record MalformedCheckpoint(int Number) : LogFault;

    /// <summary>A checkpoint is that of another log.</summary>
    /// <param name="Number">Which of the checkpoints given, from 0.</param>
    public sealed record ForeignCheckpoint(int Number) : LogFault;

    /// <summary>A checkpoint's signature is not of the key it names.</summary>
    /// <param name="Number">Which of the checkpoints given, from 0.</param>
    /// <param name="KeyName">The key it names.</param>
    public sealed record BadSignature(int Number, string KeyName) : LogFault;

    /// <summary>No trusted key signed a checkpoint.</summary>
    /// <param name="Number">Which of the checkpoints given, from 0.</param>
    public sealed record UnknownKey(int Number) : LogFault;

    /// <summary>There are entries, and no checkpoint by a trusted key.</summary>
    public sealed record Unsigned : LogFault;
}
