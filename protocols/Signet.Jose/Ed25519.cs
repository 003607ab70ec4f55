using Signet.Jose.Primitives;

namespace Signet.Jose;

/// <summary>Ed25519 over plain bytes, for signatures that are not JWS: signed notes, checkpoints. <see href="https://www.rfc-editor.org/rfc/rfc8032"/></summary>
public static class Ed25519
{
    /// <summary>The bytes of a signature.</summary>
    public const int SignatureBytes = Sodium.SignatureBytes;

    /// <summary>RFC 8032 §5.1.5: the public key of a private key of 32 bytes.</summary>
    /// <exception cref="ArgumentException">The seed has another length.</exception>
    public static byte[] PublicKeyOf(ReadOnlySpan<byte> seed)
    {
        using var secretKey = new SecretBytes(Sodium.SecretKeyBytes);
        return Expand(seed, secretKey);
    }

    /// <summary>RFC 8032 §5.1.6. Deterministic: the same message under the same key has one signature.</summary>
    /// <exception cref="ArgumentException">The seed has another length.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        using var secretKey = new SecretBytes(Sodium.SecretKeyBytes);
        Expand(seed, secretKey);
        var signature = new byte[SignatureBytes];
        Sodium.Sign(signature, message, secretKey.Array);
        return signature;
    }

    /// <summary>RFC 8032 §5.1.7. Bytes of any length give an answer.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        publicKey.Length == Sodium.PublicKeyBytes && signature.Length == SignatureBytes && Sodium.Verify(signature, message, publicKey);

    private static byte[] Expand(ReadOnlySpan<byte> seed, SecretBytes secretKey)
    {
        if (seed.Length != Sodium.SeedBytes)
        {
            throw new ArgumentException("An Ed25519 private key has 32 bytes.", nameof(seed));
        }

        var publicKey = new byte[Sodium.PublicKeyBytes];
        Sodium.SeedKeyPair(publicKey, secretKey.Array, seed);
        return publicKey;
    }
}
