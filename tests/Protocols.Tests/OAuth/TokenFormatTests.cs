using FsCheck;
using FsCheck.Fluent;
using Signet.OAuth;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class TokenFormatTests
{
    [Fact]
    public void A_token_is_parsed_back_to_its_bytes()
    {
        byte[] secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
        var parsed = new byte[32];

        var token = TokenFormat.RefreshToken.Format(secret);

        Assert.Matches("^sgt_rt_[0-9A-Za-z]{49}$", token);
        Assert.True(TokenFormat.RefreshToken.TryParse(token, parsed));
        Assert.Equal(secret, parsed);
    }

    // The checksum is the CRC-32 every language has, so that a scanner can check it.
    [Fact]
    public void The_checksum_is_crc_32_in_base_62()
    {
        Assert.Equal(0xCBF43926, Crc32("123456789"));

        Assert.Equal(WithChecksum("sgt_ak_" + new string('0', 43)), TokenFormat.ApiKey.Format(new byte[32]));
    }

    [Fact]
    public void The_largest_secret_fits_and_a_larger_number_is_refused()
    {
        var parsed = new byte[32];
        var largest = TokenFormat.Session.Format([.. Enumerable.Repeat((byte)0xFF, 32)]);

        Assert.True(TokenFormat.Session.TryParse(largest, parsed));
        Assert.Equal(Enumerable.Repeat((byte)0xFF, 32), parsed);
        Assert.False(TokenFormat.Session.TryParse(WithChecksum("sgt_ss_" + new string('z', 43)), parsed));
    }

    [Fact]
    public void Every_altered_character_is_noticed()
    {
        var token = TokenFormat.ClientSecret.Format([.. Enumerable.Range(100, 32).Select(i => (byte)i)]);
        var parsed = new byte[32];

        for (var i = 0; i < token.Length; i++)
        {
            foreach (var c in (char[])['0', 'A', 'z', '_', ' ', '\0', 'é', (char)(token[i] ^ 0x20), (char)(token[i] + 0x100)])
            {
                var altered = token[..i] + c + token[(i + 1)..];
                Assert.Equal(altered == token, TokenFormat.ClientSecret.TryParse(altered, parsed));
            }

            Assert.False(TokenFormat.ClientSecret.TryParse(token.Remove(i, 1), parsed));
            Assert.False(TokenFormat.ClientSecret.TryParse(token.Insert(i, "0"), parsed));
        }
    }

    [Fact]
    public void No_kind_is_read_as_another()
    {
        var parsed = new byte[32];
        foreach (var made in TokenFormat.All)
        {
            var token = made.Make();

            Assert.Same(made, TokenFormat.Recognize(token));
            Assert.All(TokenFormat.All, read => Assert.Equal(read == made, read.TryParse(token, parsed)));
            Assert.All(TokenFormat.All, read => Assert.Equal(read == made, read.TryParse(read.Prefix + token[7..], parsed)));
        }

        Assert.Null(TokenFormat.Recognize("sgt_rt_"));
    }

    [Fact]
    public void Tokens_do_not_repeat() =>
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => TokenFormat.AuthorizationCode.Make()).Distinct().Count());

    [Fact]
    public void Any_32_bytes_survive_and_no_text_makes_it_throw() =>
        Prop.ForAll(Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf(32).ToArbitrary(), Arb.From(ArbMap.Default.GeneratorFor<NonNull<string>>()), (secret, text) =>
        {
            var parsed = new byte[32];
            _ = TokenFormat.Recognize(text.Get);
            _ = TokenFormat.Recognize("sgt_ak_" + text.Get.PadRight(49));

            return TokenFormat.ApiKey.TryParse(TokenFormat.ApiKey.Format(secret), parsed) && parsed.AsSpan().SequenceEqual(secret);
        }).QuickCheckThrowOnFailure();

    private static string WithChecksum(string text) => text + Base62(Crc32(text));

    // Bit by bit from the definition; its check value is the one every catalogue of CRCs lists.
    private static uint Crc32(string text)
    {
        var crc = uint.MaxValue;
        foreach (var c in text)
        {
            crc ^= c;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 * (crc & 1));
            }
        }

        return ~crc;
    }

    private static string Base62(uint number)
    {
        const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var text = "";
        for (var i = 0; i < 6; i++)
        {
            text = Digits[(int)(number % 62)] + text;
            number /= 62;
        }

        return text;
    }
}
