using System.Security.Cryptography;
using System.Text.Json;

namespace Signet.Jose.Primitives;

/// <summary>The private members of one key (RFC 7518 §6.2.2, §6.3.2, RFC 8037 §2), zeroed when disposed.</summary>
internal sealed class PrivateMembers(SecretBytes d, SecretBytes[] primes) : IDisposable
{
    /// <summary>Names of the RSA members beside <c>d</c>, in the order of <c>primes</c>.</summary>
    public static readonly string[] PrimeNames = ["p", "q", "dp", "dq", "qi"];

    public SecretBytes D => d;

    public static PrivateMembers Of(RSAParameters rsa) =>
        new(Take(rsa.D!), [Take(rsa.P!), Take(rsa.Q!), Take(rsa.DP!), Take(rsa.DQ!), Take(rsa.InverseQ!)]);

    public static PrivateMembers Of(byte[] d) => new(Take(d), []);

    public RSAParameters ToRsaParameters(Jwk key) => new()
    {
        Modulus = key.First,
        Exponent = key.Second,
        D = d.Array,
        P = primes[0].Array,
        Q = primes[1].Array,
        DP = primes[2].Array,
        DQ = primes[3].Array,
        InverseQ = primes[4].Array,
    };

    public ECParameters ToEcParameters(Jwk key) => new()
    {
        Curve = EcCurve.TryParse(key.Curve!)!.Named,
        Q = new ECPoint { X = key.First, Y = key.Second },
        D = d.Array,
    };

    public void WriteMembers(Utf8JsonWriter writer, KeyType keyType)
    {
        Write(writer, "d", d, keyType);
        for (var i = 0; i < primes.Length; i++)
        {
            Write(writer, PrimeNames[i], primes[i], keyType);
        }
    }

    public void Dispose()
    {
        d.Dispose();
        foreach (var prime in primes)
        {
            prime.Dispose();
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, SecretBytes value, KeyType keyType)
    {
        var bytes = value.Span;

        // RFC 7518 §6.3.2: RSA numbers in the fewest octets; EC and OKP keep their full length (§6.2.2.1).
        writer.WriteString(name, StrictBase64Url.Encode(keyType is KeyType.Rsa ? bytes.TrimStart((byte)0) : bytes));
    }

    /// <summary>Moves the bytes into memory that is zeroed later, and zeroes where they were.</summary>
    private static SecretBytes Take(byte[] bytes)
    {
        var taken = new SecretBytes(bytes, bytes.Length);
        CryptographicOperations.ZeroMemory(bytes);
        return taken;
    }
}
