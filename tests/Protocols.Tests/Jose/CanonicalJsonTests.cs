using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Signet.Jose;
using Xunit;

namespace Protocols.Tests.Jose;

public sealed class CanonicalJsonTests
{
    // RFC 8785 Appendix B.
    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Numbers_are_written_as_ECMAScript_writes_them(ulong bits, string expected)
    {
        var value = BitConverter.UInt64BitsToDouble(bits);

        Assert.Equal(expected, Canonical(JsonSerializer.Serialize(value)));
    }

    // RFC 8785 §3.2.2 with the hexadecimal output of §3.2.4.
    [Fact]
    public void The_RFCs_combined_example_gives_its_bytes()
    {
        const string Input = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;

        var output = CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(Input));

        Assert.Equal(
            "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b3330"
            + "2c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d",
            Convert.ToHexStringLower(output!));
    }

    // RFC 8785 §3.2.3: by UTF-16 code units, so the smiley (D83D…) comes before U+FB33.
    [Fact]
    public void Members_are_sorted_by_their_UTF_16_code_units()
    {
        const string Input = """
            {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
            """;

        var output = Canonical(Input);

        Assert.Equal(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\","
            + "\"\u20ac\":\"Euro Sign\",\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
            output);
    }

    [Theory]
    [InlineData("[56,{\"d\":true,\"10\":null,\"1\":[]}]", "[56,{\"1\":[],\"10\":null,\"d\":true}]")]
    [InlineData("{\"\":\"empty\",\"a\":{},\"A\":{}}", "{\"\":\"empty\",\"A\":{},\"a\":{}}")]
    [InlineData("\"\\u2028\\u007f\\u0000\\b\\t\\f\"", "\"\u2028\u007f\\u0000\\b\\t\\f\"")]
    [InlineData(" 1.0 ", "1")]
    [InlineData("-1", "-1")]
    [InlineData("-0", "0")]
    [InlineData("123456789012345", "123456789012345")]
    [InlineData("1234567890123456789", "1234567890123456800")]
    public void Equal_values_have_one_form(string input, string expected)
    {
        Assert.Equal(expected, Canonical(input));
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":1,\"\\u0061\":1}")]
    [InlineData("[\"\\ud800\"]")]
    [InlineData("[1,]")]
    [InlineData("")]
    public void What_has_no_canonical_form_is_refused(string input)
    {
        Assert.Null(CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(input)));
    }

    [Fact]
    public void A_value_of_ones_own_without_a_form_is_a_bug()
    {
        var duplicate = JsonDocument.Parse("{\"a\":1,\"a\":2}").RootElement;

        Assert.Throws<ArgumentException>(() => CanonicalJson.Canonicalize(duplicate));
    }

    [Fact]
    public void Every_double_reads_back_from_its_canonical_form() =>
        Prop.ForAll<NormalFloat>(number =>
            double.Parse(Canonical(JsonSerializer.Serialize(number.Get)), System.Globalization.CultureInfo.InvariantCulture) == number.Get)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Text_is_kept_and_its_form_is_a_fixed_point() =>
        Prop.ForAll<NonNull<string>>(text =>
        {
            var escaped = JsonSerializer.Serialize(text.Get);
            var once = Canonical(escaped);
            return Canonical(once) == once && JsonSerializer.Deserialize<string>(once) == JsonSerializer.Deserialize<string>(escaped);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_members_does_not_matter() =>
        Prop.ForAll<Dictionary<int, int>>(members =>
        {
            var forwards = JsonSerializer.SerializeToElement(members);
            var backwards = JsonSerializer.SerializeToElement(new Dictionary<int, int>(members.Reverse()));
            return CanonicalJson.Canonicalize(forwards).AsSpan().SequenceEqual(CanonicalJson.Canonicalize(backwards));
        }).QuickCheckThrowOnFailure();

    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(json))!);
}
