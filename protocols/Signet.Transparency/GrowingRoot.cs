namespace Signet.Transparency;

/// <summary>The root of a log read from its first entry on, in O(log n) memory: one hash for each complete subtree of the right edge.</summary>
public sealed class GrowingRoot
{
    private readonly List<TreeHash> edge = [];

    /// <summary>The number of leaves appended so far.</summary>
    public long Size { get; private set; }

    /// <summary>RFC 9162 §2.1.1: the root over the leaves so far.</summary>
    public TreeHash Root
    {
        get
        {
            if (edge.Count == 0)
            {
                return MerkleTree.EmptyRoot;
            }

            var root = edge[^1];
            for (var i = edge.Count - 2; i >= 0; i--)
            {
                root = MerkleTree.HashNode(edge[i], root);
            }

            return root;
        }
    }

    /// <summary>Adds the leaf at position <see cref="Size"/>.</summary>
    public void Append(TreeHash leaf)
    {
        // Each trailing one bit of the old size is a complete subtree that now finds its right sibling.
        for (var carry = Size; (carry & 1) == 1; carry >>= 1)
        {
            leaf = MerkleTree.HashNode(edge[^1], leaf);
            edge.RemoveAt(edge.Count - 1);
        }

        edge.Add(leaf);
        Size++;
    }
}
