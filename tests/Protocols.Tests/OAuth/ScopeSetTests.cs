using FsCheck;
using FsCheck.Fluent;
using Signet.OAuth;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class ScopeSetTests
{
    [Fact]
    public void Reads_tokens_in_order_and_once()
    {
        Assert.True(ScopeSet.TryParse("openid agents:read email openid", out var scope));

        Assert.Equal(["openid", "agents:read", "email"], scope.Tokens);
        Assert.Equal("openid agents:read email", scope.ToString());
        Assert.Equal(ScopeSet.Of("email", "agents:read", "openid"), scope);
        Assert.Equal(ScopeSet.Of("email", "agents:read", "openid").GetHashCode(), scope.GetHashCode());
        Assert.True(scope.HasOpenId);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("openid ")]
    [InlineData(" openid")]
    [InlineData("openid  email")]
    [InlineData("openid\temail")]
    [InlineData("op\"enid")]
    [InlineData("op\\enid")]
    [InlineData("öpenid")]
    [InlineData("open\0id")]
    public void What_is_not_in_the_grammar_is_refused(string? text) => Assert.False(ScopeSet.TryParse(text, out _));

    [Fact]
    public void A_hundred_tokens_of_256_characters_are_the_limit()
    {
        Assert.True(ScopeSet.TryParse(string.Join(' ', Enumerable.Range(0, 100)), out _));
        Assert.False(ScopeSet.TryParse(string.Join(' ', Enumerable.Range(0, 101)), out _));
        Assert.True(ScopeSet.TryParse(new string('a', 256), out _));
        Assert.False(ScopeSet.TryParse(new string('a', 257), out _));
    }

    [Fact]
    public void A_limited_scope_is_never_more_than_either() =>
        Prop.ForAll(Gen.SubListOf("a", "b", "c", "d", "e").ToArbitrary(), Gen.SubListOf("a", "b", "c", "x").ToArbitrary(), (left, right) =>
        {
            var (asked, allowed) = (ScopeSet.Of(left), ScopeSet.Of(right));
            var limited = asked.LimitTo(allowed);

            return limited.IsSubsetOf(asked) && limited.IsSubsetOf(allowed) && limited.Equals(allowed.LimitTo(asked));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_parses_prints_and_parses_the_same() =>
        Prop.ForAll<string>(text => !ScopeSet.TryParse(text, out var scope) || (ScopeSet.TryParse(scope.ToString(), out var again) && again.Equals(scope)))
            .QuickCheckThrowOnFailure();
}
