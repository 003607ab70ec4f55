using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Signet.Platform.Crypto;

/// <summary>
/// XChaCha20-Poly1305: what was sealed opens only under the same key and with the same associated data, or not at all.
/// The nonce is random and 192 bits long, so one key may seal 2^80 messages before two nonces meet with a chance of 2^-33:
/// no counter to keep and no bound to watch, where AES-GCM with its 96 bits would have to stop at 2^32.
/// </summary>
/// <remarks>Layout: format (1 byte, 1) ‖ version of the key (4 bytes, big-endian) ‖ nonce (24) ‖ ciphertext ‖ tag (16). The first five bytes are authenticated too.</remarks>
public static class Aead
{
    public const int KeyLength = Sodium.XChaChaKeyLength;
    public const int Overhead = HeaderLength + Sodium.XChaChaNonceLength + Sodium.XChaChaTagLength;

    /// <summary>Where the key's version stands: the bytes 1 to 4. Rotation finds old rows by them, in SQL.</summary>
    public const int KeyVersionOffset = 1;

    private const byte Format = 1;
    private const int HeaderLength = 1 + sizeof(int);

    public static byte[] Seal(ReadOnlySpan<byte> key, int keyVersion, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated)
    {
        RefuseWrongLength(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(keyVersion, 1);
        var result = new byte[plain.Length + Overhead];
        var header = result.AsSpan(0, HeaderLength);
        var nonce = result.AsSpan(HeaderLength, Sodium.XChaChaNonceLength);
        header[0] = Format;
        BinaryPrimitives.WriteInt32BigEndian(header[KeyVersionOffset..], keyVersion);
        RandomNumberGenerator.Fill(nonce);
        Sodium.SealXChaCha(result.AsSpan(HeaderLength + Sodium.XChaChaNonceLength), plain, [.. header, .. associated], nonce, key);
        return result;
    }

    /// <summary>The plain bytes, or null when the message was altered, belongs elsewhere or was sealed under another key.</summary>
    public static byte[]? TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> associated)
    {
        RefuseWrongLength(key);
        if (TryReadKeyVersion(message) is null)
        {
            return null;
        }

        var plain = new byte[message.Length - Overhead];
        var opened = Sodium.OpenXChaCha(
            plain,
            message[(HeaderLength + Sodium.XChaChaNonceLength)..],
            [.. message[..HeaderLength], .. associated],
            message.Slice(HeaderLength, Sodium.XChaChaNonceLength),
            key);
        return opened ? plain : null;
    }

    /// <summary>Which version of its key sealed this message; null when it has not the form of one. Not yet authenticated: good for finding the key only.</summary>
    public static int? TryReadKeyVersion(ReadOnlySpan<byte> message) =>
        message.Length >= Overhead && message[0] == Format && BinaryPrimitives.ReadInt32BigEndian(message[KeyVersionOffset..]) is >= 1 and var version
            ? version
            : null;

    private static void RefuseWrongLength(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyLength)
        {
            throw new ArgumentException("The key must have 32 bytes.", nameof(key));
        }
    }
}
