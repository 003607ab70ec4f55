using System.Text.Json.Nodes;
using Signet.Jose;
using Xunit;

namespace Protocols.Tests.Jose;

/// <summary>Starts from a token that meets every expectation, and alters one claim or one expectation.</summary>
public sealed class JwtTests
{
    private const long Now = 1_800_000_000;

    private static readonly DateTimeOffset NowTime = DateTimeOffset.FromUnixTimeSeconds(Now);
    private static readonly SigningKey Key = Keys.Of(JwsAlgorithm.ES256);
    private static readonly JwtExpectations Expected = new()
    {
        Jws = JwsExpectations.OfType("JWT"),
        Issuer = "https://issuer.example",
        Audiences = ["https://rs.example", "urn:rs"],
        ClockSkew = TimeSpan.FromSeconds(10),
        MaxAge = TimeSpan.FromSeconds(60),
        MaxLifetime = TimeSpan.FromSeconds(600),
    };

    [Fact]
    public void A_token_that_meets_every_expectation_is_valid()
    {
        var valid = Assert.IsType<JwtVerification.Valid>(Verify(Claims()));

        Assert.Equal(("https://issuer.example", "alice", "j1"), (valid.Claims.Issuer, valid.Claims.Subject, valid.Claims.Id));
        Assert.Equal(NowTime.AddSeconds(300), valid.Claims.ExpiresAt);
        Assert.Equal("read", valid.Claims.FindText("scope"));
        Assert.Null(valid.Claims.FindText("exp"));
    }

    [Theory]
    [InlineData("iss", "\"https://mallory.example\"", JwtDefect.WrongIssuer)]
    [InlineData("iss", "\"https://issuer.example/\"", JwtDefect.WrongIssuer)]
    [InlineData("iss", "\"HTTPS://issuer.example\"", JwtDefect.WrongIssuer)]
    [InlineData("iss", null, JwtDefect.WrongIssuer)]
    [InlineData("iss", "[\"https://issuer.example\"]", JwtDefect.Malformed)]
    [InlineData("iss", "null", JwtDefect.Malformed)]
    [InlineData("sub", "7", JwtDefect.Malformed)]
    [InlineData("jti", "{}", JwtDefect.Malformed)]
    [InlineData("aud", "\"https://other.example\"", JwtDefect.WrongAudience)]
    [InlineData("aud", "[]", JwtDefect.WrongAudience)]
    [InlineData("aud", null, JwtDefect.WrongAudience)]
    [InlineData("aud", "[\"urn:rs\",7]", JwtDefect.Malformed)]
    [InlineData("aud", "{\"urn:rs\":1}", JwtDefect.Malformed)]
    [InlineData("exp", "1799999990", JwtDefect.Expired)]
    [InlineData("exp", "1799999989.5", JwtDefect.Expired)]
    [InlineData("exp", "0", JwtDefect.Expired)]
    [InlineData("exp", null, JwtDefect.MissingTime)]
    [InlineData("exp", "\"1800000300\"", JwtDefect.Malformed)]
    [InlineData("exp", "1e300", JwtDefect.Malformed)]
    [InlineData("exp", "1e400", JwtDefect.Malformed)]
    [InlineData("exp", "-1e300", JwtDefect.Malformed)]
    [InlineData("exp", "1800000611", JwtDefect.LivesTooLong)]
    [InlineData("exp", "253402300799", JwtDefect.LivesTooLong)]
    [InlineData("nbf", "1800000011", JwtDefect.NotYetValid)]
    [InlineData("nbf", "true", JwtDefect.Malformed)]
    [InlineData("iat", "1800000011", JwtDefect.IssuedInTheFuture)]
    [InlineData("iat", "1799999929", JwtDefect.TooOld)]
    [InlineData("iat", null, JwtDefect.MissingTime)]
    [InlineData("iat", "-62135596800", JwtDefect.TooOld)]
    public void One_altered_claim_is_refused(string claim, string? value, JwtDefect expected)
    {
        Assert.Equal(new JwtVerification.Refused(expected), Verify(Claims(claim, value)));
    }

