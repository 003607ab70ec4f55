using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Protocols.Tests.Jose;
using Signet.Jose;
using Signet.OAuth.Clients;
using Xunit;

namespace Protocols.Tests.OAuth;

/// <summary>Starts from an assertion that proves its client, and alters one thing.</summary>
public sealed class ClientAssertionTests
{
    private const string Issuer = "https://id.example";
    private static readonly SigningKey Key = Keys.Of(JwsAlgorithm.ES256);
    private static readonly Jwks ClientKeys = new([Key.PublicKey, Keys.Of(JwsAlgorithm.PS256).PublicKey]);

    private readonly JsonObject header = new() { ["alg"] = "ES256", ["kid"] = Key.Kid, ["typ"] = "JWT" };

    private readonly JsonObject claims = new()
    {
        ["iss"] = "app",
        ["sub"] = "app",
        ["aud"] = Issuer,
        ["exp"] = Tokens.Now.ToUnixTimeSeconds() + 60,
        ["nbf"] = Tokens.Now.ToUnixTimeSeconds(),
        ["iat"] = Tokens.Now.ToUnixTimeSeconds(),
        ["jti"] = "j1",
    };

    [Fact]
    public void Accepts_an_assertion_of_the_client_for_us()
    {
        var valid = Assert.IsType<ClientAssertionVerification.Valid>(Verify());

        Assert.Equal(("app", "j1", Tokens.Now.AddSeconds(60)), (valid.ClientId, valid.Id, valid.ExpiresAt));
        Assert.True(valid.Key.IsSameKeyAs(Key.PublicKey));
    }

    [Theory]
    [InlineData("iss", null, ClientAssertionDefect.IssuerIsNotSubject)]
    [InlineData("iss", "\"other\"", ClientAssertionDefect.IssuerIsNotSubject)]
    [InlineData("iss", "7", ClientAssertionDefect.Malformed)]
    [InlineData("sub", null, ClientAssertionDefect.Malformed)]
    [InlineData("sub", "\"\"", ClientAssertionDefect.Malformed)]
    [InlineData("sub", "\"other\"", ClientAssertionDefect.IssuerIsNotSubject)]
    [InlineData("aud", null, ClientAssertionDefect.WrongAudience)]
    [InlineData("aud", "[]", ClientAssertionDefect.WrongAudience)]
    [InlineData("aud", "\"https://id.example/\"", ClientAssertionDefect.WrongAudience)]
    [InlineData("aud", "\"https://id.example/oauth2/token\"", ClientAssertionDefect.WrongAudience)]
    [InlineData("aud", "[\"https://id.example\",\"https://other.example\"]", ClientAssertionDefect.WrongAudience)]
    [InlineData("exp", null, ClientAssertionDefect.MissingExpiry)]
    [InlineData("exp", "1799999970", ClientAssertionDefect.Expired)]
    [InlineData("exp", "1800000331", ClientAssertionDefect.LivesTooLong)]
    [InlineData("exp", "\"1800000060\"", ClientAssertionDefect.Malformed)]
    [InlineData("nbf", "1800000031", ClientAssertionDefect.NotYetValid)]
    [InlineData("iat", "1800000031", ClientAssertionDefect.IssuedInTheFuture)]
    [InlineData("jti", null, ClientAssertionDefect.MissingId)]
    [InlineData("jti", "\"\"", ClientAssertionDefect.MissingId)]
    public void One_altered_claim_is_refused(string name, string? value, ClientAssertionDefect expected)
    {
        claims.Alter(name, value);

        Assert.Equal(new ClientAssertionVerification.Refused(expected), Verify());
    }

    [Theory]
    [InlineData("aud", "[\"https://id.example\"]")]
    [InlineData("exp", "1800000330")]
    [InlineData("nbf", null)]
    [InlineData("iat", null)]
    [InlineData("iat", "1700000000")]
    public void A_claim_at_the_edge_is_accepted(string name, string? value)
    {
        claims.Alter(name, value);

        Assert.IsType<ClientAssertionVerification.Valid>(Verify());
    }

