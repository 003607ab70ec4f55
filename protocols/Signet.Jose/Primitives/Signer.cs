using System.Security.Cryptography;

namespace Signet.Jose.Primitives;

/// <summary>The private half of one key in the form its algorithm works with. Safe on any thread.</summary>
internal abstract class Signer : IDisposable
{
    public abstract int SignatureBytes { get; }

    public static Signer Create(JwsAlgorithm algorithm, Jwk key, PrivateMembers secret) => key.KeyType switch
    {
        KeyType.Rsa => new RsaSigner(algorithm, key, secret),
        KeyType.Ec => new EcSigner(algorithm, key, secret),
        KeyType.Okp => key.Curve is "Ed25519" ? new Ed25519Signer(key, secret) : new Ed448Signer(key, secret),
    };

    /// <summary>Writes the signature in its JOSE form to the first <see cref="SignatureBytes"/> of <paramref name="signature"/>.</summary>
    public abstract void Sign(ReadOnlySpan<byte> data, Span<byte> signature);

    public abstract void Dispose();
}

internal sealed class RsaSigner(JwsAlgorithm algorithm, Jwk key, PrivateMembers secret) : Signer
{
    private readonly InstancePool<RSA> pool = new(() => RSA.Create(secret.ToRsaParameters(key)));

    public override int SignatureBytes => key.First.Length;

    public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        Span<byte> hash = stackalloc byte[Hashing.LongestHash];
        var rsa = pool.Rent();
        rsa.SignHash(Hashing.Hash(algorithm.Hash, data, hash), signature, algorithm.Hash, algorithm.Padding);
        pool.Return(rsa);
    }

    public override void Dispose() => pool.Dispose();
}

internal sealed class EcSigner(JwsAlgorithm algorithm, Jwk key, PrivateMembers secret) : Signer
{
    private readonly InstancePool<ECDsa> pool = new(() => ECDsa.Create(secret.ToEcParameters(key)));

    public override int SignatureBytes => key.First.Length * 2;

    public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        Span<byte> hash = stackalloc byte[Hashing.LongestHash];
        var ecdsa = pool.Rent();
        // RFC 7518 §3.4: R and S side by side, each as long as the curve's order, not a DER sequence.
        ecdsa.SignHash(Hashing.Hash(algorithm.Hash, data, hash), signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        pool.Return(ecdsa);
    }

    public override void Dispose() => pool.Dispose();
}

internal sealed class Ed25519Signer : Signer
{
    // libsodium's secret key is the seed followed by the public key.
    private readonly SecretBytes secretKey = new(Sodium.SecretKeyBytes);

    public Ed25519Signer(Jwk key, PrivateMembers secret)
    {
        secret.D.Span.CopyTo(secretKey.Array);
        key.First.CopyTo(secretKey.Array, Sodium.SeedBytes);
    }

    public override int SignatureBytes => Sodium.SignatureBytes;

    public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature) => Sodium.Sign(signature, data, secretKey.Span);

    public override void Dispose() => secretKey.Dispose();
}

internal sealed class Ed448Signer(Jwk key, PrivateMembers secret) : Signer
{
    public override int SignatureBytes => Edwards448.SignatureBytes;

    public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature) =>
        Edwards448.Sign(secret.D.Array, key.First, data.ToArray()).CopyTo(signature);

    public override void Dispose()
    {
    }
}
