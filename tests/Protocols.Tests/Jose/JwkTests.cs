using System.Text;
using System.Text.Json.Nodes;
using Signet.Jose;
using Xunit;

namespace Protocols.Tests.Jose;

public sealed class JwkTests
{
    private const string P256 = """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","use":"sig","alg":"ES256","kid":"k1"}""";
    private const string Ed25519 = """{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

    public static TheoryData<string> Algorithms => [.. JwsAlgorithm.All.Select(algorithm => algorithm.Name)];

    [Fact]
    public void A_good_key_is_read_with_what_it_says()
    {
        var key = Jwk.TryParse(Encoding.UTF8.GetBytes(P256), out var defect);

        Assert.Null(defect);
        Assert.Equal(("k1", JwsAlgorithm.ES256, KeyType.Ec, "P-256"), (key!.Kid, key.Algorithm, key.KeyType, key.Curve));
    }

    [Theory]
    [InlineData("kty", "\"ec\"", JwkDefect.UnsupportedKeyType)]
    [InlineData("kty", "\"oct\"", JwkDefect.UnsupportedKeyType)]
    [InlineData("kty", "7", JwkDefect.MissingOrWrongMember)]
    [InlineData("kty", null, JwkDefect.MissingOrWrongMember)]
    [InlineData("crv", "\"P-192\"", JwkDefect.UnsupportedCurve)]
    [InlineData("crv", "\"P-384\"", JwkDefect.WrongLength)]
    [InlineData("crv", null, JwkDefect.MissingOrWrongMember)]
    [InlineData("x", "7", JwkDefect.MissingOrWrongMember)]
    [InlineData("x", null, JwkDefect.MissingOrWrongMember)]
    [InlineData("x", "\"\"", JwkDefect.BadEncoding)]
    [InlineData("x", "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU=\"", JwkDefect.BadEncoding)]
    [InlineData("x", "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEV\"", JwkDefect.BadEncoding)]
    [InlineData("x", "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE\"", JwkDefect.BadEncoding)]
    [InlineData("x", "\"AH_NzidI9sRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRF\"", JwkDefect.WrongLength)]
    [InlineData("x", "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEQ\"", JwkDefect.NotOnCurve)]
    [InlineData("y", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"", JwkDefect.NotOnCurve)]
    [InlineData("y", "\"__________________________________________8\"", JwkDefect.NotOnCurve)]
    [InlineData("use", "\"enc\"", JwkDefect.NotForSignatures)]
    [InlineData("use", "\"SIG\"", JwkDefect.NotForSignatures)]
    [InlineData("use", "7", JwkDefect.NotForSignatures)]
    [InlineData("key_ops", "[\"sign\"]", JwkDefect.NotForSignatures)]
    [InlineData("key_ops", "\"verify\"", JwkDefect.NotForSignatures)]
    [InlineData("alg", "\"es256\"", JwkDefect.UnsupportedAlgorithm)]
    [InlineData("alg", "\"none\"", JwkDefect.UnsupportedAlgorithm)]
    [InlineData("alg", "\"EdDSA\"", JwkDefect.UnsupportedAlgorithm)]
    [InlineData("alg", "\"ES384\"", JwkDefect.AlgorithmDoesNotFit)]
    [InlineData("alg", "\"RS256\"", JwkDefect.AlgorithmDoesNotFit)]
    [InlineData("alg", "7", JwkDefect.MissingOrWrongMember)]
    [InlineData("kid", "7", JwkDefect.MissingOrWrongMember)]
    [InlineData("d", "\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"", JwkDefect.PrivateKeyExposed)]
    [InlineData("k", "\"AQ\"", JwkDefect.PrivateKeyExposed)]
    public void A_key_with_one_altered_member_is_refused(string member, string? value, JwkDefect expected)
    {
        var key = JsonNode.Parse(P256)!.AsObject();
        key.Remove(member);
        if (value is not null)
        {
            key[member] = JsonNode.Parse(value);
        }

        Assert.Null(Jwk.TryParse(Encoding.UTF8.GetBytes(key.ToJsonString()), out var defect));
        Assert.Equal(expected, defect);
    }

    [Theory]
    [InlineData("e", "AQ", JwkDefect.WeakExponent)]
    [InlineData("e", "Aw", JwkDefect.WeakExponent)]
    [InlineData("e", "AQAA", JwkDefect.WeakExponent)]
    [InlineData("e", "AAEAAQ", JwkDefect.BadEncoding)]
    [InlineData("e", "AQAAAAE", JwkDefect.WeakExponent)]
    [InlineData("n", "AQAB", JwkDefect.WeakModulus)]
    public void An_RSA_key_with_one_weak_number_is_refused(string member, string value, JwkDefect expected)
    {
        var key = JsonNode.Parse(Keys.Of(JwsAlgorithm.RS256).PublicKey.ToUtf8Json())!.AsObject();
        key[member] = value;

        Assert.Null(Jwk.TryParse(Encoding.UTF8.GetBytes(key.ToJsonString()), out var defect));
        Assert.Equal(expected, defect);
    }

    [Theory]
    [InlineData(2047, JwkDefect.WeakModulus)]
    [InlineData(2048, null)]
    [InlineData(8192, null)]
    [InlineData(8193, JwkDefect.BadEncoding)]
    public void The_modulus_is_bounded_to_the_bit(int bits, JwkDefect? expected)
    {
        var modulus = new byte[(bits + 7) / 8];
        modulus[0] = (byte)(1 << ((bits - 1) % 8));
        modulus[1] = 0x5A;
        modulus[^1] = 1;

        Jwk.TryParse(Encoding.UTF8.GetBytes($$"""{"kty":"RSA","e":"AQAB","n":"{{StrictBase64Url.Encode(modulus)}}"}"""), out var defect);

        Assert.Equal(expected, defect);
    }

    // The point with x = 5, and the same x plus p, which names the same point a second time (SP 800-186 App. D.1.1 step 2).
    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAU", null)]
    [InlineData("_____wAAAAEAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAQ", JwkDefect.NotOnCurve)]
    public void A_coordinate_is_smaller_than_the_prime(string x, JwkDefect? expected)
    {
        const string Y = "RZJDuapYGAb-kTvOmYF63hHKUDxk2aPFM0FcCDJI-8w";

        Jwk.TryParse(Encoding.UTF8.GetBytes($$"""{"kty":"EC","crv":"P-256","x":"{{x}}","y":"{{Y}}"}"""), out var defect);

        Assert.Equal(expected, defect);
    }

    // The neutral element and a point of order eight: any message has a signature that verifies with such a key.
    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void An_Edwards_point_of_small_order_is_refused(string point)
    {
        var key = JsonNode.Parse(Ed25519)!.AsObject();
        key["x"] = StrictBase64Url.Encode(Convert.FromHexString(point));

        Assert.Null(Jwk.TryParse(Encoding.UTF8.GetBytes(key.ToJsonString()), out var defect));
        Assert.Equal(JwkDefect.NotOnCurve, defect);
    }

    [Fact]
    public void A_duplicate_member_is_refused()
    {
        Assert.Null(Jwk.TryParse(Encoding.UTF8.GetBytes(P256.Replace("{", "{\"kid\":\"k1\",", StringComparison.Ordinal)), out var defect));
        Assert.Equal(JwkDefect.NotStrictJson, defect);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void The_private_form_is_a_strict_superset_of_the_public_one(string algorithm)
    {
        var key = Keys.Of(algorithm);
        var publicForm = JsonNode.Parse(key.PublicKey.ToIndentedUtf8Json())!.AsObject();
        var privateForm = JsonNode.Parse(key.ExportPrivate())!.AsObject();

        Assert.All(publicForm, member => Assert.Equal(member.Value!.ToJsonString(), privateForm[member.Key]!.ToJsonString()));
        Assert.True(privateForm.Count > publicForm.Count);
        Assert.DoesNotContain("d", publicForm.Select(member => member.Key));
        Assert.Equal(("sig", algorithm, key.PublicKey.Thumbprint), ((string?)publicForm["use"], (string?)publicForm["alg"], (string?)publicForm["kid"]));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void The_public_form_reads_back_as_itself(string algorithm)
    {
        var written = Keys.Of(algorithm).PublicKey.ToUtf8Json();

        Assert.Equal(written, Jwk.TryParse(written)!.ToUtf8Json());
    }

    [Fact]
    public void The_indented_form_is_for_files()
    {
        var text = Encoding.UTF8.GetString(Keys.Of(JwsAlgorithm.ES256).PublicKey.ToIndentedUtf8Json());

        Assert.StartsWith("{\n  \"crv\": \"P-256\",\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n}\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    [InlineData("Ed25519")]
    [InlineData("Ed448")]
    public void A_private_key_whose_halves_differ_is_refused(string algorithm)
    {
        var other = SigningKey.Generate(JwsAlgorithm.TryParse(algorithm)!);
        var mixed = JsonNode.Parse(Keys.Of(algorithm).ExportPrivate())!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(other.PublicKey.ToUtf8Json())!.AsObject())
        {
            mixed[name] = value!.DeepClone();
        }

        Assert.Null(SigningKey.TryImport(Encoding.UTF8.GetBytes(mixed.ToJsonString()), out var defect));
        Assert.Equal(JwkDefect.PrivateKeyInconsistent, defect);
    }

    [Fact]
    public void A_public_key_is_no_signing_key()
    {
        Assert.Null(SigningKey.TryImport(Keys.Of(JwsAlgorithm.ES256).PublicKey.ToUtf8Json(), out var defect));
        Assert.Equal(JwkDefect.MissingOrWrongMember, defect);
    }

    [Fact]
    public void A_set_leaves_out_what_it_can_not_use_and_says_so()
    {
        var set = Jwks.TryParse(Encoding.UTF8.GetBytes($$"""{"keys":[{{P256}},{"kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"},{{Ed25519}}]}"""));

        Assert.Equal([JwsAlgorithm.ES256, JwsAlgorithm.Ed25519], set!.Keys.Select(key => key.Algorithm));
        Assert.Equal([JwkDefect.NotForSignatures], set.LeftOut);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[],\"keys\":[]}")]
    public void What_is_no_set_is_refused(string json)
    {
        Assert.Null(Jwks.TryParse(Encoding.UTF8.GetBytes(json)));
    }
}
