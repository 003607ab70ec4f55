using System.Text;
using Signet.Platform.Crypto;
using Xunit;

namespace Server.Tests.Platform.Crypto;

public sealed class AeadTests
{
    private static readonly byte[] Key = [.. Enumerable.Repeat((byte)7, 32)];
    private static readonly byte[] Place = "users/email/1"u8.ToArray();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    public void What_was_sealed_opens(int length)
    {
        var plain = Encoding.ASCII.GetBytes(new string('x', length));

        var message = Aead.Seal(Key, 3, plain, Place);

        Assert.Equal(length + Aead.Overhead, message.Length);
        Assert.Equal(3, Aead.TryReadKeyVersion(message));
        Assert.Equal(plain, Aead.TryOpen(Key, message, Place));
    }

    [Fact]
    public void Any_altered_byte_is_noticed()
    {
        var message = Aead.Seal(Key, 3, "value"u8, Place);

        for (var i = 0; i < message.Length; i++)
        {
            byte[] altered = [.. message];
            altered[i] ^= 1;

            Assert.Null(Aead.TryOpen(Key, altered, Place));
        }
    }

    [Fact]
    public void A_shortened_or_lengthened_message_is_noticed()
    {
        var message = Aead.Seal(Key, 3, "value"u8, Place);

        for (var i = 0; i < message.Length; i++)
        {
            Assert.Null(Aead.TryOpen(Key, message.AsSpan(0, i), Place));
        }

        Assert.Null(Aead.TryOpen(Key, [.. message, 0], Place));
    }

    [Fact]
    public void Another_place_does_not_open_it() => Assert.Null(Aead.TryOpen(Key, Aead.Seal(Key, 3, "value"u8, Place), "users/email/2"u8));

    [Fact]
    public void Another_key_does_not_open_it() =>
        Assert.Null(Aead.TryOpen(Enumerable.Repeat((byte)8, 32).ToArray(), Aead.Seal(Key, 3, "value"u8, Place), Place));

    [Fact]
    public void The_same_value_never_seals_to_the_same_bytes() =>
        Assert.NotEqual(Aead.Seal(Key, 3, "value"u8, Place), Aead.Seal(Key, 3, "value"u8, Place));

    // draft-irtf-cfrg-xchacha-03 §A.3.1: that libsodium is called with its arguments in their places.
    [Fact]
    public void The_cipher_is_xchacha20_poly1305()
    {
        var key = Convert.FromHexString("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
        var nonce = Convert.FromHexString("404142434445464748494a4b4c4d4e4f5051525354555657");
        var associated = Convert.FromHexString("50515253c0c1c2c3c4c5c6c7");
        var plain = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."u8;
        var message = new byte[plain.Length + 16];

        Sodium.SealXChaCha(message, plain, associated, nonce, key);

        Assert.Equal("bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb", Convert.ToHexStringLower(message.AsSpan(0, 32)));
        Assert.Equal("c0875924c1c7987947deafd8780acf49", Convert.ToHexStringLower(message.AsSpan(plain.Length)));
    }
}
