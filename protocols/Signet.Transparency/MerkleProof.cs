using System.Numerics;

namespace Signet.Transparency;

/// <summary>Checks proofs with nothing but hashes in hand. Any input gives an answer; none throws.</summary>
public static class MerkleProof
{
    /// <summary>RFC 9162 §2.1.3.2: whether the leaf hash is at <paramref name="index"/> of the tree of <paramref name="size"/> leaves with this root.</summary>
    public static bool VerifyInclusion(TreeHash leaf, long index, long size, IReadOnlyList<TreeHash> proof, TreeHash root)
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (fn, sn) = (index, size - 1);
        var hash = leaf;
        foreach (var step in proof)
        {
            if (sn == 0)
            {
                return false;
            }

            hash = Climb(ref fn, ref sn) ? MerkleTree.HashNode(step, hash) : MerkleTree.HashNode(hash, step);
        }

        return sn == 0 && hash == root;
    }

    /// <summary>RFC 9162 §2.1.4.2: whether the tree of <paramref name="second"/> leaves starts with all leaves of the tree of <paramref name="first"/>.</summary>
    public static bool VerifyConsistency(
        long first, long second, IReadOnlyList<TreeHash> proof, TreeHash firstRoot, TreeHash secondRoot)
    {
        if (first < 0 || first > second)
        {
            return false;
        }

        if (first == second)
        {
            return proof.Count == 0 && firstRoot == secondRoot;
        }

        if (first == 0)
        {
            return proof.Count == 0 && firstRoot == MerkleTree.EmptyRoot;
        }

        return proof.Count > 0 && Extends(first, second, proof, firstRoot, secondRoot);
    }

    private static bool Extends(long first, long second, IReadOnlyList<TreeHash> proof, TreeHash firstRoot, TreeHash secondRoot)
    {
        // Step 2: a complete old tree is a node of the new one, and its root starts the path.
        var complete = BitOperations.IsPow2(first);
        var (fn, sn) = (first - 1, second - 1);
        while ((fn & 1) == 1)
        {
            (fn, sn) = (fn >> 1, sn >> 1);
        }

        var old = complete ? firstRoot : proof[0];
        var grown = old;
        for (var i = complete ? 0 : 1; i < proof.Count; i++)
        {
            if (sn == 0)
            {
                return false;
            }

            if (Climb(ref fn, ref sn))
            {
                old = MerkleTree.HashNode(proof[i], old);
                grown = MerkleTree.HashNode(proof[i], grown);
            }
            else
            {
                grown = MerkleTree.HashNode(grown, proof[i]);
            }
        }

        return sn == 0 && old == firstRoot && grown == secondRoot;
    }

    // True where the sibling stands to the left; moves both positions to the row of the parent.
    private static bool Climb(ref long fn, ref long sn)
    {
        var left = (fn & 1) == 1 || fn == sn;
        if (left)
        {
            // A node at the ragged right edge has no sibling until a row where it is a right child.
            while ((fn & 1) == 0 && fn != 0)
            {
                (fn, sn) = (fn >> 1, sn >> 1);
            }
        }

        (fn, sn) = (fn >> 1, sn >> 1);
        return left;
    }
}
