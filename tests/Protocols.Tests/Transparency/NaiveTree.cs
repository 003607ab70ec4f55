using System.Security.Cryptography;
using Signet.Transparency;

namespace Protocols.Tests.Transparency;

/// <summary>The recursive definitions of RFC 9162 §2.1 written down as they stand, slow and plainly right: what the library is compared with.</summary>
internal static class NaiveTree
{
    public static byte[] Content(long position) => System.Text.Encoding.UTF8.GetBytes($"{{\"entry\":{position}}}");

    public static TreeHash[] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => Hash([0, .. Content(i)]))];

    public static TreeHash Root(ReadOnlySpan<TreeHash> leaves)
    {
        if (leaves.Length <= 1)
        {
            return leaves.Length == 1 ? leaves[0] : Hash([]);
        }

        var k = Split(leaves.Length);
        return Hash([1, .. Root(leaves[..k]).ToArray(), .. Root(leaves[k..]).ToArray()]);
    }

    public static List<TreeHash> Path(int m, ReadOnlySpan<TreeHash> leaves)
    {
        if (leaves.Length == 1)
        {
            return [];
        }

        var k = Split(leaves.Length);
        return m < k ? [.. Path(m, leaves[..k]), Root(leaves[k..])] : [.. Path(m - k, leaves[k..]), Root(leaves[..k])];
    }

    public static List<TreeHash> SubProof(int m, ReadOnlySpan<TreeHash> leaves, bool complete)
    {
        if (m == leaves.Length)
        {
            return complete ? [] : [Root(leaves)];
        }

        var k = Split(leaves.Length);
        return m <= k
            ? [.. SubProof(m, leaves[..k], complete), Root(leaves[k..])]
            : [.. SubProof(m - k, leaves[k..], complete: false), Root(leaves[..k])];
    }

    private static int Split(int n)
    {
        var k = 1;
        while (k * 2 < n)
        {
            k *= 2;
        }

        return k;
    }

    private static TreeHash Hash(byte[] input) => TreeHash.From(SHA256.HashData(input));
}
