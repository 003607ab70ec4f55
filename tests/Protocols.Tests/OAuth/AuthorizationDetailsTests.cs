using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Signet.OAuth.Authorization;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class AuthorizationDetailsTests
{
    // RFC 9396 §2, figure 2.
    private const string Example = """
        [{"type":"account_information","actions":["list_accounts","read_balances","read_transactions"],"locations":["https://example.com/accounts"]},
         {"type":"payment_initiation","actions":["initiate","status","cancel"],"locations":["https://example.com/payments"],
          "instructedAmount":{"currency":"EUR","amount":"123.50"},"creditorName":"Merchant A",
          "creditorAccount":{"iban":"DE02100100109307118603"},"remittanceInformationUnstructured":"Ref Number Merchant"}]
        """;

    [Fact]
    public void Accepts_the_example_of_RFC_9396_section_2()
    {
        var details = Parse(Example);

        Assert.Equal(2, details.Items.Count);
        Assert.Equal(["account_information", "payment_initiation"], details.Types.Order());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Example), JsonNode.Parse(details.ToString())));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[[]]")]
    [InlineData("[7]")]
    [InlineData("""[{}]""")]
    [InlineData("""[{"type":""}]""")]
    [InlineData("""[{"type":7}]""")]
    [InlineData("""[{"type":"a"},{"actions":["b"]}]""")]
    [InlineData("""[{"type":"a","type":"b"}]""")]
    [InlineData("""[{"type":"a","actions":"b"}]""")]
    [InlineData("""[{"type":"a","actions":[]}]""")]
    [InlineData("""[{"type":"a","locations":[7]}]""")]
    [InlineData("""[{"type":"a","datatypes":{}}]""")]
    [InlineData("""[{"type":"a","privileges":null}]""")]
    [InlineData("""[{"type":"a","identifier":7}]""")]
    [InlineData("""[{"type":"a","x":[[[[[[[1]]]]]]]}]""")]
    [InlineData("""[{"type":"a"},]""")]
    public void What_is_malformed_is_refused(string? json) => Assert.False(AuthorizationDetails.TryParse(json, out _));

    [Fact]
    public void The_bounds_hold()
    {
        Assert.True(AuthorizationDetails.TryParse(Objects(AuthorizationDetails.MaxCount), out _));
        Assert.False(AuthorizationDetails.TryParse(Objects(AuthorizationDetails.MaxCount + 1), out _));
        Assert.True(AuthorizationDetails.TryParse($$"""[{"type":"{{new string('a', AuthorizationDetails.MaxTypeLength)}}"}]""", out _));
        Assert.False(AuthorizationDetails.TryParse($$"""[{"type":"{{new string('a', AuthorizationDetails.MaxTypeLength + 1)}}"}]""", out _));
        Assert.True(AuthorizationDetails.TryParse("""[{"type":"a","x":[[[[[1]]]]]}]""", out _));
        Assert.False(AuthorizationDetails.TryParse($$"""[{"type":"a","x":"{{new string('a', 16_384)}}"}]""", out _));
    }

    [Theory]
    [InlineData("""[{"type":"a","actions":["r","w"],"limit":{"eur":5,"usd":6}}]""", true)]
    [InlineData("""[{"limit":{"usd":6,"eur":5.0},"actions":["w"],"type":"a"}]""", true)]
    [InlineData("""[{"type":"a","actions":["r"],"limit":{"eur":5,"usd":6}},{"type":"a","actions":["w"],"limit":{"eur":5,"usd":6}}]""", true)]
    [InlineData("""[{"type":"b"}]""", true)]
    [InlineData("""[{"type":"a","actions":["r","x"],"limit":{"eur":5,"usd":6}}]""", false)]
    [InlineData("""[{"type":"a","actions":["r"],"limit":{"eur":7,"usd":6}}]""", false)]
    [InlineData("""[{"type":"a","actions":["r"],"limit":{"eur":5}}]""", false)]
    [InlineData("""[{"type":"a","actions":["r"]}]""", false)]
    [InlineData("""[{"type":"a","limit":{"eur":5,"usd":6}}]""", false)]
    [InlineData("""[{"type":"a","actions":["r"],"limit":{"eur":5,"usd":6},"more":true}]""", false)]
    [InlineData("""[{"type":"A","actions":["r"],"limit":{"eur":5,"usd":6}}]""", false)]
    [InlineData("""[{"type":"b","actions":["r"]}]""", false)]
    [InlineData("""[{"type":"b"},{"type":"c"}]""", false)]
    public void Only_what_is_no_more_is_within(string wanted, bool within)
    {
        var granted = Parse("""[{"type":"a","actions":["r","w"],"limit":{"eur":5,"usd":6}},{"type":"b"}]""");

        Assert.Equal(within, Parse(wanted).IsWithin(granted));
    }

    [Fact]
    public void Being_within_is_reflexive_and_transitive()
    {
        var details = (
            from items in (
                from type in Gen.Elements("a", "b")
                from actions in Gen.NonEmptyListOf(Gen.Elements("r", "w", "x"))
                from amount in Gen.Elements(1, 2)
                select new JsonObject { ["type"] = type, ["actions"] = new JsonArray([.. actions.Select(action => JsonValue.Create(action))]), ["amount"] = amount })
                .NonEmptyListOf()
            select Parse(new JsonArray([.. items.Take(5).Select(item => item.DeepClone())]).ToJsonString())).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(details, details, details, (one, two, three) =>
            one.IsWithin(one) && (!one.IsWithin(two) || !two.IsWithin(three) || one.IsWithin(three))));
    }

    [Fact]
    public void Any_text_gets_an_answer() =>
        Prop.ForAll<string?>(text =>
        {
            _ = AuthorizationDetails.TryParse(text, out _);
            _ = AuthorizationDetails.TryParse($"[{{\"type\":\"a\",\"actions\":{text}}}]", out _);
            return !AuthorizationDetails.TryParse($"[{{\"type\":\"a\",\"x\":\"{text}", out _);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static string Objects(int count) => $"[{string.Join(',', Enumerable.Repeat("{\"type\":\"a\"}", count))}]";

    private static AuthorizationDetails Parse(string json)
    {
        Assert.True(AuthorizationDetails.TryParse(json, out var details));
        return details;
    }
}
