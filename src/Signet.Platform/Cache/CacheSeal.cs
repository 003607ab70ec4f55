using System.Security.Cryptography;
using System.Text;

namespace Signet.Platform.Cache;

/// <summary>
/// Keeps what lies in Redis unreadable and unforgeable there: names are keyed hashes, values AES-256-GCM bound to their name.
/// Every name has its own key, so that random nonces stay far from their bound (NIST SP 800-38D §8.3).
/// </summary>
public sealed class CacheSeal
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private readonly byte[] nameKey;
    private readonly byte[] valueKey;

    /// <param name="key">At least 32 bytes, the same on every node, used for nothing else.</param>
    public CacheSeal(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, 32, nameof(key));
        nameKey = HMACSHA256.HashData(key, "name"u8);
        valueKey = HMACSHA256.HashData(key, "value"u8);
    }

    public byte[] NameOf(string key) => HMACSHA256.HashData(nameKey, Encoding.UTF8.GetBytes(key));

    public byte[] Seal(byte[] name, ReadOnlySpan<byte> value)
    {
        var box = new byte[NonceLength + value.Length + TagLength];
        var nonce = box.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = Cipher(name);
        aes.Encrypt(nonce, value, box.AsSpan(NonceLength, value.Length), box.AsSpan(NonceLength + value.Length), name);
        return box;
    }

    /// <summary>Null for anything that was not sealed under this name with this key.</summary>
    public byte[]? Open(byte[] name, ReadOnlySpan<byte> box)
    {
        if (box.Length < NonceLength + TagLength)
        {
            return null;
        }

        var value = new byte[box.Length - NonceLength - TagLength];
        using var aes = Cipher(name);
        try
        {
            aes.Decrypt(box[..NonceLength], box[NonceLength..^TagLength], box[^TagLength..], value, name);
            return value;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private AesGcm Cipher(byte[] name) => new(HMACSHA256.HashData(valueKey, name), TagLength);
}
