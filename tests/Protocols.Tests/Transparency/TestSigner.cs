using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Signet.Transparency;

namespace Protocols.Tests.Transparency;

/// <summary>An Ed25519 key for notes, made from its name.</summary>
internal sealed class TestSigner
{
    private readonly byte[] seed;

    public TestSigner(string name, byte[]? seed = null)
    {
        this.seed = seed ?? SHA256.HashData(Encoding.UTF8.GetBytes(name));
        var publicKey = new byte[32];
        Ed25519.GeneratePublicKey(this.seed, 0, publicKey, 0);
        Key = VerifierKey.ForEd25519(name, publicKey);
    }

    public VerifierKey Key { get; }

    public NoteSigner Signer => new(Key, message =>
    {
        var signature = new byte[64];
        Ed25519.Sign(seed, 0, message.ToArray(), 0, message.Length, signature, 0);
        return signature;
    });

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        Ed25519.Verify(signature.ToArray(), 0, publicKey.ToArray(), 0, message.ToArray(), 0, message.Length);
}
