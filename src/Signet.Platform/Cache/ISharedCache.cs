namespace Signet.Platform.Cache;

/// <summary>
/// Small values for a while, shared by all nodes where Redis is configured and kept by this process where it is not. It may forget anything at any time,
/// and a removal may not reach it; so it is for what stays true until it expires, or whose key names the version it was made from.
/// What can be revoked belongs in a <see cref="NodeCache{TKey,TValue}"/>.
/// </summary>
public interface ISharedCache
{
    ValueTask<byte[]?> FindAsync(string key, CancellationToken ct);

    ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken ct);

    ValueTask RemoveAsync(string key, CancellationToken ct);

    /// <summary>Sets the value if there is none. False only if there certainly was one: true does not mean that there was none.</summary>
    ValueTask<bool> AddAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken ct);
}
