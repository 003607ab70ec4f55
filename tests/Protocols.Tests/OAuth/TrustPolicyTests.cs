using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Protocols.Tests.Jose;
using Signet.Jose;
using Signet.OAuth.Workload;
using Xunit;

namespace Protocols.Tests.OAuth;

/// <summary>Starts from a token a policy trusts, and alters one thing of either.</summary>
public sealed class TrustPolicyTests
{
    private const string Issuer = "https://token.actions.example";
    private const string Audience = "https://id.example";
    private static readonly SigningKey Key = Keys.Of(JwsAlgorithm.ES256);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly ClaimRule[] Rules =
    [
        new("sub", "repo:acme/app:*", IsPattern: true),
        new("repository_id", "42"),
        new("ref", "refs/heads/release-*", IsPattern: true),
        new("ref_protected", "true"),
    ];

    private readonly JsonObject header = new() { ["alg"] = "ES256", ["kid"] = Key.Kid, ["typ"] = "JWT" };

    private readonly JsonObject claims = new()
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["sub"] = "repo:acme/app:environment:production",
        ["exp"] = Tokens.Now.ToUnixTimeSeconds() + 300,
        ["iat"] = Tokens.Now.ToUnixTimeSeconds(),
        ["jti"] = "j1",
        ["repository_id"] = "42",
        ["ref"] = "refs/heads/release-1.2",
        ["ref_protected"] = "true",
    };

    [Fact]
    public void Accepts_a_token_of_the_workload()
    {
        var trusted = Assert.IsType<WorkloadVerification.Trusted>(Verify());

        Assert.Equal(("repo:acme/app:environment:production", "j1"), (trusted.Subject, trusted.Id));
        Assert.Equal(Tokens.Now.AddMinutes(5), trusted.ExpiresAt);
        Assert.Equal("refs/heads/release-1.2", trusted.Claims.FindText("ref"));
    }

    [Theory]
    [InlineData("iss", "\"https://token.actions.example/\"", JwtDefect.WrongIssuer)]
    [InlineData("iss", null, JwtDefect.WrongIssuer)]
    [InlineData("aud", "\"https://other.example\"", JwtDefect.WrongAudience)]
    [InlineData("aud", "[\"https://id.example\",\"https://other.example\"]", JwtDefect.WrongAudience)]
    [InlineData("aud", null, JwtDefect.WrongAudience)]
    [InlineData("exp", null, JwtDefect.MissingTime)]
    [InlineData("exp", "1799999970", JwtDefect.Expired)]
    [InlineData("exp", "1800003631", JwtDefect.LivesTooLong)]
    [InlineData("nbf", "1800000031", JwtDefect.NotYetValid)]
    [InlineData("iat", "1800000031", JwtDefect.IssuedInTheFuture)]
    [InlineData("jti", "7", JwtDefect.Malformed)]
    public void One_altered_registered_claim_is_refused(string name, string? value, JwtDefect defect)
    {
        claims.Alter(name, value);

        Assert.Equal(new WorkloadVerification.ClaimsRefused(defect), Verify());
    }

    [Theory]
    [InlineData("sub", null)]
    [InlineData("sub", "\"\"")]
    [InlineData("sub", "\"repo:acme/app\"")]
    [InlineData("sub", "\"repo:acme/app-evil:environment:production\"")]
    [InlineData("sub", "\"repo:Acme/app:environment:production\"")]
    [InlineData("sub", "\"x repo:acme/app:environment:production\"")]
    [InlineData("repository_id", null)]
    [InlineData("repository_id", "\"43\"")]
    [InlineData("repository_id", "\"042\"")]
    [InlineData("repository_id", "42.0")]
    [InlineData("repository_id", "[\"42\"]")]
    [InlineData("repository_id", "null")]
    [InlineData("ref", "\"refs/heads/main\"")]
    [InlineData("ref", "{\"x\":\"refs/heads/release-1\"}")]
    [InlineData("ref_protected", "false")]
    [InlineData("ref_protected", "\"TRUE\"")]
    public void One_broken_rule_is_refused_and_named(string name, string? value)
    {
        claims.Alter(name, value);

        Assert.Equal(new WorkloadVerification.RuleBroken(name), Verify());
    }

    [Theory]
    [InlineData("sub", "\"repo:acme/app:\"")]
    [InlineData("sub", "\"repo:acme/app:ref:refs/heads/main\"")]
    [InlineData("repository_id", "42")]
    [InlineData("ref_protected", "true")]
    [InlineData("jti", null)]
    [InlineData("aud", "[\"https://id.example\"]")]
    public void Another_spelling_of_the_same_is_trusted(string name, string? value)
    {
        claims.Alter(name, value);

        Assert.IsType<WorkloadVerification.Trusted>(Verify());
    }

    [Fact]
    public void A_star_in_an_exact_rule_is_a_star()
    {
        var exact = Policy(new ClaimRule("sub", "repo:acme/app:*"));
        Assert.Equal(new WorkloadVerification.RuleBroken("sub"), Verify(exact));

        claims["sub"] = "repo:acme/app:*";
        Assert.IsType<WorkloadVerification.Trusted>(Verify(exact));
    }

    [Fact]
    public void A_token_nobody_vouches_for_is_refused()
    {
        using var stranger = SigningKey.Generate(JwsAlgorithm.ES256);
        Assert.Equal(new WorkloadVerification.NotVerified(new JwsVerification.BadSignature()), Verify(key: stranger));

        header["typ"] = "at+jwt";
        Assert.Equal(new WorkloadVerification.NotVerified(new JwsVerification.UnexpectedType()), Verify());

        header.Remove("typ");
        Assert.IsType<WorkloadVerification.Trusted>(Verify());

        header["alg"] = "none";
        Assert.Equal(new WorkloadVerification.NotVerified(new JwsVerification.UnacceptableAlgorithm()), Verify());
    }

    [Fact]
    public void A_rule_on_a_lasting_id_is_identity_enough() => Assert.IsType<WorkloadVerification.Trusted>(Verify(Policy(new ClaimRule("repository_id", "42"))));

    public static TheoryData<string, string, ClaimRule[], TrustPolicyDefect> Defects
    {
        get
        {
            var sub = new ClaimRule("sub", "x");
            return new()
            {
                { "http://token.actions.example", Audience, [sub], TrustPolicyDefect.Issuer },
                { "https://*.example", Audience, [sub], TrustPolicyDefect.Issuer },
                { "https://u@token.example", Audience, [sub], TrustPolicyDefect.Issuer },
                { "https://token.example?x", Audience, [sub], TrustPolicyDefect.Issuer },
                { "token.example", Audience, [sub], TrustPolicyDefect.Issuer },
                { "", Audience, [sub], TrustPolicyDefect.Issuer },
                { Issuer, "", [sub], TrustPolicyDefect.Audience },
                { Issuer, "*", [sub], TrustPolicyDefect.Audience },
                { Issuer, Audience, [], TrustPolicyDefect.NoIdentity },
                { Issuer, Audience, [new("repository", "acme/app")], TrustPolicyDefect.NoIdentity },
                { Issuer, Audience, [sub, sub with { Value = "y" }], TrustPolicyDefect.RepeatedClaim },
                { Issuer, Audience, [sub, new("iss", "x")], TrustPolicyDefect.Claim },
                { Issuer, Audience, [sub, new("aud", "x*", true)], TrustPolicyDefect.Claim },
                { Issuer, Audience, [sub, new("", "x")], TrustPolicyDefect.Claim },
                { Issuer, Audience, [sub, new("ref", "")], TrustPolicyDefect.Value },
                { Issuer, Audience, [sub, new("ref", "*", true)], TrustPolicyDefect.Pattern },
                { Issuer, Audience, [sub, new("ref", "*main", true)], TrustPolicyDefect.Pattern },
                { Issuer, Audience, [sub, new("ref", "main", true)], TrustPolicyDefect.Pattern },
                { Issuer, Audience, [sub, new("ref", "a*b*c*d*e*", true)], TrustPolicyDefect.Pattern },
                { Issuer, Audience, [new("sub", "repo:acme*", true)], TrustPolicyDefect.Pattern },
                { Issuer, Audience, [new("sub", "*", true)], TrustPolicyDefect.Pattern },
                { Issuer, Audience, [sub, new("repository_id", "4*", true)], TrustPolicyDefect.Pattern },
                { Issuer, Audience, [.. Enumerable.Range(0, 17).Select(number => new ClaimRule($"c{number}", "x"))], TrustPolicyDefect.TooManyRules },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Defects), DisableDiscoveryEnumeration = true)]
    public void A_policy_that_trusts_too_much_cannot_be_made(string issuer, string audience, ClaimRule[] rules, TrustPolicyDefect expected)
    {
        Assert.Null(TrustPolicy.TryCreate(issuer, audience, rules, out var defect));

        Assert.Equal(expected, defect);
    }

    [Fact]
    public void A_pattern_matches_as_a_regular_expression_would() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(
            Gen.Elements("ab*".ToCharArray()).ArrayOf().ToArbitrary(),
            Gen.Elements("ab*".ToCharArray()).NonEmptyListOf().Select(letters => string.Concat(letters)).ToArbitrary(),
            (letters, text) =>
            {
                var pattern = new string(letters);
                var regex = $@"\A{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}\z";
                var holds = new ClaimRule("c", pattern, IsPattern: true).Holds(StrictJson.TryParseElement(
                    System.Text.Encoding.UTF8.GetBytes($$"""{"c":"{{text}}"}"""))!.Value);
                return holds == Regex.IsMatch(text, regex, RegexOptions.NonBacktracking);
            }));

    [Fact]
    public void Any_text_gets_an_answer() =>
        Prop.ForAll<string, byte[]>((text, bytes) =>
        {
            var value = text ?? "";
            var encoded = StrictBase64Url.Encode(bytes);
            _ = TrustPolicy.TryCreate(value, value, [new(value, value, true)], out _);
            _ = new ClaimRule("sub", value, true).Holds(StrictJson.TryParseElement("""{"sub":"a*b"}"""u8)!.Value);
            return Policy(Rules).Verify(value, new Jwks([Key.PublicKey]), Tokens.Now, Hour) is WorkloadVerification.NotVerified
                && Policy(Rules).Verify($"{encoded}.{encoded}.{encoded}", new Jwks([Key.PublicKey]), Tokens.Now, Hour) is WorkloadVerification.NotVerified;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static TrustPolicy Policy(params ClaimRule[] rules)
    {
        var policy = TrustPolicy.TryCreate(Issuer, Audience, rules, out var defect);
        Assert.Null(defect);
        return policy!;
    }

    private WorkloadVerification Verify(TrustPolicy? policy = null, SigningKey? key = null) =>
        (policy ?? Policy(Rules)).Verify(Tokens.Sign(key ?? Key, header, claims), new Jwks([Key.PublicKey]), Tokens.Now, Hour);
}
