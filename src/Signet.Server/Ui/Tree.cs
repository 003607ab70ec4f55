namespace Signet.Server.Ui;

/// <summary>One place of a <c>Tree</c>; what has children can be folded.</summary>
public sealed record TreeNode(string Label, IReadOnlyList<TreeNode> Children, string? Href = null, string? Note = null, Tone? Tone = null, bool Open = true);

/// <summary>What a line of a <c>Diff</c> is: in both texts, only in the new one, only in the old one.</summary>
public enum DiffKind
{
    Same,
    Added,
    Removed,
}

/// <summary>One line of a <c>Diff</c>.</summary>
public sealed record DiffLine(DiffKind Kind, string Text)
{
    /// <summary>The shortest way from the old lines to the new ones, removals before additions.</summary>
    public static IReadOnlyList<DiffLine> Between(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        // Length of the longest common subsequence of the two tails; the texts are settings of some dozen lines.
        var common = new int[before.Count + 1, after.Count + 1];
        for (var i = before.Count - 1; i >= 0; i--)
        {
            for (var j = after.Count - 1; j >= 0; j--)
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        var lines = new List<DiffLine>();
        var (x, y) = (0, 0);
        while (x < before.Count || y < after.Count)
        {
            if (x < before.Count && y < after.Count && before[x] == after[y])
            {
                lines.Add(new(DiffKind.Same, before[x]));
                (x, y) = (x + 1, y + 1);
            }
            else if (x < before.Count && (y == after.Count || common[x + 1, y] >= common[x, y + 1]))
                lines.Add(new(DiffKind.Removed, before[x++]));
            else
                lines.Add(new(DiffKind.Added, after[y++]));
        }

        return lines;
    }
}
