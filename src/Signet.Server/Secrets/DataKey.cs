using System.Security.Cryptography;
using Signet.Platform.Crypto;
using Signet.Platform.Data;

namespace Signet.Server.Secrets;

/// <summary>A 32-byte key, unwrapped. What it seals is bound to a place: a list of texts that must be the same to open it.</summary>
public sealed class DataKey
{
    private readonly byte[] key;

    internal DataKey(int version, byte[] key)
    {
        Version = version;
        this.key = key;
    }

    public int Version { get; }

    public byte[] Seal(ReadOnlySpan<byte> plain, params ReadOnlySpan<string> place) => Aead.Seal(key, Version, plain, LengthPrefixed.Join(place));

    /// <summary>Null when it was altered, belongs to another place, or was sealed under another key.</summary>
    public byte[]? TryOpen(ReadOnlySpan<byte> value, params ReadOnlySpan<string> place) => Aead.TryOpen(key, value, LengthPrefixed.Join(place));

    internal static DataKey New(int version) => new(version, RandomNumberGenerator.GetBytes(Aead.KeyLength));

    internal byte[] WrapWith(MasterKey master, params ReadOnlySpan<string> place) => Aead.Seal(master.Key, master.Version, key, LengthPrefixed.Join(place));

    internal static DataKey Unwrap(int version, byte[] wrapped, MasterKeys masters, params ReadOnlySpan<string> place)
    {
        var masterVersion = Aead.TryReadKeyVersion(wrapped) ?? throw new CryptographicException("A wrapped data key has not the form of one.");
        var master = masters.Find(masterVersion) ?? throw new SecretUnusableException(
            BootstrapSecret.MasterEncryption,
            SecretFault.Missing,
            $"Data is encrypted under version {masterVersion} of the master encryption key, which this node does not have.");
        return new DataKey(version, Aead.TryOpen(master.Key, wrapped, LengthPrefixed.Join(place))
            ?? throw new CryptographicException("A wrapped data key was altered, or the master encryption key is not the one that wrapped it."));
    }
}

/// <summary>The keys of one tenant: one that seals, and all that still open.</summary>
internal sealed record TenantKeys(TenantId Tenant, DataKey Newest, IReadOnlyList<DataKey> Live, IReadOnlyList<int> Destroyed)
{
    public DataKey? Find(int version)
    {
        foreach (var key in Live)
        {
            if (key.Version == version)
            {
                return key;
            }
        }

        return null;
    }
}

/// <summary>The key of one person's personal data, or the fact that it was erased.</summary>
public abstract record SubjectKey
{
    private SubjectKey()
    {
    }

    public sealed record Live(DataKey Key) : SubjectKey;

    public sealed record Erased : SubjectKey;

    /// <exception cref="CryptographicException">The value was altered or belongs elsewhere.</exception>
    public FieldOpening Open(ReadOnlySpan<byte> value, params ReadOnlySpan<string> place) => this is Live live
        ? new FieldOpening.Opened(live.Key.TryOpen(value, place) ?? throw new CryptographicException("A personal value was altered, or belongs elsewhere."))
        : new FieldOpening.Erased();
}

/// <summary>What an encrypted value turned out to be.</summary>
public abstract record FieldOpening
{
    private FieldOpening()
    {
    }

    public sealed record Opened(byte[] Plain) : FieldOpening;

    /// <summary>Its key was destroyed on purpose; nobody can ever read it.</summary>
    public sealed record Erased : FieldOpening;
}
