using Signet.Transparency;

namespace Protocols.Tests.Transparency;

/// <summary>Tiles in memory, stored as a server stores them; counts what a reader asks for.</summary>
internal sealed class TileStore
{
    private readonly Dictionary<TileId, ReadOnlyMemory<byte>> tiles = [];

    public long Size { get; private set; }

    public TreeHash Root { get; private set; } = MerkleTree.EmptyRoot;

    public int LastRead { get; private set; }

    public IReadOnlyDictionary<TileId, ReadOnlyMemory<byte>> Tiles => tiles;

    public TreeGrowth Append(ReadOnlySpan<TreeHash> leaves)
    {
        var edge = MerkleTiles.Edge(Size).ToDictionary(id => id, id => tiles[id]);
        var growth = MerkleTiles.Append(Size, edge, leaves);
        foreach (var tile in growth.Tiles)
        {
            tiles[tile.Id] = tile.Hashes;
        }

        (Size, Root) = (growth.Size, growth.Root);
        return growth;
    }

    public ValueTask<IReadOnlyDictionary<TileId, ReadOnlyMemory<byte>>> ReadAsync(IReadOnlyCollection<TileId> ids, CancellationToken ct)
    {
        LastRead = ids.Count;
        return ValueTask.FromResult<IReadOnlyDictionary<TileId, ReadOnlyMemory<byte>>>(
            ids.Where(tiles.ContainsKey).ToDictionary(id => id, id => tiles[id]));
    }

    public void Lose(TileId id) => tiles.Remove(id);
}
