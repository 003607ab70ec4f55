namespace Signet.Transparency;

/// <summary>A Merkle tree stored as tiles of 256 hashes: appends rewrite only the right edge, and roots and proofs of any size read O(log n) tiles.
/// <see href="https://c2sp.org/tlog-tiles"/></summary>
public static class MerkleTiles
{
    /// <summary>C2SP tlog-tiles §Merkle Tree: the hashes in a full tile.</summary>
    public const int Width = 256;

    internal const int Height = 8;

    /// <summary>The partial tiles of a tree of this size: what <see cref="Append"/> needs, one a level at most.</summary>
    public static IReadOnlyList<TileId> Edge(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        List<TileId> tiles = [];
        var level = 0;
        for (var count = size; count > 0; count /= Width, level++)
        {
            if (count % Width != 0)
            {
                tiles.Add(new(level, count / Width));
            }
        }

        return tiles;
    }

    /// <summary>Appends leaf hashes to a tree of the given size.</summary>
    /// <param name="size">The leaves the tree has.</param>
    /// <param name="edge">The tiles of <see cref="Edge"/> for that size.</param>
    /// <param name="leaves">The hashes of the new leaves, in order.</param>
    /// <exception cref="InvalidDataException">A tile of the edge is missing or too short.</exception>
    public static TreeGrowth Append(long size, IReadOnlyDictionary<TileId, ReadOnlyMemory<byte>> edge, ReadOnlySpan<TreeHash> leaves)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        List<Tile> changed = [];
        // The tiles of the right edge after the append, so that the root comes from memory.
        var right = new Dictionary<TileId, ReadOnlyMemory<byte>>(edge);
        TreeHash[] row = leaves.ToArray();
        var level = 0;
        for (var count = size; row.Length > 0; count /= Width, level++)
        {
            row = AppendRow(level, count, row, right, changed);
        }

        var grown = checked(size + leaves.Length);
        return new(grown, Fold(new(0, grown), right), changed);
    }

    /// <summary>RFC 9162 §2.1.1: the root of the first <paramref name="size"/> leaves.</summary>
    public static async ValueTask<TreeHash> RootAsync(long size, TileReader read, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return (await HashesAsync([new(0, size)], read, ct))[0];
    }

    /// <summary>RFC 9162 §2.1.3.1: the proof that the leaf at <paramref name="index"/> is in the tree of the first <paramref name="size"/> leaves.</summary>
    public static ValueTask<IReadOnlyList<TreeHash>> ProveInclusionAsync(long index, long size, TileReader read, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        return HashesAsync(Subtree.InclusionPath(index, size), read, ct);
    }

    /// <summary>RFC 9162 §2.1.4.1: the proof that the tree of <paramref name="second"/> leaves extends that of <paramref name="first"/>.
    /// Every tree extends itself and the empty tree, with an empty proof.</summary>
    public static ValueTask<IReadOnlyList<TreeHash>> ProveConsistencyAsync(long first, long second, TileReader read, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);
        return HashesAsync(first is 0 ? [] : Subtree.ConsistencyPath(first, second), read, ct);
    }

    private static TreeHash[] AppendRow(
        int level, long count, ReadOnlySpan<TreeHash> row, Dictionary<TileId, ReadOnlyMemory<byte>> right, List<Tile> changed)
    {
        List<TreeHash> above = [];
        Span<TreeHash> tile = stackalloc TreeHash[Width];
        while (row.Length > 0)
        {
            var id = new TileId(level, count / Width);
            var held = (int)(count % Width);
            if (held > 0)
            {
                Hashes(right, id, held).CopyTo(tile);
            }

            var added = Math.Min(Width - held, row.Length);
            row[..added].CopyTo(tile[held..]);
            var bytes = MerkleTree.Bytes(tile[..(held + added)]);
            changed.Add(new(id, bytes));
            if (held + added == Width)
            {
                above.Add(MerkleTree.CompleteRoot(tile));
                right.Remove(id);
            }
            else
            {
                right[id] = bytes;
            }

            count += added;
            row = row[added..];
        }

        return [.. above];
    }

    private static async ValueTask<IReadOnlyList<TreeHash>> HashesAsync(List<Subtree> subtrees, TileReader read, CancellationToken ct)
    {
        HashSet<TileId> ids = [.. subtrees.SelectMany(subtree => subtree.CompleteNodes()).Select(node => node.Tile)];
        var tiles = ids.Count is 0 ? new Dictionary<TileId, ReadOnlyMemory<byte>>() : await read(ids, ct);
        return [.. subtrees.Select(subtree => Fold(subtree, tiles))];
    }

    private static TreeHash Fold(Subtree subtree, IReadOnlyDictionary<TileId, ReadOnlyMemory<byte>> tiles)
    {
        TreeHash? root = null;
        foreach (var node in subtree.CompleteNodes().Reverse())
        {
            var (start, count) = node.Place;
            var hash = MerkleTree.CompleteRoot(Hashes(tiles, node.Tile, start + count)[start..]);
            root = root is { } right ? MerkleTree.HashNode(hash, right) : hash;
        }

        return root ?? MerkleTree.EmptyRoot;
    }

    private static ReadOnlySpan<TreeHash> Hashes(IReadOnlyDictionary<TileId, ReadOnlyMemory<byte>> tiles, TileId id, int needed) =>
        tiles.TryGetValue(id, out var bytes) && bytes.Length >= needed * TreeHash.Size
            ? TreeHash.Cast(bytes.Span)[..needed]
            : throw new InvalidDataException($"Tile {id.Level}/{id.Index} must hold {needed} hashes.");
}