    [Theory]
    [InlineData("alg", "\"none\"", ClientAssertionDefect.UnacceptableAlgorithm)]
    [InlineData("alg", "\"HS256\"", ClientAssertionDefect.UnacceptableAlgorithm)]
    [InlineData("alg", "\"es256\"", ClientAssertionDefect.UnacceptableAlgorithm)]
    [InlineData("alg", "\"PS256\"", ClientAssertionDefect.UnknownKey)]
    [InlineData("alg", null, ClientAssertionDefect.Malformed)]
    [InlineData("kid", "\"another\"", ClientAssertionDefect.UnknownKey)]
    [InlineData("typ", "\"at+jwt\"", ClientAssertionDefect.UnexpectedType)]
    [InlineData("typ", "\"dpop+jwt\"", ClientAssertionDefect.UnexpectedType)]
    [InlineData("crit", "[\"x\"]", ClientAssertionDefect.Malformed)]
    public void One_altered_header_member_is_refused(string name, string? value, ClientAssertionDefect expected)
    {
        header.Alter(name, value);

        Assert.Equal(new ClientAssertionVerification.Refused(expected), Verify());
    }

    [Theory]
    [InlineData("typ", null)]
    [InlineData("typ", "\"client-authentication+jwt\"")]
    [InlineData("kid", null)]
    public void A_header_may_say_less_or_more_exactly_what_it_is(string name, string? value)
    {
        header.Alter(name, value);

        Assert.IsType<ClientAssertionVerification.Valid>(Verify());
    }

    [Fact]
    public void The_client_id_beside_it_must_be_the_same()
    {
        Assert.IsType<ClientAssertionVerification.Valid>(Verify(beside: "app"));
        Assert.Equal(new ClientAssertionVerification.Refused(ClientAssertionDefect.AnotherClient), Verify(beside: "other"));
    }

    [Fact]
    public void Another_key_under_the_same_id_is_refused()
    {
        using var stranger = SigningKey.Generate(JwsAlgorithm.ES256);

        Assert.Equal(new ClientAssertionVerification.Refused(ClientAssertionDefect.BadSignature), Verify(key: stranger));
    }

    [Fact]
    public void An_id_too_long_to_keep_is_refused()
    {
        claims["jti"] = new string('x', ClientAssertion.MaxIdLength);
        Assert.IsType<ClientAssertionVerification.Valid>(Verify());

        claims["jti"] = new string('x', ClientAssertion.MaxIdLength + 1);
        Assert.Equal(new ClientAssertionVerification.Refused(ClientAssertionDefect.MissingId), Verify());
    }

    [Fact]
    public void The_caller_may_allow_another_lifetime()
    {
        Assert.Equal(
            new ClientAssertionVerification.Refused(ClientAssertionDefect.LivesTooLong), Verify(maxLifetime: TimeSpan.FromSeconds(10)));

        claims["exp"] = Tokens.Now.ToUnixTimeSeconds() + 3600;
        Assert.IsType<ClientAssertionVerification.Valid>(Verify(maxLifetime: TimeSpan.FromHours(1)));
    }

    [Fact]
    public void The_claimed_client_is_known_before_its_keys_are()
    {
        Assert.True(ClientAssertion.TryRead(new(null, Tokens.Sign(Key, header, claims)), out var assertion, out _));

        Assert.Equal("app", assertion.ClientId);
    }

    // The header and claims of RFC 7523 §4. It is an authorization grant: a person's assertion must never authenticate a client.
    [Fact]
    public void The_grant_of_RFC_7523_section_4_authenticates_no_client()
    {
        var example = JsonNode.Parse("""
            {"iss":"https://jwt-idp.example.com","sub":"mailto:mike@example.com","nbf":1300815780,"exp":1300819380,"http://claims.example.com/member":true}
            """)!.AsObject();
        var token = Tokens.Sign(Key, JsonNode.Parse("""{"alg":"ES256","kid":"16"}""")!.AsObject(), example);

        Assert.False(ClientAssertion.TryRead(new(null, token), out _, out var defect));
        Assert.Equal(ClientAssertionDefect.IssuerIsNotSubject, defect);
    }

    [Fact]
    public void No_text_makes_it_throw() =>
        Prop.ForAll<string, byte[]>((text, bytes) =>
        {
            var encoded = StrictBase64Url.Encode(bytes);
            return !ClientAssertion.TryRead(new(null, text ?? ""), out _, out _)
                && !ClientAssertion.TryRead(new(null, $"{encoded}.{encoded}.{encoded}"), out _, out _)
                && !ClientAssertion.TryRead(new(null, $"eyJhbGciOiJFUzI1NiJ9.{encoded}.AAAA"), out _, out _);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private ClientAssertionVerification Verify(string? beside = null, SigningKey? key = null, TimeSpan? maxLifetime = null) =>
        ClientAssertion.TryRead(new(beside, Tokens.Sign(key ?? Key, header, claims)), out var assertion, out var defect)
            ? assertion.Verify(ClientKeys, Issuer, Tokens.Now, maxLifetime)
            : new ClientAssertionVerification.Refused(defect.Value);
}
