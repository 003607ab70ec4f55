using System.Numerics;

namespace Signet.Jose.Primitives;

/// <summary>
/// Recognises RSA moduli of the flawed generator of CVE-2017-15361, whose primes are powers of 65537 modulo many small primes,
/// so the modulus is one too; it can be factored in practice. A sound key passes with overwhelming probability.
/// </summary>
internal static class RocaFingerprint
{
    private static readonly (int Prime, HashSet<int> Powers)[] Groups = [.. SmallPrimes().Select(prime => (prime, PowersOf65537(prime)))];

    public static bool Matches(ReadOnlySpan<byte> modulus)
    {
        var n = new BigInteger(modulus, isUnsigned: true, isBigEndian: true);
        return Array.TrueForAll(Groups, group => group.Powers.Contains((int)(n % group.Prime)));
    }

    private static IEnumerable<int> SmallPrimes() =>
        Enumerable.Range(3, 165).Where(n => Enumerable.Range(2, n - 2).TakeWhile(d => d * d <= n).All(d => n % d != 0));

    private static HashSet<int> PowersOf65537(int prime)
    {
        HashSet<int> powers = [];
        for (var power = 1; powers.Add(power); power = (int)(power * 65537L % prime))
        {
        }

        return powers;
    }
}
