using System.Security.Cryptography;

namespace Signet.Jose.Primitives;

/// <summary>One public key in the form its family works with. Safe on any thread; never throws for any signature bytes.</summary>
internal abstract class Verifier : IDisposable
{
    public static Verifier Create(Jwk key) => key.KeyType switch
    {
        KeyType.Rsa => new RsaVerifier(key),
        KeyType.Ec => new EcVerifier(key),
        KeyType.Okp => new OkpVerifier(key),
    };

    public abstract bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    public abstract void Dispose();
}

internal sealed class RsaVerifier(Jwk key) : Verifier
{
    private readonly InstancePool<RSA> pool = new(() => RSA.Create(new RSAParameters { Modulus = key.First, Exponent = key.Second }));

    public override bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        // RFC 8017 §8.1.2 and §8.2.2 step 1.
        if (signature.Length != key.First.Length)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[Hashing.LongestHash];
        var rsa = pool.Rent();
        var valid = rsa.VerifyHash(Hashing.Hash(algorithm.Hash, data, hash), signature, algorithm.Hash, algorithm.Padding);
        pool.Return(rsa);
        return valid;
    }

    public override void Dispose() => pool.Dispose();
}

internal sealed class EcVerifier(Jwk key) : Verifier
{
    private readonly InstancePool<ECDsa> pool = new(() => ECDsa.Create(new ECParameters
    {
        Curve = EcCurve.TryParse(key.Curve!)!.Named,
        Q = new ECPoint { X = key.First, Y = key.Second },
    }));

    public override bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        // RFC 7518 §3.4: any other length fails.
        if (signature.Length != key.First.Length * 2)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[Hashing.LongestHash];
        var ecdsa = pool.Rent();
        var valid = ecdsa.VerifyHash(
            Hashing.Hash(algorithm.Hash, data, hash), signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        pool.Return(ecdsa);
        return valid;
    }

    public override void Dispose() => pool.Dispose();
}

internal sealed class OkpVerifier(Jwk key) : Verifier
{
    public override bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        algorithm == JwsAlgorithm.Ed25519
            ? signature.Length == Sodium.SignatureBytes && Sodium.Verify(signature, data, key.First)
            : signature.Length == Edwards448.SignatureBytes && Edwards448.Verify(signature.ToArray(), key.First, data.ToArray());

    public override void Dispose()
    {
    }
}
