using FsCheck;
using FsCheck.Fluent;
using Signet.Transparency;
using Xunit;

namespace Protocols.Tests.Transparency;

public sealed class MerkleTilesTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_size_to_130_has_the_root_and_the_inclusion_proofs_of_the_definition()
    {
        var leaves = NaiveTree.Leaves(130);
        var store = new TileStore();
        store.Append(leaves);

        for (var size = 0; size <= 130; size++)
        {
            var tree = leaves.AsSpan(..size).ToArray();
            var root = NaiveTree.Root(tree);
            Assert.Equal(root, await MerkleTiles.RootAsync(size, store.ReadAsync, Ct));
            Assert.Equal(root, MerkleTree.Root(tree));

            for (var index = 0; index < size; index++)
            {
                var proof = await MerkleTiles.ProveInclusionAsync(index, size, store.ReadAsync, Ct);
                Assert.Equal(NaiveTree.Path(index, tree), proof);
                Assert.True(MerkleProof.VerifyInclusion(leaves[index], index, size, proof, root));
                Assert.False(MerkleProof.VerifyInclusion(leaves[index], index + 1, size, proof, root));
            }
        }
    }

    [Fact]
    public async Task Every_pair_of_sizes_to_130_has_the_consistency_proof_of_the_definition()
    {
        var leaves = NaiveTree.Leaves(130);
        var roots = Enumerable.Range(0, 131).Select(size => NaiveTree.Root(leaves.AsSpan(..size))).ToArray();
        var store = new TileStore();
        store.Append(leaves);

        for (var second = 0; second <= 130; second++)
        {
            for (var first = 0; first <= second; first++)
            {
                var proof = await MerkleTiles.ProveConsistencyAsync(first, second, store.ReadAsync, Ct);

                Assert.Equal(first == 0 ? [] : NaiveTree.SubProof(first, leaves.AsSpan(..second), complete: true), proof);
                Assert.True(MerkleProof.VerifyConsistency(first, second, proof, roots[first], roots[second]));
                if (first != second)
                {
                    Assert.False(MerkleProof.VerifyConsistency(first, second, proof, roots[second], roots[second]));
                }
            }
        }
    }

    [Fact]
    public void Batches_of_any_size_grow_the_same_tree()
    {
        var leaves = NaiveTree.Leaves(70_000);
        var atOnce = new TileStore();
        atOnce.Append(leaves);

        Prop.ForAll(Gen.Choose(1, 20_000).ListOf(12).ToArbitrary(), batches =>
        {
            var store = new TileStore();
            var rest = leaves.AsMemory();
            foreach (var batch in batches.Append(leaves.Length))
            {
                var taken = Math.Min(batch, rest.Length);
                store.Append(rest.Span[..taken]);
                rest = rest[taken..];
            }

            return store.Root == atOnce.Root && store.Tiles.Count == atOnce.Tiles.Count
                && store.Tiles.All(tile => tile.Value.Span.SequenceEqual(atOnce.Tiles[tile.Key].Span));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));
    }

    [Fact]
    public void Appending_one_by_one_gives_the_root_at_each_size_and_touches_few_tiles()
    {
        var leaves = NaiveTree.Leaves(600);
        var store = new TileStore();
        var growing = new GrowingRoot();

        foreach (var leaf in leaves)
        {
            var growth = store.Append([leaf]);
            growing.Append(leaf);

            Assert.Equal(growing.Root, growth.Root);
            Assert.InRange(growth.Tiles.Count, 1, 2);
        }

        Assert.Equal(NaiveTree.Root(leaves), store.Root);
    }

    [Fact]
    public async Task Proofs_of_a_large_tree_read_few_tiles_and_verify()
    {
        var store = new TileStore();
        store.Append(NaiveTree.Leaves(70_000));
        var leaf = MerkleTree.HashLeaf(NaiveTree.Content(4_711));

        var inclusion = await MerkleTiles.ProveInclusionAsync(4_711, 70_000, store.ReadAsync, Ct);
        var tilesForInclusion = store.LastRead;
        var consistency = await MerkleTiles.ProveConsistencyAsync(65_537, 70_000, store.ReadAsync, Ct);
        var oldRoot = await MerkleTiles.RootAsync(65_537, store.ReadAsync, Ct);

        Assert.True(MerkleProof.VerifyInclusion(leaf, 4_711, 70_000, inclusion, store.Root));
        Assert.True(MerkleProof.VerifyConsistency(65_537, 70_000, consistency, oldRoot, store.Root));
        Assert.InRange(tilesForInclusion, 1, 6);
        Assert.Equal(NaiveTree.Root(NaiveTree.Leaves(65_537)), oldRoot);
    }

    [Fact]
    public async Task A_lost_tile_is_an_error_and_not_a_wrong_proof()
    {
        var store = new TileStore();
        store.Append(NaiveTree.Leaves(300));
        store.Lose(new(0, 1));

        await Assert.ThrowsAsync<InvalidDataException>(async () => await MerkleTiles.ProveInclusionAsync(270, 300, store.ReadAsync, Ct));
    }

    [Theory]
    [InlineData(0, 0, 256, "tile/0/000")]
    [InlineData(1, 1_234_067, 256, "tile/1/x001/x234/067")]
    [InlineData(0, 1_000, 17, "tile/0/x001/000.p/17")]
    public void A_tile_has_the_path_of_the_specification(int level, long index, int width, string path) =>
        Assert.Equal(path, new TileId(level, index).Path(width));
}
