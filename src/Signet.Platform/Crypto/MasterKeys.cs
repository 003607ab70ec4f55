using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;

namespace Signet.Platform.Crypto;

/// <summary>One version of the master encryption key.</summary>
public sealed record MasterKey(int Version, byte[] Key)
{
    public override string ToString() => $"v{Version}";
}

/// <summary>
/// The versions of the master encryption key, newest last: one line a version, <c>v1:</c> and 32 bytes; a single line without <c>v1:</c> is version 1.
/// A version that is asked for and not known is looked for in the file once more, so a node need not be restarted when the key was rotated.
/// </summary>
public sealed class MasterKeys
{
    private readonly SecretSource source;
    private ImmutableArray<MasterKey> versions;

    private MasterKeys(SecretSource source)
    {
        this.source = source;
        versions = Parse();
    }

    public ImmutableArray<MasterKey> Versions => versions;

    public MasterKey Newest => versions[^1];

    public static MasterKeys Load(SecretSource source) => new(source);

    public MasterKey? Find(int version) => FindKnown(version) ?? (Reload() ? FindKnown(version) : null);

    /// <summary>Whether the file now says something else than before.</summary>
    public bool Reload()
    {
        var now = Parse();
        var before = ImmutableInterlocked.InterlockedExchange(ref versions, now);
        return !before.Select(key => key.Version).SequenceEqual(now.Select(key => key.Version));
    }

    /// <summary>Adds a new random version to the file, and uses it from now on.</summary>
    /// <exception cref="SecretUnusableException">The key was given as a value, or its file can't be written.</exception>
    public Task<MasterKey> AddVersionAsync(CancellationToken ct) => RewriteAsync(
        keys => keys.Add(new MasterKey(keys[^1].Version + 1, RandomNumberGenerator.GetBytes(SecretText.Length))), ct);

    /// <summary>Takes every version before <paramref name="oldest"/> out of the file, for good.</summary>
    /// <exception cref="SecretUnusableException">The key was given as a value, or its file can't be written.</exception>
    public Task<MasterKey> DropVersionsBeforeAsync(int oldest, CancellationToken ct) => RewriteAsync(
        keys => keys.RemoveAll(key => key.Version < oldest), ct);

    private MasterKey? FindKnown(int version)
    {
        foreach (var key in versions)
        {
            if (key.Version == version)
            {
                return key;
            }
        }

        return null;
    }

    private async Task<MasterKey> RewriteAsync(Func<ImmutableArray<MasterKey>, ImmutableArray<MasterKey>> change, CancellationToken ct)
    {
        if (source is not SecretSource.File(var path))
        {
            throw Unwritable("was given as a value: put the new version on a line of its own after the old one, and start again");
        }

        try
        {
            using var held = await SecretFolder.LockAsync(Path.GetDirectoryName(Path.GetFullPath(path))!, ct);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw Unwritable("is a link to a file that something else keeps: change it there");
            }

            var changed = change(Parse());
            SecretFolder.Write(path, string.Concat(changed.Select(key => $"v{key.Version}:{Convert.ToHexStringLower(key.Key)}\n")));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new SecretUnusableException(
                BootstrapSecret.MasterEncryption, SecretFault.Unwritable, $"The secret file {path} can't be written by this account.", e);
        }

        Reload();
        return Newest;
    }

    private SecretUnusableException Unwritable(string why) =>
        new(BootstrapSecret.MasterEncryption, SecretFault.Unwritable, $"{SecretText.Describe(BootstrapSecret.MasterEncryption, source)} {why}.");

    private ImmutableArray<MasterKey> Parse()
    {
        var text = SecretText.ReadText(BootstrapSecret.MasterEncryption, source);
        if (SecretText.TryDecode(text) is { } single)
        {
            return [new MasterKey(1, single)];
        }

        var keys = ImmutableArray.CreateBuilder<MasterKey>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 2 || line[0] != 'v'
                || !int.TryParse(line.AsSpan(1, colon - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                || SecretText.TryDecode(line.AsSpan(colon + 1)) is not { } key
                || version <= (keys.Count == 0 ? 0 : keys[^1].Version))
            {
                throw Malformed();
            }

            keys.Add(new MasterKey(version, key));
        }

        return keys.Count > 0 ? keys.DrainToImmutable() : throw Malformed();
    }

    private SecretUnusableException Malformed() => new(
        BootstrapSecret.MasterEncryption,
        SecretFault.Malformed,
        $"{SecretText.Describe(BootstrapSecret.MasterEncryption, source)} must hold one line a version, v1: and 32 bytes in hexadecimal or base64url, the newest last.");
}
