using System.Security.Cryptography;
using System.Text.Json;
using Signet.Jose.Primitives;

namespace Signet.Jose;

/// <summary>Reads the private members that belong to a public key already read.</summary>
internal static class PrivateJwkReader
{
    public static PrivateMembers? TryRead(JwkReader reader, JsonElement members, Jwk key) => key.KeyType switch
    {
        KeyType.Rsa => TryReadRsa(reader, members, key.First.Length),

        // RFC 7518 §6.2.2.1 and RFC 8037 §2: as long as the coordinates; RFC 8032 §5.1.5 and §5.2.5: as long as the public key.
        _ => reader.Octets("d", key.First.Length) is { } d ? PrivateMembers.Of(d) : null,
    };

    private static PrivateMembers? TryReadRsa(JwkReader reader, JsonElement members, int modulusBytes)
    {
        // Keys of more than two primes have no place in JOSE practice, and .NET can't hold them.
        if (members.TryGetProperty("oth", out _))
        {
            return null;
        }

        var half = (modulusBytes + 1) / 2;
        var d = Number(reader, "d", modulusBytes);
        var primes = Array.ConvertAll(PrivateMembers.PrimeNames, name => Number(reader, name, half));
        if (d is not null && Array.TrueForAll(primes, prime => prime is not null))
        {
            return new PrivateMembers(d, primes!);
        }

        d?.Dispose();
        Array.ForEach(primes, prime => prime?.Dispose());
        return null;
    }

    /// <summary>A number padded to the length .NET wants it in.</summary>
    private static SecretBytes? Number(JwkReader reader, string name, int length)
    {
        if (reader.UnsignedInteger(name) is not { } octets)
        {
            return null;
        }

        var number = octets.Length <= length ? new SecretBytes(octets, length) : null;
        CryptographicOperations.ZeroMemory(octets);
        return number;
    }
}