    [Theory]
    [InlineData("aud", "\"urn:rs\"")]
    [InlineData("aud", "[\"https://other.example\",\"urn:rs\"]")]
    [InlineData("exp", "1799999991")]
    [InlineData("exp", "1799999990.5")]
    [InlineData("exp", "1800000610")]
    [InlineData("nbf", "1800000010")]
    [InlineData("nbf", null)]
    [InlineData("iat", "1800000010")]
    [InlineData("iat", "1799999930")]
    public void A_claim_at_the_very_edge_is_accepted(string claim, string? value)
    {
        Assert.IsType<JwtVerification.Valid>(Verify(Claims(claim, value)));
    }

    [Theory]
    [InlineData("\"urn:rs\"", true)]
    [InlineData("[\"urn:rs\",\"https://rs.example\"]", true)]
    [InlineData("[\"urn:rs\",\"https://other.example\"]", false)]
    [InlineData("[]", false)]
    public void A_sole_audience_tolerates_no_other(string audience, bool accepted)
    {
        var result = Verify(Claims("aud", audience), Expected with { SoleAudience = true });

        Assert.Equal(accepted, result is JwtVerification.Valid);
    }

    [Fact]
    public void What_is_not_expected_is_not_required()
    {
        var nothing = new JwtExpectations { Jws = Expected.Jws, Issuer = null, Audiences = null, RequireExpiry = false };

        Assert.IsType<JwtVerification.Valid>(Verify(new JsonObject(), nothing));
    }

    [Fact]
    public void A_token_without_expiry_still_obeys_one_it_has()
    {
        var optional = Expected with { RequireExpiry = false };

        Assert.IsType<JwtVerification.Valid>(Verify(Claims("exp", null), optional));
        Assert.Equal(new JwtVerification.Refused(JwtDefect.Expired), Verify(Claims("exp", "1"), optional));
    }

    [Fact]
    public void A_good_claim_under_a_bad_signature_is_not_looked_at()
    {
        using var other = SigningKey.Generate(JwsAlgorithm.ES256);
        var token = Issue(Claims(), other);

        var result = Jwt.Verify(token, new VerificationKey(Key.PublicKey), Expected, NowTime);

        Assert.Equal(new JwtVerification.NotVerified(new JwsVerification.BadSignature()), result);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"iss\":\"a\",\"iss\":\"https://issuer.example\"}")]
    [InlineData("")]
    public void A_payload_that_is_no_claims_set_is_malformed(string payload)
    {
        var token = Jws.SignCompact(Key, "JWT", System.Text.Encoding.UTF8.GetBytes(payload));

        Assert.Equal(
            new JwtVerification.Refused(JwtDefect.Malformed), Jwt.Verify(token, new VerificationKey(Key.PublicKey), Expected, NowTime));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(301)]
    public void The_clock_skew_is_bounded(int seconds)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Expected with { ClockSkew = TimeSpan.FromSeconds(seconds) });
    }

    [Fact]
    public void A_token_inside_a_token_does_not_disturb_the_one_being_written()
    {
        var outer = Jwt.Issue(Key, "JWT", 0, static (writer, _) =>
        {
            writer.WriteString("before", "1");
            writer.WriteString("inner", Jwt.Issue(Key, "JWT", 0, static (nested, _) => nested.WriteString("x", "y")));
            writer.WriteString("after", "2");
        });

        var claims = Jws.TryParse(outer)!.TryReadUnverifiedClaims()!.Value;

        Assert.Equal(["before", "inner", "after"], claims.EnumerateObject().Select(claim => claim.Name));
    }

    private static JwtVerification Verify(JsonObject claims, JwtExpectations? expected = null) =>
        Jwt.Verify(Issue(claims, Key), new Jwks([Key.PublicKey]), expected ?? Expected, NowTime);

    private static string Issue(JsonObject claims, SigningKey key) => Jwt.Issue(key, "JWT", claims, static (writer, members) =>
    {
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value?.ToJsonString() ?? "null", skipInputValidation: true);
        }
    });

    private static JsonObject Claims(string? altered = null, string? value = null)
    {
        var claims = new JsonObject
        {
            ["iss"] = "https://issuer.example",
            ["sub"] = "alice",
            ["aud"] = new JsonArray("https://rs.example"),
            ["exp"] = Now + 300,
            ["nbf"] = Now,
            ["iat"] = Now - 5,
            ["jti"] = "j1",
            ["scope"] = "read",
        };
        if (altered is not null)
        {
            claims.Remove(altered);
            if (value is not null)
            {
                claims[altered] = JsonNode.Parse(value);
            }
        }

        return claims;
    }
}
