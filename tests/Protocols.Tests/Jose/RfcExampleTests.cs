using System.Text;
using Signet.Jose;
using Xunit;

namespace Protocols.Tests.Jose;

public sealed class RfcExampleTests
{
    private static readonly JwsExpectations AnyType = new() { Types = null };

    public static TheoryData<string> Sources => [.. Vectors.RfcExamples().Select(example => example.GetProperty("source").GetString()!)];

    [Theory]
    [MemberData(nameof(Sources))]
    public void The_examples_token_verifies_with_the_examples_key(string source)
    {
        var (key, algorithm, token, _) = Example(source);

        var result = Jws.Verify(token, new VerificationKey(PublicHalf(key), algorithm), AnyType);

        var valid = Assert.IsType<JwsVerification.Valid>(result);
        Assert.Equal(token.Split('.')[1], StrictBase64Url.Encode(valid.Payload.Span));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void The_examples_private_key_signs_its_input_again(string source)
    {
        var (json, algorithm, token, deterministic) = Example(source);
        using var key = SigningKey.TryImport(WithAlgorithm(json, algorithm));
        var input = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);

        var signature = key!.Sign(input);

        Assert.True(new VerificationKey(key.PublicKey).Verify(input, signature));
        Assert.Equal(deterministic, StrictBase64Url.Encode(signature) == token[(token.LastIndexOf('.') + 1)..]);
    }

    [Fact]
    public void The_thumbprint_of_RFC_7638_section_3_1_comes_out()
    {
        var key = Jwk.TryParse("""
            {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}
            """u8);

        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", key!.Thumbprint);
    }

    [Fact]
    public void The_thumbprint_of_RFC_8037_A_3_comes_out()
    {
        var key = Jwk.TryParse("""{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"""u8);

        Assert.Equal("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", key!.Thumbprint);
    }

    // RFC 7515 A.1 (a MAC) and A.5 (no signature at all).
    [Theory]
    [InlineData("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.")]
    public void The_examples_without_a_signature_are_refused(string token)
    {
        Assert.All(JwsAlgorithm.All, algorithm => Assert.IsNotType<JwsVerification.Valid>(Jws.Verify(token, Keys.Public(algorithm), AnyType)));
    }

    private static (string Key, JwsAlgorithm Algorithm, string Token, bool Deterministic) Example(string source)
    {
        var example = Vectors.RfcExamples().Single(candidate => candidate.GetProperty("source").GetString() == source);
        return (example.GetProperty("privateKey").GetRawText(), JwsAlgorithm.TryParse(example.GetProperty("algorithm").GetString())!,
            example.GetProperty("token").GetString()!, example.GetProperty("deterministic").GetBoolean());
    }

    private static byte[] WithAlgorithm(string json, JwsAlgorithm algorithm) =>
        Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm.Name}}",{{json.TrimStart()[1..]}}""");

    private static Jwk PublicHalf(string privateKey)
    {
        using var key = SigningKey.TryImport(Encoding.UTF8.GetBytes(privateKey));
        return Jwk.TryParse(key!.PublicKey.ToUtf8Json())!.Algorithm is { KeyType: KeyType.Rsa }
            ? WithoutAlgorithm(key.PublicKey)
            : key.PublicKey;
    }

    /// <summary>The examples' RSA keys name no algorithm, and one of them serves RS256 and PS384.</summary>
    private static Jwk WithoutAlgorithm(Jwk key) =>
        Jwk.TryParse(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(key.ToUtf8Json()).Replace(",\"alg\":\"RS256\"", "", StringComparison.Ordinal)))!;
}
