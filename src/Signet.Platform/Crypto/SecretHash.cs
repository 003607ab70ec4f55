using System.Security.Cryptography;
using System.Text;

namespace Signet.Platform.Crypto;

/// <summary>The kind of a random secret, for example <c>refresh-token</c>. Each module names its own, once, as a constant of its root namespace.</summary>
public sealed record SecretKind
{
    public SecretKind(string name)
    {
        Name = name.Length is > 0 and <= 64 ? name : throw new ArgumentException("A kind has 1 to 64 characters.", nameof(name));
    }

    public string Name { get; }
}

/// <summary>
/// How a random 256-bit secret is stored: one HMAC-SHA-256 under a key that is not in the database. The kind is part of what is hashed,
/// so that a value of one kind is never taken for another. Not for passwords: what people choose needs a slow hash.
/// </summary>
public sealed class SecretHash(DerivedKeys keys)
{
    public const int Length = HMACSHA256.HashSizeInBytes;

    /// <summary>In characters. No secret of ours is longer, so longer text is not worth hashing.</summary>
    public const int MaxTokenLength = 1024;

    /// <summary>The bytes to store and to look up by. Text longer than <see cref="MaxTokenLength"/> hashes to bytes that no stored value has.</summary>
    public byte[] Of(SecretKind kind, ReadOnlySpan<char> token)
    {
        if (token.Length > MaxTokenLength)
        {
            return RandomNumberGenerator.GetBytes(Length);
        }

        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(token.Length)];
        var written = Encoding.UTF8.GetBytes(token, utf8);
        return Of(kind, utf8[..written]);
    }

    public byte[] Of(SecretKind kind, ReadOnlySpan<byte> token)
    {
        // The kind's length goes first: without it ("ab", "c") and ("a", "bc") would be one input.
        Span<byte> input = token.Length <= 512 ? stackalloc byte[1 + 192 + token.Length] : new byte[1 + 192 + token.Length];
        var kindLength = Encoding.UTF8.GetBytes(kind.Name, input[1..]);
        input[0] = (byte)kindLength;
        token.CopyTo(input[(1 + kindLength)..]);
        var hash = HMACSHA256.HashData(keys.For(KeyPurpose.TokenHash), input[..(1 + kindLength + token.Length)]);
        CryptographicOperations.ZeroMemory(input);
        return hash;
    }

    /// <summary>Whether this token was stored as <paramref name="stored"/>; takes the same time wherever they differ.</summary>
    public bool Matches(SecretKind kind, ReadOnlySpan<char> token, ReadOnlySpan<byte> stored) =>
        CryptographicOperations.FixedTimeEquals(Of(kind, token), stored);
}
