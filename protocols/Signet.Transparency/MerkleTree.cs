using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Signet.Transparency;

/// <summary>The hashing of a Merkle tree log. Leaves and nodes are hashed with different prefixes, so that none can pass for the other.
/// <see href="https://www.rfc-editor.org/rfc/rfc9162"/></summary>
public static class MerkleTree
{
    /// <summary>RFC 9162 §2.1.1: the root of a tree without leaves is the hash of nothing.</summary>
    public static readonly TreeHash EmptyRoot = TreeHash.From(SHA256.HashData([]));

    /// <summary>RFC 9162 §2.1.1: SHA-256(0x00 ‖ data).</summary>
    public static TreeHash HashLeaf(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[TreeHash.Size];
        if (data.Length <= 1024)
        {
            Span<byte> input = stackalloc byte[1 + data.Length];
            input[0] = 0x00;
            data.CopyTo(input[1..]);
            SHA256.HashData(input, hash);
        }
        else
        {
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            sha.AppendData([0x00]);
            sha.AppendData(data);
            sha.GetHashAndReset(hash);
        }

        return TreeHash.From(hash);
    }

    /// <summary>RFC 9162 §2.1.1: SHA-256(0x01 ‖ left ‖ right).</summary>
    public static TreeHash HashNode(in TreeHash left, in TreeHash right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * TreeHash.Size)];
        Span<byte> hash = stackalloc byte[TreeHash.Size];
        input[0] = 0x01;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + TreeHash.Size)..]);
        SHA256.HashData(input, hash);
        return TreeHash.From(hash);
    }

    /// <summary>RFC 9162 §2.1.1: the root over a list of leaf hashes.</summary>
    public static TreeHash Root(IEnumerable<TreeHash> leaves)
    {
        var growing = new GrowingRoot();
        foreach (var leaf in leaves)
        {
            growing.Append(leaf);
        }

        return growing.Root;
    }

    /// <summary>The root of a complete subtree: the number of hashes is a power of two, of one tile at most.</summary>
    internal static TreeHash CompleteRoot(ReadOnlySpan<TreeHash> hashes)
    {
        if (!BitOperations.IsPow2(hashes.Length) || hashes.Length > MerkleTiles.Width)
        {
            throw new ArgumentException("A complete subtree of a tile has 1, 2, 4 … 256 hashes.", nameof(hashes));
        }

        Span<TreeHash> row = stackalloc TreeHash[MerkleTiles.Width];
        hashes.CopyTo(row);
        for (var width = hashes.Length; width > 1; width /= 2)
        {
            for (var i = 0; i < width; i += 2)
            {
                row[i / 2] = HashNode(row[i], row[i + 1]);
            }
        }

        return row[0];
    }

    internal static byte[] Bytes(ReadOnlySpan<TreeHash> hashes) => MemoryMarshal.AsBytes(hashes).ToArray();
}
