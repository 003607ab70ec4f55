using System.Security.Cryptography;

namespace Signet.Jose.Primitives;

/// <summary>The three hashes of RFC 7518 §3.1, without allocating.</summary>
internal static class Hashing
{
    public const int LongestHash = SHA512.HashSizeInBytes;

    /// <summary>Hashes into <paramref name="destination"/> and returns the part written.</summary>
    public static ReadOnlySpan<byte> Hash(HashAlgorithmName name, ReadOnlySpan<byte> data, Span<byte> destination)
    {
        var length = name.Name switch
        {
            "SHA256" => SHA256.HashData(data, destination),
            "SHA384" => SHA384.HashData(data, destination),
            _ => SHA512.HashData(data, destination),
        };
        return destination[..length];
    }
}
