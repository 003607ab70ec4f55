using FsCheck;
using FsCheck.Fluent;
using Signet.OAuth;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class PkceTests
{
    // RFC 7636 Appendix B.
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    [Fact]
    public void The_published_verifier_matches_its_challenge() => Assert.True(Pkce.Matches(Verifier, Challenge));

    [Theory]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK", Challenge)]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX", Challenge)]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk=", Challenge)]
    [InlineData("", Challenge)]
    [InlineData(Verifier, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN")]
    [InlineData(Verifier, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=")]
    [InlineData(Verifier, "e9melhoa2owvfremtjguchaoek1t8urwbugjsstw-cm")]
    [InlineData(Verifier, Verifier)]
    [InlineData(Verifier, "")]
    [InlineData(Challenge, Challenge)]
    public void One_alteration_breaks_the_match(string verifier, string challenge) => Assert.False(Pkce.Matches(verifier, challenge));

    [Theory]
    [InlineData(42, false)]
    [InlineData(43, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_verifier_has_43_to_128_characters(int length, bool valid) => Assert.Equal(valid, Pkce.IsVerifier(new string('a', length)));

    [Fact]
    public void No_text_makes_it_throw_or_match() =>
        Prop.ForAll<string, string>((a, b) => !Pkce.Matches(a, b) && !Pkce.Matches(Verifier, a) && !Pkce.Matches(b, Challenge)).QuickCheckThrowOnFailure();
}
