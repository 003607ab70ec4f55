using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Signet.Jose.Primitives;

/// <summary>Ed448 with the empty context, as JOSE uses it (RFC 8037 §3.1).</summary>
internal static class Edwards448
{
    public const int PublicKeyBytes = 57;
    public const int SeedBytes = 57;
    public const int SignatureBytes = 114;

    public static byte[] PublicKey(byte[] seed)
    {
        var publicKey = new byte[PublicKeyBytes];
        Ed448.GeneratePublicKey(seed, 0, publicKey, 0);
        return publicKey;
    }

    public static byte[] Sign(byte[] seed, byte[] publicKey, byte[] message)
    {
        var signature = new byte[SignatureBytes];
        Ed448.Sign(seed, 0, publicKey, 0, [], message, 0, message.Length, signature, 0);
        return signature;
    }

    public static bool Verify(byte[] signature, byte[] publicKey, byte[] message) =>
        Ed448.Verify(signature, 0, publicKey, 0, [], message, 0, message.Length);

    /// <summary>Whether the bytes are the canonical form of a point of the main subgroup.</summary>
    public static bool IsPublicKey(byte[] publicKey) => Ed448.ValidatePublicKeyFull(publicKey, 0);
}
