using System.Text;
using Signet.Jose;
using Xunit;

namespace Protocols.Tests.Jose;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("{\"a\":{\"b\":[1,2,{\"c\":\"\\ud83d\\ude00\"}]}}")]
    [InlineData(" [ ] ")]
    [InlineData("\"\\\\ud800\"")]
    public void Plain_JSON_is_read(string json)
    {
        Assert.NotNull(StrictJson.TryParseElement(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":{\"b\":1,\"b\":2}}")]
    [InlineData("[{\"a\":1,\"\\u0061\":2}]")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\ud800\\u0041\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("{\"\\udead\":1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":1}//")]
    [InlineData("{\"a\":1}{")]
    [InlineData("\ufeff{}")]
    [InlineData("{'a':1}")]
    [InlineData("01")]
    [InlineData("NaN")]
    [InlineData("")]
    public void JSON_with_two_meanings_or_none_is_refused(string json)
    {
        Assert.Null(StrictJson.TryParseElement(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("22ff22")]
    [InlineData("22c08022")]
    [InlineData("22eda08022")]
    public void Broken_UTF_8_is_refused(string hex)
    {
        Assert.Null(StrictJson.TryParseElement(Convert.FromHexString(hex)));
    }

    [Fact]
    public void Size_and_depth_are_bounded_exactly()
    {
        var nested = Encoding.UTF8.GetBytes(new string('[', 32) + new string(']', 32));

        Assert.NotNull(StrictJson.TryParseElement(nested, maxBytes: 64, maxDepth: 32));
        Assert.Null(StrictJson.TryParseElement(nested, maxBytes: 63, maxDepth: 32));
        Assert.Null(StrictJson.TryParseElement(nested, maxBytes: 64, maxDepth: 31));
    }
}
