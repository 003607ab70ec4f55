using System.Security.Cryptography;

namespace Signet.Platform.Crypto;

/// <summary>What one Argon2id hash costs (RFC 9106 §3.1): memory in KiB, passes over it, lanes.</summary>
public sealed record Argon2Cost(int MemoryKib, int Iterations, int Parallelism)
{
    /// <summary>The second recommendation of the OWASP password storage guide: 19 MiB, 2 passes, 1 lane.</summary>
    public static readonly Argon2Cost Standard = new(19_456, 2, 1);

    /// <summary>What a stored or imported hash may ask of this machine: more is refused, so that no import is a way to take all memory.</summary>
    public bool IsWithinLimits => Parallelism is >= 1 and <= 16 && Iterations is >= 1 and <= 32 && MemoryKib is <= 262_144 && MemoryKib >= 8 * Parallelism;
}

/// <summary>Argon2id version 1.3 (RFC 9106) by libsodium: salts of 16 bytes, hashes of 32, one lane; hashes of several lanes are verified.</summary>
public static class Argon2id
{
    public const int SaltLength = Sodium.Argon2SaltLength;
    public const int HashLength = 32;

    /// <summary>A new hash under a new salt.</summary>
    /// <param name="cost">One lane: libsodium makes no others, and on a server every core has its own password to hash.</param>
    public static Argon2Hash Hash(ReadOnlySpan<byte> password, Argon2Cost cost)
    {
        if (!cost.IsWithinLimits || cost.Parallelism != 1)
        {
            throw new ArgumentOutOfRangeException(nameof(cost));
        }

        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new Argon2Hash(cost, salt, Derive(password, salt, cost, HashLength));
    }

    /// <summary>Whether this is the password; the same time wherever the hashes differ.</summary>
    public static bool Verify(Argon2Hash hash, ReadOnlySpan<byte> password)
    {
        // Our own hashes, and imported ones of the same shape, need no text form and allocate nothing but the 32 bytes.
        if (hash.Cost.Parallelism == 1 && hash.Salt.Length == SaltLength)
        {
            return CryptographicOperations.FixedTimeEquals(Derive(password, hash.Salt, hash.Cost, hash.Hash.Length), hash.Hash);
        }

        return Sodium.VerifyArgon2Id([.. System.Text.Encoding.ASCII.GetBytes(hash.ToString()), 0], password);
    }

    private static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, Argon2Cost cost, int length)
    {
        var hash = new byte[length];
        return Sodium.DeriveArgon2Id(hash, password, salt, cost.Iterations, cost.MemoryKib * 1024L)
            ? hash
            : throw new InvalidOperationException("Argon2id could not get its memory.");
    }
}
