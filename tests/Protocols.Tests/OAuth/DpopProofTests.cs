using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Protocols.Tests.Jose;
using Signet.Jose;
using Signet.OAuth;
using Signet.OAuth.Dpop;
using Xunit;

namespace Protocols.Tests.OAuth;

/// <summary>Starts from a proof for a request, and alters one thing.</summary>
public sealed class DpopProofTests
{
    private static readonly SigningKey Key = Keys.Of(JwsAlgorithm.ES256);

    // RFC 9449 §4.1, figure 1, and §7.1, figure 13, with its access token.
    private const string TokenProof =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    private const string ResourceProof =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";

    private const string ResourceToken = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";

    private readonly JsonObject header = new()
    {
        ["typ"] = "dpop+jwt",
        ["alg"] = "ES256",
        ["jwk"] = JsonNode.Parse(Key.PublicKey.ToUtf8Json()),
    };

    private readonly JsonObject claims = new()
    {
        ["jti"] = "j1",
        ["htm"] = "POST",
        ["htu"] = "https://api.example/things",
        ["iat"] = Tokens.Now.ToUnixTimeSeconds(),
        ["nonce"] = "n1",
        ["ath"] = DpopProof.HashOf("token"),
    };

    private DpopExpectations expected = new()
    {
        Method = "POST",
        Uri = "https://api.example/things?page=2",
        AccessToken = "token",
        AcceptsNonce = nonce => nonce == "n1",
    };

    [Fact]
    public void Accepts_a_proof_for_the_request()
    {
        var valid = Assert.IsType<DpopVerification.Valid>(Verify());

        Assert.Equal(new DpopVerification.Valid(Key.PublicKey.Thumbprint, "j1", Tokens.Now), valid);
    }

    [Fact]
    public void The_proof_of_RFC_9449_section_4_1_verifies()
    {
        var request = new DpopExpectations { Method = "POST", Uri = "https://server.example.com/token" };

        // The thumbprint is the jkt of RFC 9449 §6.1.
        Assert.Equal(
            new DpopVerification.Valid("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", "-BwC3ESc6acc2lTc", DateTimeOffset.FromUnixTimeSeconds(1562262616)),
            DpopProof.Verify(TokenProof, request, DateTimeOffset.FromUnixTimeSeconds(1562262616)));
    }

    [Fact]
    public void The_proof_of_RFC_9449_section_7_1_verifies_for_its_token()
    {
        var request = new DpopExpectations { Method = "GET", Uri = "https://resource.example.org/protectedresource", AccessToken = ResourceToken };
        var now = DateTimeOffset.FromUnixTimeSeconds(1562262618);

        Assert.Equal(
            new DpopVerification.Valid("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", "e1j3V_bKic8-LAEB", now),
            DpopProof.Verify(ResourceProof, request, now));
        Assert.Equal(
            new DpopVerification.Refused(DpopDefect.WrongTokenHash), DpopProof.Verify(ResourceProof, request with { AccessToken = "another" }, now));
    }

