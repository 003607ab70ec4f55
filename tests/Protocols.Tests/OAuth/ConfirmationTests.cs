using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signet.Jose;
using Signet.OAuth.Authorization;
using Signet.OAuth.TokenExchange;
using Signet.OAuth.Tokens;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class ConfirmationTests
{
    // RFC 9449 §6.1.
    private const string KeyThumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    [Theory]
    [InlineData("""{"cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}""", KeyThumbprint, null)]
    [InlineData("""{"cnf":{"x5t#S256":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}""", null, KeyThumbprint)]
    [InlineData(
        """{"cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I","x5t#S256":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}""",
        KeyThumbprint,
        KeyThumbprint)]
    public void Accepts_the_members_that_are_understood(string claims, string? key, string? certificate)
    {
        Assert.True(Read(claims, out var confirmation));

        Assert.Equal(new Confirmation(key, certificate), confirmation);
    }

    [Fact]
    public void A_token_without_it_is_bound_to_nothing()
    {
        Assert.True(Read("{}", out var confirmation));

        Assert.Null(confirmation);
    }

    // The last one, printed in RFC 8705 §3.1, ends in a character with stray bits: no SHA-256 hash is encoded so, and it stands for none.
    [Theory]
    [InlineData("""{"cnf":null}""")]
    [InlineData("""{"cnf":[]}""")]
    [InlineData("""{"cnf":{}}""")]
    [InlineData("""{"cnf":{"kid":"k1"}}""")]
    [InlineData("""{"cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I","kid":"k1"}}""")]
    [InlineData("""{"cnf":{"jkt":7}}""")]
    [InlineData("""{"cnf":{"jkt":"AAAA"}}""")]
    [InlineData("""{"cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I="}}""")]
    [InlineData("""{"cnf":{"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}}""")]
    public void A_binding_that_cannot_be_checked_is_refused(string claims) => Assert.False(Read(claims, out _));

    [Fact]
    public void What_a_token_says_of_its_holder_reads_the_same()
    {
        Assert.True(AuthorizationDetails.TryParse("""[{"type":"payment"}]""", out var details));
        var claims = new AccessTokenClaims
        {
            Issuer = "https://id.example",
            Subject = "ada",
            Audience = ["https://api.example"],
            ClientId = "agent",
            Id = "1",
            IssuedAt = Tokens.Now,
            ExpiresAt = Tokens.Now.AddMinutes(5),
            Confirmation = new(KeyThumbprint, null),
            Actors = new(new("https://id.example", "agent")),
            AuthorizationDetails = details,
        };

        var json = Encoding.UTF8.GetString(claims.ToUtf8Json());

        Assert.EndsWith(
            $$"""
            ,"cnf":{"jkt":"{{KeyThumbprint}}"},"act":{"sub":"agent"},"authorization_details":[{"type":"payment"}]}
            """,
            json,
            StringComparison.Ordinal);
        Assert.True(Read(json, out var confirmation));
        Assert.Equal(claims.Confirmation, confirmation);
    }

    [Fact]
    public void An_introspection_says_the_same_of_the_holder()
    {
        var response = new IntrospectionResponse
        {
            ClientId = "agent",
            Subject = "ada",
            ExpiresAt = Tokens.Now,
            IssuedAt = Tokens.Now,
            Issuer = "i",
            Confirmation = new(null, KeyThumbprint),
            Actors = new(new Party("i", "agent")),
        };

        Assert.EndsWith(
            $$$"""
            ,"cnf":{"x5t#S256":"{{{KeyThumbprint}}}"},"act":{"sub":"agent"}}
            """,
            Encoding.UTF8.GetString(response.ToUtf8Json()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Any_JSON_gets_an_answer() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            byte[] text = [.. "{\"cnf\":"u8, .. bytes, .. "}"u8];
            _ = StrictJson.TryParseElement(text) is { } claims && Confirmation.TryRead(claims, out _);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static bool Read(string claims, out Confirmation? confirmation) =>
        Confirmation.TryRead(StrictJson.TryParseElement(Encoding.UTF8.GetBytes(claims))!.Value, out confirmation);
}
