using System.Globalization;
using System.Text;
using System.Text.Json;
using Signet.Jose;
using Xunit;

namespace Protocols.Tests.Jose;

public sealed class WycheproofTests
{
    private static readonly JwsExpectations AnyType = new() { Types = null };

    /// <summary>Valid upstream, refused here on purpose; each with the reason.</summary>
    private static readonly Dictionary<int, string> StricterThanUpstream = new()
    {
        [346] = "The key says PS256 and the header PS384: the key pins its algorithm.",
        [347] = "The key's alg is ES521, which no registry knows.",
        [350] = "As 346, with key_ops.",
        [351] = "As 347, with key_ops.",
    };

    [Fact]
    public void Every_signature_case_in_scope_ends_as_expected()
    {
        Run("json_web_signature_test.json", StricterThanUpstream, expectedInScope: 361);
    }

    [Fact]
    public void Every_key_case_in_scope_ends_as_expected()
    {
        Run("json_web_key_test.json", [], expectedInScope: 11);
    }

    [Theory]
    [InlineData("ed25519_test.json", 151)]
    [InlineData("ed448_test.json", 87)]
    public void Every_Edwards_curve_case_ends_as_expected(string file, int expectedCases)
    {
        List<string> wrong = [];
        var cases = 0;
        foreach (var (group, test) in Vectors.Wycheproof(file))
        {
            cases++;
            var key = Jwk.TryParse(Encoding.UTF8.GetBytes(group.GetProperty("publicKeyJwk").GetRawText()));
            var message = Convert.FromHexString(test.GetProperty("msg").GetString()!);
            var signature = Convert.FromHexString(test.GetProperty("sig").GetString()!);

            var accepted = key is not null && new VerificationKey(key).Verify(message, signature);

            Compare(test, accepted, wrong);
        }

        Assert.Empty(wrong);
        Assert.Equal(expectedCases, cases);
    }

    private static void Run(string file, Dictionary<int, string> stricter, int expectedInScope)
    {
        List<string> wrong = [];
        var inScope = 0;
        foreach (var (group, test) in Vectors.Wycheproof(file))
        {
            // Out of scope: groups of symmetric keys only. HS256, HS384 and HS512 have no value in JwsAlgorithm; SymmetricCases… covers them.
            if (!group.TryGetProperty("public", out var key))
            {
                continue;
            }

            inScope++;
            var accepted = Accepts(test.GetProperty("jws").GetString()!, key);
            if (stricter.ContainsKey(test.GetProperty("tcId").GetInt32()))
            {
                if (accepted)
                {
                    wrong.Add($"{test.GetProperty("tcId")}: accepted although documented as refused");
                }
            }
            else
            {
                Compare(test, accepted, wrong);
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(expectedInScope, inScope);
    }

    [Theory]
    [InlineData("json_web_signature_test.json")]
    [InlineData("json_web_key_test.json")]
    public void Symmetric_cases_are_refused_whatever_upstream_says(string file)
    {
        foreach (var (group, test) in Vectors.Wycheproof(file).Where(pair => !pair.Group.TryGetProperty("public", out _)))
        {
            Assert.False(Accepts(test.GetProperty("jws").GetString()!, group.GetProperty("private")));
        }
    }

    private static bool Accepts(string token, JsonElement keyOrSet)
    {
        var keys = keyOrSet.TryGetProperty("keys", out _)
            ? Jwks.TryParse(keyOrSet)
            : new Jwks(Jwk.TryParse(keyOrSet, out _) is { } key ? [key] : []);
        return keys is not null && Jws.Verify(token, keys, AnyType) is JwsVerification.Valid;
    }

    private static void Compare(JsonElement test, bool accepted, List<string> wrong)
    {
        if (accepted != (test.GetProperty("result").GetString() == "valid"))
        {
            wrong.Add(string.Create(CultureInfo.InvariantCulture,
                $"{test.GetProperty("tcId")} {test.GetProperty("comment")}: accepted={accepted}"));
        }
    }
}