    [Theory]
    [InlineData("jti", null, DpopDefect.MissingId)]
    [InlineData("jti", "\"\"", DpopDefect.MissingId)]
    [InlineData("jti", "7", DpopDefect.Malformed)]
    [InlineData("htm", null, DpopDefect.WrongMethod)]
    [InlineData("htm", "\"GET\"", DpopDefect.WrongMethod)]
    [InlineData("htm", "\"post\"", DpopDefect.WrongMethod)]
    [InlineData("htm", "[\"POST\"]", DpopDefect.WrongMethod)]
    [InlineData("htu", null, DpopDefect.WrongUri)]
    [InlineData("htu", "\"https://api.example/other\"", DpopDefect.WrongUri)]
    [InlineData("htu", "\"https://api.example/Things\"", DpopDefect.WrongUri)]
    [InlineData("htu", "\"https://api.example/things/\"", DpopDefect.WrongUri)]
    [InlineData("htu", "\"http://api.example/things\"", DpopDefect.WrongUri)]
    [InlineData("htu", "\"https://api.example:8443/things\"", DpopDefect.WrongUri)]
    [InlineData("htu", "\"https://api.example.mallory.example/things\"", DpopDefect.WrongUri)]
    [InlineData("htu", "\"https://api.example@mallory.example/things\"", DpopDefect.WrongUri)]
    [InlineData("htu", "\"https://x@api.example/things\"", DpopDefect.WrongUri)]
    [InlineData("htu", "\"https:\\\\\\\\api.example/things\"", DpopDefect.WrongUri)]
    [InlineData("htu", "\"//api.example/things\"", DpopDefect.WrongUri)]
    [InlineData("htu", "\"/things\"", DpopDefect.WrongUri)]
    [InlineData("htu", "\"\"", DpopDefect.WrongUri)]
    [InlineData("iat", null, DpopDefect.MissingTime)]
    [InlineData("iat", "1799999909", DpopDefect.TooOld)]
    [InlineData("iat", "1800000031", DpopDefect.IssuedInTheFuture)]
    [InlineData("iat", "\"1800000000\"", DpopDefect.Malformed)]
    [InlineData("exp", "1799999970", DpopDefect.TooOld)]
    [InlineData("nbf", "1800000031", DpopDefect.IssuedInTheFuture)]
    [InlineData("nonce", null, DpopDefect.NonceRequired)]
    [InlineData("nonce", "\"n2\"", DpopDefect.NonceRequired)]
    [InlineData("ath", null, DpopDefect.WrongTokenHash)]
    [InlineData("ath", "\"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo\"", DpopDefect.WrongTokenHash)]
    public void One_altered_claim_is_refused(string name, string? value, DpopDefect defect)
    {
        claims.Alter(name, value);

        Assert.Equal(new DpopVerification.Refused(defect), Verify());
    }

    [Theory]
    [InlineData("htu", "\"HTTPS://API.example/things\"")]
    [InlineData("htu", "\"https://api.example:443/things\"")]
    [InlineData("htu", "\"https://api.example/things?page=1#top\"")]
    [InlineData("htu", "\"https://api.example/x/../things\"")]
    [InlineData("iat", "1799999910")]
    [InlineData("iat", "1800000030")]
    public void A_claim_at_the_edge_is_accepted(string name, string? value)
    {
        claims.Alter(name, value);

        Assert.IsType<DpopVerification.Valid>(Verify());
    }

    [Theory]
    [InlineData("typ", null, DpopDefect.UnexpectedType)]
    [InlineData("typ", "\"JWT\"", DpopDefect.UnexpectedType)]
    [InlineData("alg", "\"none\"", DpopDefect.UnacceptableAlgorithm)]
    [InlineData("alg", "\"HS256\"", DpopDefect.UnacceptableAlgorithm)]
    [InlineData("alg", "\"ES384\"", DpopDefect.UnacceptableAlgorithm)]
    [InlineData("alg", null, DpopDefect.Malformed)]
    [InlineData("jwk", null, DpopDefect.UnacceptableKey)]
    [InlineData("jwk", "\"key\"", DpopDefect.UnacceptableKey)]
    [InlineData("jwk", """{"kty":"oct","k":"AAAA"}""", DpopDefect.UnacceptableKey)]
    [InlineData("crit", "[\"jwk\"]", DpopDefect.Malformed)]
    public void One_altered_header_member_is_refused(string name, string? value, DpopDefect defect)
    {
        header.Alter(name, value);

        Assert.Equal(new DpopVerification.Refused(defect), Verify());
    }

    [Fact]
    public void A_key_with_its_private_half_is_refused()
    {
        header["jwk"] = JsonNode.Parse(Key.ExportPrivate());

        Assert.Equal(new DpopVerification.Refused(DpopDefect.UnacceptableKey), Verify());
    }

