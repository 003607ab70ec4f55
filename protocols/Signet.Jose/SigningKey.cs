using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Signet.Jose.Primitives;

namespace Signet.Jose;

/// <summary>
/// A private key bound to one algorithm. Signs from any number of threads at once; its native handles are pooled, so a signature
/// costs the mathematics and little else. Disposing zeroes the private bytes.
/// </summary>
public sealed class SigningKey : IDisposable
{
    private const int RsaBits = 2048;

    private readonly PrivateMembers secret;
    private readonly Signer signer;
    private readonly UseCount uses = new();

    // Everything in these headers is fixed by key and typ, and a program uses a handful of typs.
    private readonly ConcurrentDictionary<string, byte[]> headers = new(StringComparer.Ordinal);

    private SigningKey(Jwk publicKey, PrivateMembers secret)
    {
        PublicKey = publicKey;
        this.secret = secret;
        signer = Signer.Create(Algorithm, publicKey, secret);
    }

    /// <summary>The public half, with <c>alg</c> and <c>kid</c>.</summary>
    public Jwk PublicKey { get; }

    /// <summary>The one algorithm this key signs with.</summary>
    public JwsAlgorithm Algorithm => PublicKey.Algorithm!;

    /// <summary>The key id put into headers: the one it was imported with, else the RFC 7638 thumbprint.</summary>
    public string Kid => PublicKey.Kid!;

    /// <summary>Length of a signature in octets.</summary>
    public int SignatureBytes => signer.SignatureBytes;

    /// <summary>Makes a new key; RSA keys have 2048 bits. Its <c>kid</c> is its thumbprint.</summary>
    public static SigningKey Generate(JwsAlgorithm algorithm) => algorithm.KeyType switch
    {
        KeyType.Rsa => GenerateRsa(algorithm),
        KeyType.Ec => GenerateEc(algorithm),
        KeyType.Okp => GenerateOkp(algorithm),
    };

    /// <summary>Reads a private JWK; null when refused.</summary>
    public static SigningKey? TryImport(ReadOnlyMemory<byte> privateJwk) => TryImport(privateJwk, out _);

    /// <summary>
    /// Reads a private JWK; null, with the reason, when refused. All the public checks apply, RSA keys need all of p, q, dp, dq and qi, and
    /// the key must prove that its halves belong together. An RSA key without <c>alg</c> signs RS256.
    /// </summary>
    public static SigningKey? TryImport(ReadOnlyMemory<byte> privateJwk, out JwkDefect? defect)
    {
        using var document = StrictJson.TryParse(privateJwk);
        if (document is null)
        {
            defect = JwkDefect.NotStrictJson;
            return null;
        }

        var reader = new JwkReader(document.RootElement);
        if (reader.ReadPublicHalf() is { } key && PrivateJwkReader.TryRead(reader, document.RootElement, key) is { } secret)
        {
            var imported = TryJoin(key, secret);
            defect = imported is null ? JwkDefect.PrivateKeyInconsistent : null;
            return imported;
        }

        defect = reader.Defect ?? JwkDefect.PrivateKeyInconsistent;
        return null;
    }

    /// <summary>Signs <paramref name="data"/> into the first <see cref="SignatureBytes"/> of <paramref name="signature"/>.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        uses.Enter(this);
        try
        {
            signer.Sign(data, signature[..SignatureBytes]);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Signs <paramref name="data"/>.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var signature = new byte[SignatureBytes];
        Sign(data, signature);
        return signature;
    }

    /// <summary>Writes the private JWK: every member of the public one, and the private ones after them.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public void WritePrivateTo(Utf8JsonWriter writer)
    {
        uses.Enter(this);
        try
        {
            writer.WriteStartObject();
            PublicKey.WriteMembers(writer);
            secret.WriteMembers(writer, PublicKey.KeyType);
            writer.WriteEndObject();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The private JWK as compact JSON. Zero it after use.</summary>
    public byte[] ExportPrivate() => JsonBytes.Compact(WritePrivateTo);

    /// <summary>The private JWK as indented JSON with a trailing newline.</summary>
    public byte[] ExportPrivateIndented() => JsonBytes.Indented(WritePrivateTo);

    /// <summary>
    /// Zeroes the private bytes, once the signatures under way are made; native copies are freed (OpenSSL cleanses them).
    /// Signing afterwards is an error.
    /// </summary>
    public void Dispose()
    {
        if (uses.Close())
        {
            Zero();
        }
    }

    /// <summary>The encoded header of this key for <paramref name="typ"/>, built once.</summary>
    internal byte[] EncodedHeader(string typ) => headers.GetOrAdd(typ, static (typ, key) => Jws.EncodeHeader(key, typ, null), this);

    private void Leave()
    {
        if (uses.Leave())
        {
            Zero();
        }
    }

    private void Zero()
    {
        signer.Dispose();
        secret.Dispose();
    }

    private static SigningKey GenerateRsa(JwsAlgorithm algorithm)
    {
        using var rsa = RSA.Create(RsaBits);
        var parameters = rsa.ExportParameters(includePrivateParameters: true);
        var key = new Jwk(KeyType.Rsa, null, parameters.Modulus!, parameters.Exponent!, algorithm, null);
        return new SigningKey(key.With(algorithm, key.Thumbprint), PrivateMembers.Of(parameters));
    }

    private static SigningKey GenerateEc(JwsAlgorithm algorithm)
    {
        using var ecdsa = ECDsa.Create(EcCurve.TryParse(algorithm.Curve!)!.Named);
        var parameters = ecdsa.ExportParameters(includePrivateParameters: true);
        var key = new Jwk(KeyType.Ec, algorithm.Curve, parameters.Q.X!, parameters.Q.Y!, algorithm, null);
        return new SigningKey(key.With(algorithm, key.Thumbprint), PrivateMembers.Of(parameters.D!));
    }

    private static SigningKey GenerateOkp(JwsAlgorithm algorithm)
    {
        var seed = RandomNumberGenerator.GetBytes(algorithm == JwsAlgorithm.Ed25519 ? Sodium.SeedBytes : Edwards448.SeedBytes);
        var key = new Jwk(KeyType.Okp, algorithm.Curve, OkpPublicKey(algorithm, seed), [], algorithm, null);
        return new SigningKey(key.With(algorithm, key.Thumbprint), PrivateMembers.Of(seed));
    }

    private static byte[] OkpPublicKey(JwsAlgorithm algorithm, byte[] seed)
    {
        if (algorithm == JwsAlgorithm.Ed448)
        {
            return Edwards448.PublicKey(seed);
        }

        using var secretKey = new SecretBytes(Sodium.SecretKeyBytes);
        var publicKey = new byte[Sodium.PublicKeyBytes];
        Sodium.SeedKeyPair(publicKey, secretKey.Array, seed);
        return publicKey;
    }

    /// <summary>Null unless the private half makes signatures the public half verifies: pairwise consistency as FIPS 186-5 asks for.</summary>
    private static SigningKey? TryJoin(Jwk key, PrivateMembers secret)
    {
        var joined = new SigningKey(key.With(key.Algorithm ?? JwsAlgorithm.RS256, key.Kid ?? key.Thumbprint), secret);
        try
        {
            using var verification = new VerificationKey(joined.PublicKey);
            if (verification.Verify("pairwise consistency"u8, joined.Sign("pairwise consistency"u8)))
            {
                return joined;
            }
        }
        catch (CryptographicException)
        {
            // The platform's own checks of the numbers refuse the key when it is first used.
        }

        joined.Dispose();
        return null;
    }
}
