using FsCheck;
using FsCheck.Fluent;
using Signet.Transparency;
using Xunit;

namespace Protocols.Tests.Transparency;

public sealed class MerkleProofTests
{
    private static readonly TreeHash[] Leaves = NaiveTree.Leaves(1000);
    private static readonly TreeHash Root = NaiveTree.Root(Leaves);
    private static readonly TreeHash Other = MerkleTree.HashLeaf("other"u8);

    // The well-known test tree of Certificate Transparency: eight leaves and their root.
    [Fact]
    public void The_reference_tree_of_certificate_transparency_has_its_published_root()
    {
        string[] leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

        var root = MerkleTree.Root(leaves.Select(leaf => MerkleTree.HashLeaf(Convert.FromHexString(leaf))));

        Assert.Equal("5DC9DA79A70659A9AD559CB701DED9A2AB9D823AAD2F4960CFE370EFF4604328", Convert.ToHexString(root.ToArray()));
        Assert.Equal("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", Convert.ToHexString(MerkleTree.EmptyRoot.ToArray()));
    }

    [Fact]
    public void A_leaf_is_hashed_the_same_whatever_its_length()
    {
        var data = new byte[5000];

        foreach (var length in (int[])[0, 1, 1023, 1024, 1025, 5000])
        {
            var expected = System.Security.Cryptography.SHA256.HashData([0, .. data.AsSpan(..length)]);
            Assert.Equal(TreeHash.From(expected), MerkleTree.HashLeaf(data.AsSpan(..length)));
        }
    }

    [Fact]
    public void A_node_never_passes_for_a_leaf()
    {
        var forged = MerkleTree.HashLeaf([.. Leaves[0].ToArray(), .. Leaves[1].ToArray()]);

        Assert.NotEqual(MerkleTree.HashNode(Leaves[0], Leaves[1]), forged);
    }

    [Fact]
    public void An_inclusion_proof_with_any_one_hash_altered_fails()
    {
        var proof = NaiveTree.Path(700, Leaves);
        Assert.True(MerkleProof.VerifyInclusion(Leaves[700], 700, 1000, proof, Root));

        for (var i = 0; i < proof.Count; i++)
        {
            List<TreeHash> altered = [.. proof];
            altered[i] = Other;
            Assert.False(MerkleProof.VerifyInclusion(Leaves[700], 700, 1000, altered, Root));
        }
    }

    [Theory]
    [InlineData(-1, 1000)]
    [InlineData(701, 1000)]
    [InlineData(1000, 1000)]
    [InlineData(700, 700)]
    [InlineData(700, 2000)]
    [InlineData(700, long.MaxValue)]
    public void An_inclusion_proof_for_another_place_fails(long index, long size) =>
        Assert.False(MerkleProof.VerifyInclusion(Leaves[700], index, size, NaiveTree.Path(700, Leaves), Root));

    [Fact]
    public void An_inclusion_proof_that_is_too_long_or_too_short_fails()
    {
        var proof = NaiveTree.Path(700, Leaves);

        Assert.False(MerkleProof.VerifyInclusion(Leaves[700], 700, 1000, [.. proof, Other], Root));
        Assert.False(MerkleProof.VerifyInclusion(Leaves[700], 700, 1000, proof[..^1], Root));
        Assert.False(MerkleProof.VerifyInclusion(Leaves[700], 700, 1000, [], Root));
    }

    [Fact]
    public void A_consistency_proof_with_any_one_hash_altered_fails()
    {
        var first = NaiveTree.Root(Leaves.AsSpan(..300));
        var proof = NaiveTree.SubProof(300, Leaves, complete: true);
        Assert.True(MerkleProof.VerifyConsistency(300, 1000, proof, first, Root));

        for (var i = 0; i < proof.Count; i++)
        {
            List<TreeHash> altered = [.. proof];
            altered[i] = Other;
            Assert.False(MerkleProof.VerifyConsistency(300, 1000, altered, first, Root));
        }

        Assert.False(MerkleProof.VerifyConsistency(300, 1000, [.. proof, Other], first, Root));
        Assert.False(MerkleProof.VerifyConsistency(300, 1000, proof[..^1], first, Root));
    }

    [Fact]
    public void A_rewritten_history_has_no_consistency_proof()
    {
        var before = NaiveTree.Root(Leaves.AsSpan(..512));
        TreeHash[] rewritten = [.. Leaves];
        rewritten[100] = Other;

        var proof = NaiveTree.SubProof(512, rewritten, complete: true);

        Assert.False(MerkleProof.VerifyConsistency(512, 1000, proof, before, NaiveTree.Root(rewritten)));
    }

    [Fact]
    public void The_empty_tree_is_the_start_of_every_tree_and_only_itself_has_another_proof()
    {
        Assert.True(MerkleProof.VerifyConsistency(0, 1000, [], MerkleTree.EmptyRoot, Root));
        Assert.False(MerkleProof.VerifyConsistency(0, 1000, [], Other, Root));
        Assert.False(MerkleProof.VerifyConsistency(0, 1000, [Other], MerkleTree.EmptyRoot, Root));
        Assert.False(MerkleProof.VerifyConsistency(5, 4, [], Root, Root));
        Assert.False(MerkleProof.VerifyConsistency(1000, 1000, [], Other, Root));
    }

    [Fact]
    public void No_numbers_and_no_proof_make_a_verifier_throw_or_agree() =>
        Prop.ForAll<long, long, byte>((first, second, count) =>
        {
            var proof = Leaves[..count];

            return !MerkleProof.VerifyInclusion(Other, first, second, proof, Root)
                && !MerkleProof.VerifyConsistency(first, second, proof, Root, Other);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=")]
    [InlineData("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData(" 7DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    public void A_hash_has_one_spelling(string? text)
    {
        Assert.True(TreeHash.TryParse("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", out var hash));
        Assert.Equal(MerkleTree.EmptyRoot, hash);

        Assert.False(TreeHash.TryParse(text, out _));
    }
}
