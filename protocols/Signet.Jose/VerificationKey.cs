using Signet.Jose.Primitives;

namespace Signet.Jose;

/// <summary>
/// A public key with its native form, ready to verify from any number of threads. Worth keeping; disposing returns the native handles
/// early, and is optional.
/// </summary>
public sealed class VerificationKey : IDisposable
{
    private readonly Verifier verifier;

    /// <summary>Prepares a key.</summary>
    /// <param name="key">The public key.</param>
    /// <param name="algorithm">Pins the algorithm of an RSA key that came without <c>alg</c>; for other keys it must be the key's own.</param>
    /// <exception cref="ArgumentException">The algorithm is not one the key can have.</exception>
    public VerificationKey(Jwk key, JwsAlgorithm? algorithm = null)
    {
        if (algorithm is not null && (algorithm.KeyType != key.KeyType || (key.Algorithm ?? algorithm) != algorithm))
        {
            throw new ArgumentException("The algorithm does not fit the key.", nameof(algorithm));
        }

        Key = key;
        Algorithm = algorithm ?? key.Algorithm;
        verifier = Verifier.Create(key);
    }

    /// <summary>The public key.</summary>
    public Jwk Key { get; }

    /// <summary>The pinned algorithm. Null only for an RSA key for which neither its <c>alg</c> nor the caller has said it.</summary>
    public JwsAlgorithm? Algorithm { get; }

    /// <summary>Whether the signature is the key's, under the pinned algorithm (RS256 for an RSA key without any). Never throws on bad bytes.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => Verify(Algorithm ?? JwsAlgorithm.RS256, data, signature);

    /// <inheritdoc />
    public void Dispose() => verifier.Dispose();

    internal bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        verifier.Verify(algorithm, data, signature);

    internal bool Fits(string alg) => Algorithm?.IsNamed(alg) ?? JwsAlgorithm.TryParse(alg)?.KeyType is KeyType.Rsa;

    /// <summary>
    /// The algorithm to verify under, or null. It is the key's own; where an RSA key has none, the caller's allow-list decides, and
    /// without one only RS256: the header can agree, but never choose (RFC 8725 §3.1).
    /// </summary>
    internal JwsAlgorithm? Resolve(string alg, IReadOnlyList<JwsAlgorithm>? allowed)
    {
        if (Algorithm is { } pinned)
        {
            return pinned.IsNamed(alg) && (allowed is null || allowed.Contains(pinned)) ? pinned : null;
        }

        return (allowed ?? [JwsAlgorithm.RS256]).FirstOrDefault(candidate => candidate.KeyType == Key.KeyType && candidate.IsNamed(alg));
    }
}
