using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Signet.Transparency;

/// <summary>Signs the bytes of a note's text with the Ed25519 key of a <see cref="NoteSigner"/>.</summary>
/// <param name="message">The UTF-8 bytes of the text.</param>
public delegate byte[] SignNote(ReadOnlySpan<byte> message);

/// <summary>Checks an Ed25519 signature (RFC 8032 §5.1.7).</summary>
/// <param name="publicKey">32 bytes.</param>
/// <param name="message">What was signed.</param>
/// <param name="signature">64 bytes.</param>
public delegate bool VerifyEd25519(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

/// <summary>Signs notes under a name.</summary>
/// <param name="Key">The public half, as verifiers know it.</param>
/// <param name="Sign">Makes the 64 bytes of the signature.</param>
public sealed record NoteSigner(VerifierKey Key, SignNote Sign);

/// <summary>One signature line, unproven until <see cref="SignedNote.Open"/> has matched it with a trusted key.</summary>
/// <param name="KeyName">The name the line claims.</param>
/// <param name="KeyId">The id of the key the line claims.</param>
/// <param name="Signature">The signature itself.</param>
public sealed record NoteSignature(string KeyName, uint KeyId, ReadOnlyMemory<byte> Signature);

/// <summary>A text and the signatures under it. The text means nothing before <see cref="Open"/> says that a trusted key signed it.
/// <see href="https://c2sp.org/signed-note"/></summary>
public sealed class SignedNote
{
    private const int MaxLength = 1_000_000;
    private const int MaxSignatures = 100;
    private const int KeyIdSize = 4;
    private const string SignaturePrefix = "\u2014 ";

    private SignedNote(string text, IReadOnlyList<NoteSignature> signatures) => (Text, Signatures) = (text, signatures);

    /// <summary>The signed text, with its final newline.</summary>
    public string Text { get; }

    /// <summary>The signatures, at least one.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Signs a text with every signer.</summary>
    /// <exception cref="ArgumentException">The text is empty, does not end in a newline or has other control characters.</exception>
    public static string Sign(string text, params ReadOnlySpan<NoteSigner> signers)
    {
        if (!text.EndsWith('\n') || !IsPlain(text) || signers.Length is 0 or > MaxSignatures)
        {
            throw new ArgumentException("A note is text that ends in a newline, and has a signer.", nameof(text));
        }

        var note = new StringBuilder(text).Append('\n');
        var message = Encoding.UTF8.GetBytes(text);
        Span<byte> id = stackalloc byte[KeyIdSize];
        foreach (var signer in signers)
        {
            // C2SP signed-note §Format: em dash, space, key name, space, base64 of key id and signature, newline.
            BinaryPrimitives.WriteUInt32BigEndian(id, signer.Key.Id);
            note.Append(SignaturePrefix).Append(signer.Key.Name).Append(' ')
                .Append(Convert.ToBase64String([.. id, .. signer.Sign(message)])).Append('\n');
        }

        return note.ToString();
    }

    /// <summary>Reads a note of at most a million characters and a hundred signatures. Refused: what is not of the form, and control characters.</summary>
    public static bool TryParse(string? note, [NotNullWhen(true)] out SignedNote? parsed)
    {
        parsed = null;
        // C2SP signed-note §Format: the text is separated from the signatures by the last empty line.
        if (note is not { Length: <= MaxLength } || !note.EndsWith('\n') || !IsPlain(note)
            || note.LastIndexOf("\n\n", StringComparison.Ordinal) is not (> 0 and var split))
        {
            return false;
        }

        var lines = note[(split + 2)..].Split('\n', MaxSignatures + 2);
        if (lines is not [_, .., ""] || lines.Length > MaxSignatures + 1)
        {
            return false;
        }

        var signatures = new List<NoteSignature>(lines.Length - 1);
        foreach (var line in lines.AsSpan(..^1))
        {
            if (ReadSignature(line) is not { } signature)
            {
                return false;
            }

            signatures.Add(signature);
        }

        parsed = new(note[..(split + 1)], signatures);
        return true;
    }

    /// <summary>C2SP signed-note §Verification: signatures of unknown keys are ignored, one false signature of a known key spoils the note.</summary>
    public NoteOpening Open(IReadOnlyCollection<VerifierKey> trusted, VerifyEd25519 verify)
    {
        var message = Encoding.UTF8.GetBytes(Text);
        HashSet<VerifierKey> signers = [];
        foreach (var signature in Signatures)
        {
            // The id is only a hint of 32 bits, so the name must be the key's too.
            foreach (var key in trusted.Where(key => key.Id == signature.KeyId && key.Name == signature.KeyName))
            {
                if (signature.Signature.Length != 64 || !verify(key.PublicKey.Span, message, signature.Signature.Span))
                {
                    return new NoteOpening.BadSignature(key);
                }

                signers.Add(key);
            }
        }

        return signers.Count == 0 ? new NoteOpening.UnknownKeys() : new NoteOpening.Signed([.. signers]);
    }

    private static NoteSignature? ReadSignature(string line)
    {
        if (!line.StartsWith(SignaturePrefix, StringComparison.Ordinal)
            || line[SignaturePrefix.Length..].Split(' ') is not [var name, var base64] || !VerifierKey.IsName(name))
        {
            return null;
        }

        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length > KeyIdSize
            && Convert.ToBase64String(bytes.AsSpan(..length)) == base64
            ? new(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(KeyIdSize..length))
            : null;
    }

    // C2SP signed-note §Format: no control characters below U+0020 but the newline, and text that UTF-8 can carry.
    private static bool IsPlain(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if ((text[i] < 0x20 && text[i] != '\n') || text[i] == '\uFFFD')
            {
                return false;
            }

            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>What the signatures of a note say.</summary>
public abstract record NoteOpening
{
    private NoteOpening() { }

    /// <summary>Every signature by a trusted key is true, and there is at least one.</summary>
    /// <param name="Keys">The keys that signed.</param>
    public sealed record Signed(IReadOnlyList<VerifierKey> Keys) : NoteOpening;

    /// <summary>A signature that names a trusted key is not that key's.</summary>
    /// <param name="Key">The key that did not sign.</param>
    public sealed record BadSignature(VerifierKey Key) : NoteOpening;

    /// <summary>No signature names a trusted key.</summary>
    public sealed record UnknownKeys : NoteOpening;
}
