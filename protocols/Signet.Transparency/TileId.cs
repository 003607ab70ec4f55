using System.Globalization;

namespace Signet.Transparency;

/// <summary>The place of a tile: level 0 holds leaf hashes, each hash of level L+1 is the root of a full tile of level L.</summary>
/// <param name="Level">0 to 7.</param>
/// <param name="Index">Which tile of the level, from 0.</param>
public readonly record struct TileId(int Level, long Index)
{
    /// <summary>C2SP tlog-tiles §Merkle Tree: the path a static host serves the tile under, such as <c>tile/0/x001/234</c> or <c>tile/0/x001/234.p/17</c>.</summary>
    /// <param name="width">The hashes in the tile, 1 to 256.</param>
    public string Path(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MerkleTiles.Width);
        var index = (Index % 1000).ToString("000", CultureInfo.InvariantCulture);
        for (var rest = Index / 1000; rest > 0; rest /= 1000)
        {
            index = string.Create(CultureInfo.InvariantCulture, $"x{rest % 1000:000}/{index}");
        }

        return width == MerkleTiles.Width
            ? string.Create(CultureInfo.InvariantCulture, $"tile/{Level}/{index}")
            : string.Create(CultureInfo.InvariantCulture, $"tile/{Level}/{index}.p/{width}");
    }
}

/// <summary>A tile and its hashes, end to end, 32 bytes each; fewer than 256 of them only at the right edge of the tree.</summary>
/// <param name="Id">Where the tile belongs.</param>
/// <param name="Hashes">The hashes' bytes.</param>
public sealed record Tile(TileId Id, ReadOnlyMemory<byte> Hashes)
{
    /// <summary>The number of hashes, 1 to 256.</summary>
    public int Width => Hashes.Length / TreeHash.Size;
}

/// <summary>Fetches tiles, all that one answer needs in one call. A tile may hold more hashes than are needed (the tree has grown since): the first ones count.</summary>
/// <param name="ids">Distinct tiles, at most a few for each level.</param>
/// <param name="ct">Cancels the read.</param>
public delegate ValueTask<IReadOnlyDictionary<TileId, ReadOnlyMemory<byte>>> TileReader(IReadOnlyCollection<TileId> ids, CancellationToken ct);

/// <summary>What an append changed: the tiles to store (whole, also where they were partial before), the new size and the new root.</summary>
/// <param name="Size">The number of leaves now.</param>
/// <param name="Root">The root over them.</param>
/// <param name="Tiles">New and changed tiles.</param>
public sealed record TreeGrowth(long Size, TreeHash Root, IReadOnlyList<Tile> Tiles);