    [Fact]
    public void A_key_that_did_not_sign_is_refused()
    {
        using var stranger = SigningKey.Generate(JwsAlgorithm.ES256);
        header["jwk"] = JsonNode.Parse(stranger.PublicKey.ToUtf8Json());

        Assert.Equal(new DpopVerification.Refused(DpopDefect.BadSignature), Verify());
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES384")]
    [InlineData("Ed25519")]
    public void Any_asymmetric_key_will_do(string algorithm)
    {
        header["alg"] = algorithm;
        header["jwk"] = JsonNode.Parse(Keys.Of(algorithm).PublicKey.ToUtf8Json());

        Assert.IsType<DpopVerification.Valid>(Verify(Keys.Of(algorithm)));
    }

    [Fact]
    public void A_nonce_and_a_token_hash_nobody_asked_for_do_no_harm()
    {
        expected = expected with { AcceptsNonce = null, AccessToken = null };

        Assert.IsType<DpopVerification.Valid>(Verify());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b.c")]
    public void Two_proofs_in_one_header_or_none_are_malformed(string other) =>
        Assert.Equal(
            new DpopVerification.Refused(DpopDefect.Malformed),
            DpopProof.Verify(other.Length == 0 ? "" : $"{Tokens.Sign(Key, header, claims)}, {other}", expected, Tokens.Now));

    [Fact]
    public void Only_a_missing_nonce_is_answered_with_one()
    {
        Assert.All(Enum.GetValues<DpopDefect>(), defect => Assert.Equal(
            defect is DpopDefect.NonceRequired ? "use_dpop_nonce" : "invalid_dpop_proof", new DpopVerification.Refused(defect).Error.Code));
    }

    [Theory]
    [InlineData("DPoP abc.DEF", "abc.DEF")]
    [InlineData("dpop abc", "abc")]
    [InlineData("DPoP ", null)]
    [InlineData("DPoP a b", null)]
    [InlineData("Bearer abc", null)]
    [InlineData(null, null)]
    public void A_bound_token_is_read_under_its_own_scheme(string? authorization, string? token)
    {
        Assert.Equal(token is not null, DpopToken.TryRead(authorization, out var read));
        Assert.Equal(token, read);
    }

    [Fact]
    public void A_challenge_names_the_algorithms_of_proofs()
    {
        Assert.StartsWith("DPoP algs=\"RS256 ", DpopToken.Challenge(), StringComparison.Ordinal);
        Assert.StartsWith(
            "DPoP error=\"use_dpop_nonce\", error_description=\"", DpopToken.Challenge(OAuthError.UseDpopNonce), StringComparison.Ordinal);
        Assert.EndsWith(
            ", resource_metadata=\"https://api.example/m\"", DpopToken.Challenge(resourceMetadata: "https://api.example/m"), StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_makes_it_throw() =>
        Prop.ForAll<string, byte[]>((text, bytes) =>
        {
            claims["htu"] = text;
            var encoded = StrictBase64Url.Encode(bytes);
            var jwk = StrictBase64Url.Encode(Encoding.UTF8.GetBytes($$"""{"alg":"ES256","typ":"dpop+jwt","jwk":{{Encoding.Latin1.GetString(bytes)}}}"""));
            return Verify() is DpopVerification.Refused
                && DpopProof.Verify(text ?? "", expected, Tokens.Now) is DpopVerification.Refused
                && DpopProof.Verify($"{encoded}.{encoded}.{encoded}", expected, Tokens.Now) is DpopVerification.Refused
                && DpopProof.Verify($"{jwk}.{encoded}.AAAA", expected, Tokens.Now) is DpopVerification.Refused;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private DpopVerification Verify(SigningKey? key = null) => DpopProof.Verify(Tokens.Sign(key ?? Key, header, claims), expected, Tokens.Now);
}
