namespace Signet.Transparency;

/// <summary>One pass over the entries: compares content with leaf hashes, watches the positions, and compares roots wherever a checkpoint was signed.</summary>
internal sealed class LogReading
{
    private readonly SortedDictionary<long, HashSet<TreeHash>> signed;
    private readonly GrowingRoot root = new();
    private readonly List<(long Position, TreeHash Leaf, TreeHash Found)> altered = [];
    private readonly List<LogFault> misplaced = [];
    private readonly SortedDictionary<long, long> gaps = [];
    private long entries;
    private long pruned;
    private long proven;

    public LogReading(SortedDictionary<long, HashSet<TreeHash>> signed)
    {
        this.signed = signed;
        CompareRoot();
    }

    /// <summary>The position after the highest one seen.</summary>
    public long End { get; private set; }

    /// <summary>The sizes, ascending, whose only signed root the entries do not give.</summary>
    public List<long> Contradicted { get; } = [];

    public LogCoverage Coverage => new(entries, pruned, proven);

    public void Read(LogEntry entry)
    {
        entries++;
        if (entry.Content is not { } content)
        {
            pruned++;
        }
        else if (MerkleTree.HashLeaf(content.Span) is var found && found != entry.Leaf)
        {
            altered.Add((entry.Position, entry.Leaf, found));
        }

        if (entry.Position < End || entry.Position == long.MaxValue)
        {
            Late(entry.Position);
            return;
        }

        if (entry.Position > End)
        {
            gaps.Add(End, entry.Position - 1);
        }

        End = entry.Position + 1;
        // Behind a gap no root can be computed: the checkpoints there are neither proven nor contradicted.
        if (root.Size == entry.Position)
        {
            root.Append(entry.Leaf);
            CompareRoot();
        }
    }

    public IEnumerable<LogFault> Faults() =>
        [.. gaps.Select(gap => new LogFault.Missing(gap.Key, gap.Value)), .. misplaced, .. Alterations()];

    private void CompareRoot()
    {
        if (!signed.TryGetValue(root.Size, out var roots))
        {
            return;
        }

        if (roots.Contains(root.Root))
        {
            proven = root.Size;
        }
        else
        {
            Contradicted.Add(root.Size);
        }
    }

    private void Late(long position)
    {
        foreach (var (from, to) in gaps)
        {
            if (position < from || position > to)
            {
                continue;
            }

            gaps.Remove(from);
            if (from < position)
            {
                gaps.Add(from, position - 1);
            }

            if (position < to)
            {
                gaps.Add(position + 1, to);
            }

            misplaced.Add(new LogFault.Reordered(position));
            return;
        }

        misplaced.Add(new LogFault.Repeated(position));
    }

    // Two altered entries, each with the content that the other one's leaf was made of, are one swap.
    private IEnumerable<LogFault> Alterations()
    {
        var byLeaf = altered.ToLookup(entry => entry.Leaf);
        HashSet<long> named = [];
        foreach (var entry in altered)
        {
            if (!named.Add(entry.Position))
            {
                continue;
            }

            var other = byLeaf[entry.Found].FirstOrDefault(other => other.Found == entry.Leaf && !named.Contains(other.Position), (-1, default, default));
            if (other.Position >= 0 && named.Add(other.Position))
            {
                yield return new LogFault.Swapped(entry.Position, other.Position);
            }
            else
            {
                yield return new LogFault.Altered(entry.Position);
            }
        }
    }
}
