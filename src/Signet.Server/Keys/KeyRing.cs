using System.Security.Cryptography;
using Signet.Jose;

namespace Signet.Server.Keys;

/// <summary>A tenant's published keys at one moment: what signs, what verifies, and the key set document as the bytes that go out.</summary>
public sealed class KeyRing
{
    private readonly Dictionary<string, SigningKey> signing;

    internal KeyRing(IReadOnlyList<Jwk> published, Dictionary<string, SigningKey> signing)
    {
        this.signing = signing;
        Verification = new Jwks(published);
        Document = Verification.ToUtf8Json();
        ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Document).AsSpan(0, 16))}\"";
    }

    /// <summary>Verifies what this tenant signed and still stands by.</summary>
    public Jwks Verification { get; }

    /// <summary>RFC 7517 §5.</summary>
    public byte[] Document { get; }

    public string ETag { get; }

    /// <summary>The key that signs with this algorithm; null where the tenant has none yet.</summary>
    public SigningKey? Find(string algorithm) => signing.GetValueOrDefault(algorithm);
}
