using Signet.Server.Policy;
using Xunit;

namespace Server.Tests.Policy;

/// <summary>What no engine is asked, because two readers could understand it in two ways.</summary>
public sealed class PolicyInputTests
{
    private static readonly PolicyInput Good = new("GET", "/agents/7", ["agents:read"], "agent-1");

    [Fact]
    public void A_plain_question_has_no_fault() => Assert.Null(Good.Fault);

    [Theory]
    [InlineData("")]
    [InlineData("/agents/")]
    [InlineData("//agents")]
    [InlineData("/agents//7")]
    [InlineData("/agents/./7")]
    [InlineData("/agents/../7")]
    [InlineData("/agents/%2e%2e/7")]
    [InlineData("/agents/%2E./7")]
    [InlineData("/agents/a%2fb")]
    [InlineData("/agents/a%5Cb")]
    [InlineData(@"/agents\7")]
    [InlineData("/agents?x=1")]
    [InlineData("/agents#x")]
    [InlineData("/agents/{id}")]
    [InlineData("/agents/\n")]
    [InlineData("/agents/\u0000")]
    [InlineData("document/")]
    [InlineData("document/../x")]
    public void A_path_of_two_readings_is_a_fault(string path) => Assert.Equal("path", (Good with { Path = path }).Fault);

    [Fact]
    public void A_path_has_an_end()
    {
        Assert.Null((Good with { Path = "/" + new string('x', 2047) }).Fault);
        Assert.Equal("path", (Good with { Path = "/" + new string('x', 2048) }).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /agents")]
    [InlineData("GET\n")]
    [InlineData("GÉT")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void A_method_is_one_word(string method) => Assert.Equal("method", (Good with { Method = method }).Fault);

    [Fact]
    public void Scopes_are_scope_tokens_and_not_without_end()
    {
        Assert.Equal("scopes", (Good with { Scopes = ["a b"] }).Fault);
        Assert.Equal("scopes", (Good with { Scopes = [""] }).Fault);
        Assert.Null((Good with { Scopes = [.. Enumerable.Range(0, 100).Select(n => $"s{n}")] }).Fault);
        Assert.Equal("scopes", (Good with { Scopes = [.. Enumerable.Range(0, 101).Select(n => $"s{n}")] }).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    public void An_agent_has_an_id_in_plain_text(string agent) => Assert.Equal("agent_id", (Good with { AgentId = agent }).Fault);
}
