using System.Security.Cryptography;
using System.Text;
using Signet.Platform.Crypto;
using Xunit;

namespace Server.Tests.Platform.Crypto;

/// <summary>The digests were made with another implementation (CPython's unicodedata, Unicode 15.1).</summary>
public sealed class NfkcTests
{
    [Fact]
    public void Every_code_point_normalises_as_unicode_says()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (Rune.IsValid(value))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(Nfkc.Normalize(new Rune(value).ToString())));
            }
        }

        Assert.Equal("4bd27c31389c3e4f871a0ec41fc0c245daf46538947f28a2c90742b44143d334", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void Sequences_of_bases_and_marks_are_ordered_and_composed()
    {
        int[] pool =
        [
            0x41, 0x61, 0x6f, 0x1100, 0x1161, 0x11a8, 0xac00, 0x300, 0x301, 0x307, 0x323, 0x327, 0x328, 0x345, 0x5b0, 0x5b4,
            0x3099, 0x304b, 0xfb01, 0x1e9b, 0xfdfa, 0x1d15e, 0x2f800, 0x9c7, 0x9be,
        ];

        var digest = DigestOfTexts(length: 8, number => pool[(number >> 8) % pool.Length]);

        Assert.Equal("692f8cfd1987605905315f6495176abeaee01156d180d1dbac9608543607cf45", digest);
    }

    [Fact]
    public void Arbitrary_texts_normalise_as_unicode_says()
    {
        var digest = DigestOfTexts(length: 6, number => (number >> 4) % 0x3400);

        Assert.Equal("46a90fed9463f4724812ec7b44100f25510acde57aa6107849817d85506db6ef", digest);
    }

    [Theory]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("file", "\uFB01le")]
    [InlineData("A1", "\uFF21\uFF11")]
    [InlineData("\u00c5", "\u212B")]
    [InlineData("\uAC01", "\u1100\u1161\u11A8")]
    public void What_is_typed_differently_becomes_the_same(string expected, string typed) => Assert.Equal(expected, Nfkc.Normalize(typed));

    [Fact]
    public void A_lone_surrogate_does_no_harm() => Assert.Equal("a\uFFFDb", Nfkc.Normalize("a" + (char)0xD800 + "b"));

    // A fixed linear congruential generator, so that the other implementation could be given the same 20,000 texts.
    private static string DigestOfTexts(int length, Func<int, int> toRune)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long state = 1;
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            for (var j = 0; j < length; j++)
            {
                state = ((state * 1103515245) + 12345) & 0x7fffffff;
                text.Append(new Rune(toRune((int)state)));
            }

            hash.AppendData(Encoding.UTF8.GetBytes(Nfkc.Normalize(text.ToString())));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
