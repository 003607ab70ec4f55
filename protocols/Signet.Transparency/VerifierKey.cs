using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Signet.Transparency;

/// <summary>A key that notes are checked against: a name, an Ed25519 public key, and the id that ties the two together.
/// Its text form is <c>name+hexid+base64(type ‖ key)</c>. <see href="https://c2sp.org/signed-note"/></summary>
public sealed record VerifierKey
{
    // C2SP signed-note §Signatures: 0x01 is Ed25519 over the text, with a 32-byte key.
    private const byte Ed25519 = 0x01;
    private const int KeySize = 32;
    private readonly byte[] key;

    private VerifierKey(string name, byte[] key)
    {
        this.key = key;
        Name = name;
        Id = ComputeId(name, key);
    }

    /// <summary>Who signs; by custom the origin of the log.</summary>
    public string Name { get; }

    /// <summary>C2SP signed-note §Signatures: the first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key).</summary>
    public uint Id { get; }

    /// <summary>The 32 bytes of the Ed25519 public key.</summary>
    public ReadOnlyMemory<byte> PublicKey => key;

    /// <summary>Names a public key.</summary>
    /// <exception cref="ArgumentException">The name is empty or has a space, a control character or a plus sign, or the key has not 32 bytes.</exception>
    public static VerifierKey ForEd25519(string name, ReadOnlySpan<byte> publicKey)
    {
        if (!IsName(name) || publicKey.Length != KeySize)
        {
            throw new ArgumentException("A verifier key has a name without spaces or plus signs and 32 bytes of key.", nameof(name));
        }

        return new(name, publicKey.ToArray());
    }

    /// <summary>Reads the text form. Refused: another key type, an id that is not that of name and key, any other spelling of the same key.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out VerifierKey? key)
    {
        key = null;
        // The base64 part may have plus signs of its own, the first two parts may not.
        if (text?.Split('+', 3) is not [var name, { Length: 8 } hexId, { Length: <= 64 } material] || !IsName(name))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[1 + KeySize];
        if (!Convert.TryFromBase64String(material, bytes, out var written) || written != bytes.Length || bytes[0] != Ed25519)
        {
            return false;
        }

        var parsed = new VerifierKey(name, bytes[1..].ToArray());
        key = parsed.ToString() == text ? parsed : null;
        return key is not null;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}+{Id:x8}+{Convert.ToBase64String([Ed25519, .. key])}");

    /// <summary>Equal where name and key are.</summary>
    public bool Equals(VerifierKey? other) => other is not null && Name == other.Name && key.AsSpan().SequenceEqual(other.key);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Id;

    // C2SP signed-note §Format: key names are not empty and have neither Unicode spaces nor plus signs.
    internal static bool IsName(string name) =>
        name.Length is > 0 and <= 255 && !name.Any(c => c == '+' || char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c));

    private static uint ComputeId(string name, ReadOnlySpan<byte> key) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), 0x0A, Ed25519, .. key]));
}
