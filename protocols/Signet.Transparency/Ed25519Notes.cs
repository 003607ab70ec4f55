using System.Text.Json;
using Signet.Jose;

namespace Signet.Transparency;

/// <summary>Notes with the Ed25519 keys of Signet.Jose. Other implementations come in through the same two delegates.</summary>
public static class Ed25519Notes
{
    /// <summary>Signs under a name; the key is used, not disposed.</summary>
    /// <exception cref="ArgumentException">The key is not an Ed25519 key, or the name is none.</exception>
    public static NoteSigner Signer(string name, SigningKey key) => new(VerifierKeyOf(name, key.PublicKey), key.Sign);

    /// <summary>The key that checks what a public key's owner signs under a name.</summary>
    /// <exception cref="ArgumentException">The key is not an Ed25519 key, or the name is none.</exception>
    public static VerifierKey VerifierKeyOf(string name, Jwk key)
    {
        if (key.Curve != "Ed25519")
        {
            throw new ArgumentException("Notes are signed with Ed25519.", nameof(key));
        }

        using var members = JsonDocument.Parse(key.ToUtf8Json());
        return VerifierKey.ForEd25519(name, StrictBase64Url.TryDecode(members.RootElement.GetProperty("x").GetString()));
    }

    /// <summary>A <see cref="VerifyEd25519"/>. A public key that is no point of the curve verifies nothing.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        Ed25519.Verify(publicKey, message, signature);
}
