using System.Diagnostics;
using Signet.Platform.Data;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>What can be wrong with an audit log.</summary>
public enum AuditFaultKind
{
    /// <summary>A record is not what was hashed.</summary>
    Altered,
    Deleted,

    /// <summary>Two records have each other's place.</summary>
    Swapped,
    Reordered,
    Repeated,

    /// <summary>The end of the log is gone.</summary>
    Truncated,

    /// <summary>Two signed checkpoints can't be of one log.</summary>
    Forked,

    /// <summary>Records and their hashes were replaced together: they are not what was signed.</summary>
    Rewritten,

    /// <summary>A record was not written by who holds the integrity key.</summary>
    Forged,

    /// <summary>The stored tree is not that of the log.</summary>
    TreeDamaged,
    BadSignature,
    UnknownKey,
    ForeignCheckpoint,
    MalformedCheckpoint,

    /// <summary>There are records and no checkpoint vouches for them.</summary>
    Unsigned,

    /// <summary>A line of an export can't be read.</summary>
    Unreadable,
}

/// <summary>One thing that is wrong, and where.</summary>
/// <param name="From">The first position concerned.</param>
/// <param name="To">The last one; the other one of a swap.</param>
/// <param name="Record">The record's id, where one is concerned and known.</param>
public sealed record AuditFault(AuditFaultKind Kind, string Message, long? From = null, long? To = null, Guid? Record = null)
{
    /// <summary><c>altered: The record at 3 was altered.</c></summary>
    public override string ToString() => $"{SnakeCase.Of(Kind)}: {Message}";

    internal static AuditFault Altered(long? position, Guid record) =>
        new(AuditFaultKind.Altered, position is null ? $"Record {record}, not sealed yet, was altered." : $"The record at {position} was altered.", position, position, record);

    internal static AuditFault Forged(long? position, Guid record) =>
        new(AuditFaultKind.Forged, position is null ? $"Record {record}, not sealed yet, was not written by this installation."
            : $"The record at {position} was not written by this installation.", position, position, record);

    internal static AuditFault Deleted(long from, long to) =>
        new(AuditFaultKind.Deleted, from == to ? $"The record at {from} is gone." : $"The records from {from} to {to} are gone.", from, to);

    internal static AuditFault Truncated(long held, long signed) =>
        new(AuditFaultKind.Truncated, $"There were {signed} records and only the first {held} are there.", held, signed - 1);

    internal static AuditFault Of(LogFault fault) => fault switch
    {
        LogFault.Altered f => new(AuditFaultKind.Altered, $"The record at {f.Position} was altered.", f.Position, f.Position),
        LogFault.Swapped f => new(AuditFaultKind.Swapped, $"The records at {f.First} and {f.Second} have each other's content.", f.First, f.Second),
        LogFault.Missing f => Deleted(f.From, f.To),
        LogFault.Reordered f => new(AuditFaultKind.Reordered, $"The record at {f.Position} stands after later ones.", f.Position, f.Position),
        LogFault.Repeated f => new(AuditFaultKind.Repeated, $"Position {f.Position} is there more than once.", f.Position, f.Position),
        LogFault.Truncated f => Truncated(f.Held, f.Signed),
        LogFault.Forked { First: var first, Second: var second } when first == second =>
            new(AuditFaultKind.Forked, $"Two checkpoints of size {first} were signed with different roots.", first, first),
        LogFault.Forked f => new(AuditFaultKind.Forked, $"The checkpoints of size {f.First} and {f.Second} can't be of one log.", f.First, f.Second),
        LogFault.Rewritten f => new(AuditFaultKind.Rewritten, $"Records from {f.From} on are not those the checkpoint of size {f.Signed} was signed for.", f.From, f.Signed - 1),
        LogFault.MalformedCheckpoint f => new(AuditFaultKind.MalformedCheckpoint, $"Checkpoint {f.Number} can't be read."),
        LogFault.ForeignCheckpoint f => new(AuditFaultKind.ForeignCheckpoint, $"Checkpoint {f.Number} is of another log."),
        LogFault.BadSignature f => new(AuditFaultKind.BadSignature, $"The signature of checkpoint {f.Number} is false."),
        LogFault.UnknownKey f => new(AuditFaultKind.UnknownKey, $"No trusted key signed checkpoint {f.Number}."),
        LogFault.Unsigned => new(AuditFaultKind.Unsigned, "No checkpoint vouches for any record."),
        _ => throw new UnreachableException(),
    };
}

/// <summary>What a log turned out to be.</summary>
/// <param name="Checked">Records looked at, sealed or not.</param>
/// <param name="Pruned">Of them, those of which retention has left the hash.</param>
/// <param name="Unsealed">Of them, those that have no position yet.</param>
/// <param name="Signed">The size of the largest checkpoint that the records reproduce.</param>
public sealed record AuditVerification(long Checked, long Pruned, long Unsealed, long Signed, IReadOnlyList<AuditFault> Faults)
{
    public bool Verified => Faults.Count == 0;
}
