using System.Security.Cryptography;

namespace Signet.Jose;

/// <summary>The families of keys that sign: RSA, elliptic curves and Edwards curves (RFC 7518 §6.1, RFC 8037 §2).</summary>
public enum KeyType
{
    /// <summary><c>kty</c> "RSA".</summary>
    Rsa,

    /// <summary><c>kty</c> "EC".</summary>
    Ec,

    /// <summary><c>kty</c> "OKP".</summary>
    Okp,
}

/// <summary>
/// The closed set of signature algorithms. Symmetric algorithms and <c>none</c> have no value here, so no code path can accept them
/// (RFC 8725 §3.1); every name fully specifies key, curve and hash (RFC 9864 §2).
/// </summary>
public sealed class JwsAlgorithm
{
    private JwsAlgorithm(string name, KeyType keyType, string? curve, HashAlgorithmName hash, bool pss = false)
    {
        Name = name;
        KeyType = keyType;
        Curve = curve;
        Hash = hash;
        Padding = pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
    }

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256.</summary>
    public static JwsAlgorithm RS256 { get; } = new("RS256", KeyType.Rsa, null, HashAlgorithmName.SHA256);

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-384.</summary>
    public static JwsAlgorithm RS384 { get; } = new("RS384", KeyType.Rsa, null, HashAlgorithmName.SHA384);

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-512.</summary>
    public static JwsAlgorithm RS512 { get; } = new("RS512", KeyType.Rsa, null, HashAlgorithmName.SHA512);

    /// <summary>RSASSA-PSS with SHA-256, salt as long as the hash.</summary>
    public static JwsAlgorithm PS256 { get; } = new("PS256", KeyType.Rsa, null, HashAlgorithmName.SHA256, pss: true);

    /// <summary>RSASSA-PSS with SHA-384, salt as long as the hash.</summary>
    public static JwsAlgorithm PS384 { get; } = new("PS384", KeyType.Rsa, null, HashAlgorithmName.SHA384, pss: true);

    /// <summary>RSASSA-PSS with SHA-512, salt as long as the hash.</summary>
    public static JwsAlgorithm PS512 { get; } = new("PS512", KeyType.Rsa, null, HashAlgorithmName.SHA512, pss: true);

    /// <summary>ECDSA on P-256 with SHA-256.</summary>
    public static JwsAlgorithm ES256 { get; } = new("ES256", KeyType.Ec, "P-256", HashAlgorithmName.SHA256);

    /// <summary>ECDSA on P-384 with SHA-384.</summary>
    public static JwsAlgorithm ES384 { get; } = new("ES384", KeyType.Ec, "P-384", HashAlgorithmName.SHA384);

    /// <summary>ECDSA on P-521 with SHA-512.</summary>
    public static JwsAlgorithm ES512 { get; } = new("ES512", KeyType.Ec, "P-521", HashAlgorithmName.SHA512);

    /// <summary>EdDSA on Curve25519.</summary>
    public static JwsAlgorithm Ed25519 { get; } = new("Ed25519", KeyType.Okp, "Ed25519", default);

    /// <summary>EdDSA on Curve448.</summary>
    public static JwsAlgorithm Ed448 { get; } = new("Ed448", KeyType.Okp, "Ed448", default);

    /// <summary>Every algorithm that can be verified and signed with.</summary>
    public static IReadOnlyList<JwsAlgorithm> All { get; } =
        [RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, Ed25519, Ed448];

    /// <summary>The algorithms new keys are made for.</summary>
    public static IReadOnlyList<JwsAlgorithm> Generated { get; } = [RS256, PS256, ES256, ES384, ES512, Ed25519, Ed448];

    /// <summary>The registered <c>alg</c> value, case-sensitive.</summary>
    public string Name { get; }

    /// <summary>The family of keys the algorithm works with.</summary>
    public KeyType KeyType { get; }

    /// <summary>The <c>crv</c> the key must have; null for RSA.</summary>
    public string? Curve { get; }

    internal HashAlgorithmName Hash { get; }

    internal RSASignaturePadding Padding { get; }

    /// <summary>Finds the algorithm of exactly this name; null for any other text, so also for <c>none</c>, <c>HS256</c> and <c>EdDSA</c>.</summary>
    public static JwsAlgorithm? TryParse(string? name)
    {
        foreach (var algorithm in All)
        {
            if (string.Equals(algorithm.Name, name, StringComparison.Ordinal))
            {
                return algorithm;
            }
        }

        return null;
    }

    /// <inheritdoc />
    public override string ToString() => Name;

    internal static JwsAlgorithm ForCurve(string curve) =>
        All.First(algorithm => string.Equals(algorithm.Curve, curve, StringComparison.Ordinal));

    /// <summary>
    /// Whether a header that says <paramref name="alg"/> means this algorithm. RFC 9864 §4.1 deprecates the polymorphic "EdDSA"; the examples
    /// of RFC 8037 and older signers still say it, and here the key's curve has already fixed what it means.
    /// </summary>
    internal bool IsNamed(string alg) =>
        string.Equals(Name, alg, StringComparison.Ordinal) || (KeyType == KeyType.Okp && string.Equals(alg, "EdDSA", StringComparison.Ordinal));
}
