using System.Text;
using Signet.Platform.Crypto;
using Xunit;

namespace Server.Tests.Platform.Crypto;

public sealed class Argon2idTests
{
    private static readonly Argon2Cost Cheap = new(64, 1, 1);

    // From the tests of the reference implementation (phc-winner-argon2, src/test.c); their salts of 8 bytes and two lanes are what imports bring.
    [Theory]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password", "somesalt")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password", "somesalt")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc", "password", "somesalt")]
    public void Published_hashes_verify(string encoded, string password, string salt)
    {
        var hash = Argon2Hash.TryParse(encoded);

        Assert.NotNull(hash);
        Assert.Equal(salt, Encoding.ASCII.GetString(hash.Salt));
        Assert.True(Argon2id.Verify(hash, Encoding.ASCII.GetBytes(password)));
        Assert.False(Argon2id.Verify(hash, Encoding.ASCII.GetBytes(password + "x")));
    }

    [Fact]
    public void A_new_hash_verifies_after_a_trip_through_its_text()
    {
        var hash = Argon2id.Hash("correct horse"u8, Cheap);

        var read = Argon2Hash.TryParse(hash.ToString());

        Assert.NotNull(read);
        Assert.True(Argon2id.Verify(read, "correct horse"u8));
        Assert.False(Argon2id.Verify(read, "correct horsf"u8));
        Assert.False(Argon2id.Verify(read, ""u8));
        Assert.StartsWith("$argon2id$v=19$m=64,t=1,p=1$", hash.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_password_hashes_differently_each_time() =>
        Assert.NotEqual(Argon2id.Hash("correct horse"u8, Cheap).ToString(), Argon2id.Hash("correct horse"u8, Cheap).ToString());

    [Fact]
    public void The_standard_cost_is_19_mib_two_passes_and_one_lane() => Assert.Equal(new Argon2Cost(19_456, 2, 1), Argon2Cost.Standard);

    [Fact]
    public void A_hash_of_the_wanted_cost_or_more_needs_no_upgrade()
    {
        Assert.False(Argon2id.Hash("x"u8, Cheap).NeedsUpgrade(Cheap));
        Assert.False(Argon2id.Hash("x"u8, new Argon2Cost(128, 2, 1)).NeedsUpgrade(Cheap));
        Assert.True(Argon2id.Hash("x"u8, Cheap).NeedsUpgrade(new Argon2Cost(64, 2, 1)));
        Assert.True(Argon2id.Hash("x"u8, Cheap).NeedsUpgrade(new Argon2Cost(65, 1, 1)));
    }

    [Theory]
    [InlineData("argon2id", "argon2i")]
    [InlineData("argon2id", "argon2d")]
    [InlineData("v=19", "v=16")]
    [InlineData("$v=19", "")]
    [InlineData("m=256", "m=0")]
    [InlineData("m=256", "m=256 ")]
    [InlineData("m=256", "m=+256")]
    [InlineData("m=256", "m=99999999")]
    [InlineData("m=256", "m=999999999999")]
    [InlineData("t=2", "t=0")]
    [InlineData("t=2", "t=33")]
    [InlineData("p=1", "p=0")]
    [InlineData("p=1", "p=17")]
    [InlineData("p=1", "p=64")]
    [InlineData("m=256,t=2", "t=2,m=256")]
    [InlineData("c29tZXNhbHQ", "c29t")]
    [InlineData("c29tZXNhbHQ", "c29tZXNhbH!")]
    [InlineData("c29tZXNhbHQ", "")]
    [InlineData("nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "nf65EOgLrQM")]
    [InlineData("nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=")]
    [InlineData("i/4", "i/4\n")]
    [InlineData("i/4", "i/4$")]
    public void A_text_with_one_wrong_part_is_no_hash(string part, string wrong)
    {
        const string Valid = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        Assert.NotNull(Argon2Hash.TryParse(Valid));

        Assert.Null(Argon2Hash.TryParse(Valid.Replace(part, wrong, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("$2b$10$abcdefghijklmnopqrstuv")]
    public void Other_texts_are_no_hash(string? text) => Assert.Null(Argon2Hash.TryParse(text));
}
