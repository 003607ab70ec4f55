using System.Buffers.Text;
using System.Text;
using Signet.Jose;
using Signet.Transparency;
using Xunit;

namespace Protocols.Tests.Transparency;

public sealed class Ed25519NotesTests
{
    private const string Text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";

    private const string Note = Text
        + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    [Fact]
    public void A_jose_key_makes_and_opens_the_published_note()
    {
        var seed = Convert.FromBase64String("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1..];
        Assert.True(VerifierKey.TryParse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", out var published));
        var jwk = $$"""
            {"kty":"OKP","crv":"Ed25519","x":"{{Base64Url.EncodeToString(published.PublicKey.Span)}}","d":"{{Base64Url.EncodeToString(seed)}}"}
            """;
        using var key = SigningKey.TryImport(Encoding.UTF8.GetBytes(jwk))!;

        var signer = Ed25519Notes.Signer("PeterNeumann", key);

        Assert.Equal(published, signer.Key);
        Assert.Equal(Note, SignedNote.Sign(Text, signer));
        Assert.True(SignedNote.TryParse(Note, out var note));
        Assert.IsType<NoteOpening.Signed>(note.Open([published], Ed25519Notes.Verify));
    }

    [Fact]
    public void An_altered_signature_message_or_key_does_not_verify()
    {
        using var key = SigningKey.Generate(JwsAlgorithm.Ed25519);
        var publicKey = Ed25519Notes.VerifierKeyOf("log", key.PublicKey).PublicKey.ToArray();
        var signature = key.Sign("text"u8);
        Assert.True(Ed25519Notes.Verify(publicKey, "text"u8, signature));

        Assert.False(Ed25519Notes.Verify(publicKey, "texT"u8, signature));
        Assert.False(Ed25519Notes.Verify(publicKey, "text"u8, signature.AsSpan(..63)));
        Assert.False(Ed25519Notes.Verify(publicKey, "text"u8, []));
        Assert.False(Ed25519Notes.Verify(new byte[32], "text"u8, signature));
        Assert.False(Ed25519Notes.Verify([], "text"u8, signature));
        signature[5] ^= 1;
        Assert.False(Ed25519Notes.Verify(publicKey, "text"u8, signature));
    }

    [Fact]
    public void A_key_of_another_algorithm_is_no_note_key()
    {
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);

        Assert.Throws<ArgumentException>(() => Ed25519Notes.Signer("log", key));
    }
}
