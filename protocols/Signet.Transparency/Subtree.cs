using System.Numerics;

namespace Signet.Transparency;

/// <summary>The leaves from <paramref name="Start"/> up to, not including, <paramref name="End"/>, as the recursion of RFC 9162 §2.1 meets them:
/// complete, or ragged at the right edge of the tree.</summary>
internal readonly record struct Subtree(long Start, long End)
{
    /// <summary>RFC 9162 §2.1.3.1: the siblings on the way from a leaf to the root, lowest first.</summary>
    public static List<Subtree> InclusionPath(long index, long size)
    {
        List<Subtree> path = [];
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var split = Split(start, end);
            if (index < split)
            {
                path.Add(new(split, end));
                end = split;
            }
            else
            {
                path.Add(new(start, split));
                start = split;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>RFC 9162 §2.1.4.1: SUBPROOF(first, D[second], true), lowest first.</summary>
    public static List<Subtree> ConsistencyPath(long first, long second)
    {
        List<Subtree> path = [];
        var (start, end) = (0L, second);
        while (first != end)
        {
            var split = Split(start, end);
            if (first <= split)
            {
                path.Add(new(split, end));
                end = split;
            }
            else
            {
                path.Add(new(start, split));
                start = split;
            }
        }

        // The verifier knows the old root already, so it is named only where it is a part of the old tree and not all of it.
        if (start != 0)
        {
            path.Add(new(start, end));
        }

        path.Reverse();
        return path;
    }

    /// <summary>The complete subtrees that make this one up, from the left, each smaller than the one before it.</summary>
    public IEnumerable<Node> CompleteNodes()
    {
        for (var start = Start; start < End;)
        {
            var height = BitOperations.Log2((ulong)(End - start));
            yield return new(height, start >> height);
            start += 1L << height;
        }
    }

    // RFC 9162 §2.1.1: k is the largest power of two smaller than the number of leaves.
    private static long Split(long start, long end) => start + (1L << BitOperations.Log2((ulong)(end - start - 1)));
}

/// <summary>The root of the complete subtree over leaves [Index·2^Height, (Index+1)·2^Height).</summary>
internal readonly record struct Node(int Height, long Index)
{
    /// <summary>C2SP tlog-tiles §Merkle Tree: a tile row is eight levels of nodes, of which the lowest is stored.</summary>
    public TileId Tile => new(Height / MerkleTiles.Height, (Index << (Height % MerkleTiles.Height)) / MerkleTiles.Width);

    /// <summary>Where in that tile the hashes below this node start, and how many they are.</summary>
    public (int Start, int Count) Place
    {
        get
        {
            var rise = Height % MerkleTiles.Height;
            return ((int)((Index << rise) % MerkleTiles.Width), 1 << rise);
        }
    }
}
