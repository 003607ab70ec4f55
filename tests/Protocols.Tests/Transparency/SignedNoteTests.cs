using FsCheck;
using FsCheck.Fluent;
using Signet.Transparency;
using Xunit;

namespace Protocols.Tests.Transparency;

public sealed class SignedNoteTests
{
    // The published example of the format's first implementation (golang.org/x/mod/sumdb/note).
    private const string PublishedKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private const string PublishedSecret = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    private const string PublishedText = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";

    private const string PublishedNote = PublishedText
        + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    private static readonly TestSigner Signer = new("log.example/t/acme");

    [Fact]
    public void The_published_note_is_made_and_opened_byte_for_byte()
    {
        var signer = new TestSigner("PeterNeumann", Convert.FromBase64String(PublishedSecret)[1..]);

        Assert.Equal(PublishedNote, SignedNote.Sign(PublishedText, signer.Signer));
        Assert.Equal(PublishedKey, signer.Key.ToString());
        Assert.True(VerifierKey.TryParse(PublishedKey, out var key));
        Assert.True(SignedNote.TryParse(PublishedNote, out var note));
        Assert.Equal(PublishedText, note!.Text);
        Assert.IsType<NoteOpening.Signed>(note.Open([key!], TestSigner.Verify));
    }

    [Fact]
    public void Every_altered_character_of_a_verifier_key_is_refused()
    {
        for (var i = 0; i < PublishedKey.Length; i++)
        {
            var altered = PublishedKey[..i] + (char)(PublishedKey[i] + 1) + PublishedKey[(i + 1)..];

            Assert.False(VerifierKey.TryParse(altered, out _), altered);
            Assert.False(VerifierKey.TryParse(PublishedKey[..i], out _));
        }

        Assert.False(VerifierKey.TryParse("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", out _));
        Assert.False(VerifierKey.TryParse("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", out _));
        Assert.False(VerifierKey.TryParse("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==", out _));
        Assert.False(VerifierKey.TryParse(null, out _));
    }

    [Fact]
    public void An_altered_text_does_not_open()
    {
        Assert.True(SignedNote.TryParse(PublishedNote.Replace("cryptography", "cryptographY", StringComparison.Ordinal), out var note));
        Assert.True(VerifierKey.TryParse(PublishedKey, out var key));

        Assert.IsType<NoteOpening.BadSignature>(note!.Open([key!], TestSigner.Verify));
    }

    [Fact]
    public void A_note_of_unknown_keys_does_not_open()
    {
        Assert.True(SignedNote.TryParse(PublishedNote, out var note));

        Assert.IsType<NoteOpening.UnknownKeys>(note!.Open([Signer.Key], TestSigner.Verify));
    }

    [Fact]
    public void A_key_id_under_another_name_is_another_key()
    {
        Assert.True(SignedNote.TryParse(PublishedNote.Replace("— PeterNeumann", "— Mallory", StringComparison.Ordinal), out var note));
        Assert.True(VerifierKey.TryParse(PublishedKey, out var key));

        Assert.IsType<NoteOpening.UnknownKeys>(note.Open([key], TestSigner.Verify));
    }

    [Fact]
    public void A_signature_by_an_unknown_key_beside_a_known_one_does_no_harm()
    {
        var witnessed = SignedNote.Sign("text\n", new TestSigner("witness.example").Signer, Signer.Signer);
        Assert.True(SignedNote.TryParse(witnessed, out var note));

        var signed = Assert.IsType<NoteOpening.Signed>(note!.Open([Signer.Key], TestSigner.Verify));

        Assert.Equal([Signer.Key], signed.Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("\n— log.example AAAAAAAA\n")]
    [InlineData("text\n\n— log.example AAAAAAAA")]
    [InlineData("text\n\n- log.example AAAAAAAA\n")]
    [InlineData("text\n\n—  AAAAAAAA\n")]
    [InlineData("text\n\n— log.example  AAAAAAAA\n")]
    [InlineData("text\n\n— log.example AAAAAAAA \n")]
    [InlineData("text\n\n— log+example AAAAAAAA\n")]
    [InlineData("text\n\n— log.example AAAAAA==\n")]
    [InlineData("text\n\n— log.example AAAAAAA\n")]
    [InlineData("text\n\n— log.example AAAAAAB=\n")]
    [InlineData("te\rxt\n\n— log.example AAAAAAAA\n")]
    [InlineData("te\txt\n\n— log.example AAAAAAAA\n")]
    [InlineData("text\n\n— log.example AAAAAAAA\n— \n")]
    public void What_is_not_of_the_form_is_refused(string note)
    {
        Assert.True(SignedNote.TryParse("text\n\n— log.example AAAAAAAA\n", out _));

        Assert.False(SignedNote.TryParse(note, out _));
    }

    [Fact]
    public void A_hundred_signatures_are_the_limit()
    {
        var line = "— log.example AAAAAAAA\n";

        Assert.True(SignedNote.TryParse("text\n\n" + string.Concat(Enumerable.Repeat(line, 100)), out _));
        Assert.False(SignedNote.TryParse("text\n\n" + string.Concat(Enumerable.Repeat(line, 101)), out _));
    }

    [Fact]
    public void A_text_that_would_not_survive_its_form_is_not_signed()
    {
        Assert.Throws<ArgumentException>(() => SignedNote.Sign("no newline", Signer.Signer));
        Assert.Throws<ArgumentException>(() => SignedNote.Sign("a\0b\n", Signer.Signer));
        Assert.Throws<ArgumentException>(() => SignedNote.Sign("a\ud800\n", Signer.Signer));
        Assert.Throws<ArgumentException>(() => SignedNote.Sign("a\n"));
    }

    [Fact]
    public void A_checkpoint_survives_its_note()
    {
        var checkpoint = new Checkpoint("log.example/t/acme", 20_852_163, MerkleTree.EmptyRoot) { Extensions = ["key 2", "note"] };

        Assert.True(SignedNote.TryParse(checkpoint.Sign(Signer.Signer), out var note));
        Assert.IsType<NoteOpening.Signed>(note!.Open([Signer.Key], TestSigner.Verify));
        Assert.True(Checkpoint.TryParse(note.Text, out var read));
        Assert.Equal(checkpoint, read);
        Assert.Equal(["key 2", "note"], read!.Extensions);
    }

    [Theory]
    [InlineData("\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("log\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("log\n+1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("log\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("log\n1 \n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("log\n9223372036854775808\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n")]
    [InlineData("log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==\n")]
    [InlineData("log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n")]
    [InlineData("log\n1\n")]
    public void A_checkpoint_that_is_not_of_the_form_is_refused(string text)
    {
        Assert.True(Checkpoint.TryParse("log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", out _));

        Assert.False(Checkpoint.TryParse(text, out _));
    }

    [Fact]
    public void No_text_makes_a_parser_throw() =>
        Prop.ForAll<string?>(text =>
        {
            _ = SignedNote.TryParse(text, out _);
            _ = SignedNote.TryParse($"a\n\n— {text}\n", out _);
            _ = SignedNote.TryParse($"a\n\n— a {text}\n", out _);
            _ = VerifierKey.TryParse(text, out _);
            _ = VerifierKey.TryParse($"a+00000000+{text}", out _);
            _ = TreeHash.TryParse(text, out _);
            _ = Checkpoint.TryParse(text ?? "", out _);
            _ = Checkpoint.TryParse($"a\n{text}\n{text}\n", out _);
        }).QuickCheckThrowOnFailure();
}
