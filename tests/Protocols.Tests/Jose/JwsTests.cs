using System.Text;
using Signet.Jose;
using Xunit;

namespace Protocols.Tests.Jose;

/// <summary>Starts from a token that verifies, and alters one thing.</summary>
public sealed class JwsTests
{
    private static readonly JwsExpectations Expected = JwsExpectations.OfType("at+jwt");
    private static readonly SigningKey Key = Keys.Of(JwsAlgorithm.ES256);
    private static readonly byte[] Payload = "{\"sub\":\"s\"}"u8.ToArray();

    public static TheoryData<string> Algorithms => [.. JwsAlgorithm.All.Select(algorithm => algorithm.Name)];

    [Fact]
    public void The_header_says_algorithm_key_and_type()
    {
        var header = Encoding.UTF8.GetString(StrictBase64Url.TryDecode(Jws.SignCompact(Key, "at+jwt", Payload).Split('.')[0])!);

        Assert.Equal($$"""{"alg":"ES256","kid":"{{Key.Kid}}","typ":"at+jwt"}""", header);
    }

    [Fact]
    public void Further_header_members_are_signed_too()
    {
        var token = Jws.SignCompact(Key, "dpop+jwt", writer =>
        {
            writer.WritePropertyName("jwk");
            Key.PublicKey.WriteTo(writer);
        }, Payload);

        var parsed = Jws.TryParse(token);

        var embedded = Jwk.TryParse(parsed!.Header.Members.GetProperty("jwk"), out _);
        Assert.True(embedded!.IsSameKeyAs(Key.PublicKey));
        Assert.IsType<JwsVerification.Valid>(parsed.Verify(new VerificationKey(embedded), JwsExpectations.OfType("dpop+jwt")));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void No_single_bit_of_a_token_can_flip(string name)
    {
        var algorithm = JwsAlgorithm.TryParse(name)!;
        using var verification = Keys.Public(algorithm);
        var token = Jws.SignCompact(Keys.Of(algorithm), "at+jwt", Payload).ToCharArray();

        // Every bit where verifying is quick; every ninth where it takes a millisecond (nine has no factor in common with seven).
        var step = algorithm.Name is "ES384" or "ES512" or "Ed448" ? 9 : 1;
        for (var bit = 0; bit < token.Length * 7; bit += step)
        {
            var flip = (char)(1 << (bit % 7));
            token[bit / 7] ^= flip;
            Assert.IsNotType<JwsVerification.Valid>(Jws.Verify(token, verification, Expected));
            token[bit / 7] ^= flip;
        }

        Assert.IsType<JwsVerification.Valid>(Jws.Verify(token, verification, Expected));
    }

    [Theory]
    [InlineData("{0}.{1}.{2}=")]
    [InlineData("{0}.{1}.{2}.")]
    [InlineData(" {0}.{1}.{2}")]
    [InlineData("{0}.{1}.{2}\n")]
    [InlineData("{0}.{1} .{2}")]
    [InlineData("{0}..{1}.{2}")]
    [InlineData("{0}.{1}.")]
    [InlineData("{0}.{1}")]
    [InlineData(".{1}.{2}")]
    [InlineData("{0}.{1}.{2}é")]
    [InlineData("")]
    [InlineData("..")]
    public void A_token_has_one_spelling(string shape)
    {
        var parts = Jws.SignCompact(Key, "at+jwt", Payload).Split('.');

        Assert.IsType<JwsVerification.Malformed>(Verify(string.Format(null, shape, parts[0], parts[1], parts[2])));
    }

    [Theory]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"crit\":[\"exp\"],\"exp\":1}")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"crit\":[\"b64\"],\"b64\":false}")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"crit\":[]}")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"b64\":false}")]
    [InlineData("{\"alg\":\"none\",\"alg\":\"ES256\",\"typ\":\"at+jwt\"}")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"typ\":\"at+jwt\"}")]
    [InlineData("{\"alg\":[\"ES256\"],\"typ\":\"at+jwt\"}")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":null}")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":1}")]
    [InlineData("{\"typ\":\"at+jwt\"}")]
    [InlineData("[\"ES256\"]")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"at+jwt\"} {}")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",}")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"x\":\"\\udc00\"}")]
    [InlineData("\ufeff{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}")]
    public void A_signed_header_that_is_not_plain_is_malformed(string header)
    {
        Assert.IsType<JwsVerification.Malformed>(Verify(SignRaw(Encoding.UTF8.GetBytes(header))));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("es256")]
    [InlineData("ES256K")]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("EdDSA")]
    [InlineData("")]
    public void The_header_can_not_choose_another_algorithm(string alg)
    {
        var token = SignRaw(Encoding.UTF8.GetBytes($$"""{"alg":"{{alg}}","typ":"at+jwt"}"""));

        Assert.IsType<JwsVerification.UnacceptableAlgorithm>(Verify(token));
    }

    [Fact]
    public void The_caller_can_accept_fewer_algorithms_than_the_key()
    {
        var onlyRsa = Expected with { Algorithms = [JwsAlgorithm.RS256] };

        Assert.IsType<JwsVerification.UnacceptableAlgorithm>(
            Jws.Verify(Jws.SignCompact(Key, "at+jwt", Payload), new VerificationKey(Key.PublicKey), onlyRsa));
    }

    [Theory]
    [InlineData("at+jwt", true)]
    [InlineData("AT+JWT", true)]
    [InlineData("application/at+jwt", true)]
    [InlineData("JWT", false)]
    [InlineData("application/application/at+jwt", false)]
    [InlineData("", false)]
    public void The_type_must_be_the_expected_one(string typ, bool accepted)
    {
        var result = Verify(Jws.SignCompact(Key, typ, Payload));

        Assert.IsType(accepted ? typeof(JwsVerification.Valid) : typeof(JwsVerification.UnexpectedType), result);
    }

    [Fact]
    public void A_type_may_be_absent_where_the_caller_says_so()
    {
        var lenient = Expected with { TypeMayBeAbsent = true };
        using var verification = new VerificationKey(Key.PublicKey);

        Assert.IsType<JwsVerification.Valid>(Jws.Verify(Jws.SignCompact(Key, "", Payload), verification, lenient));
        Assert.IsType<JwsVerification.UnexpectedType>(Jws.Verify(Jws.SignCompact(Key, "JWT", Payload), verification, lenient));
    }

    [Fact]
    public void A_token_over_the_limit_is_not_read()
    {
        var token = Jws.SignCompact(Key, "at+jwt", Payload);
        using var verification = new VerificationKey(Key.PublicKey);

        Assert.IsType<JwsVerification.Valid>(Jws.Verify(token, verification, Expected with { MaxLength = token.Length }));
        Assert.IsType<JwsVerification.Malformed>(Jws.Verify(token, verification, Expected with { MaxLength = token.Length - 1 }));
    }

    [Fact]
    public void A_key_in_the_header_is_never_the_key_that_verifies()
    {
        using var attacker = SigningKey.Generate(JwsAlgorithm.ES256);
        var token = Jws.SignCompact(attacker, "at+jwt", writer =>
        {
            writer.WritePropertyName("jwk");
            attacker.PublicKey.WriteTo(writer);
        }, Payload);

        Assert.IsType<JwsVerification.BadSignature>(Verify(token));
        Assert.IsType<JwsVerification.UnknownKey>(Jws.Verify(token, new Jwks([Key.PublicKey]), Expected));
    }

    [Fact]
    public void Without_a_kid_the_set_must_leave_no_choice()
    {
        using var second = SigningKey.Generate(JwsAlgorithm.ES256);
        var token = SignRaw("{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}"u8);
        var otherFamily = Keys.Of(JwsAlgorithm.Ed25519).PublicKey;

        Assert.IsType<JwsVerification.Valid>(Jws.Verify(token, new Jwks([otherFamily, Key.PublicKey]), Expected));
        Assert.IsType<JwsVerification.UnknownKey>(Jws.Verify(token, new Jwks([second.PublicKey, Key.PublicKey]), Expected));
    }

    [Fact]
    public void Two_keys_of_one_kid_are_ambiguous()
    {
        var token = Jws.SignCompact(Key, "at+jwt", Payload);

        Assert.IsType<JwsVerification.UnknownKey>(Jws.Verify(token, new Jwks([Key.PublicKey, Key.PublicKey]), Expected));
    }

    [Fact]
    public void An_RSA_key_without_algorithm_verifies_RS256_or_what_the_caller_names()
    {
        var bound = Keys.Of(JwsAlgorithm.PS256);
        var json = Encoding.UTF8.GetString(bound.PublicKey.ToUtf8Json());
        var free = Jwk.TryParse(Encoding.UTF8.GetBytes(json.Replace(",\"alg\":\"PS256\"", "", StringComparison.Ordinal)))!;
        var token = Jws.SignCompact(bound, "at+jwt", Payload);

        Assert.Null(free.Algorithm);
        Assert.IsType<JwsVerification.UnacceptableAlgorithm>(Jws.Verify(token, new Jwks([free]), Expected));
        Assert.IsType<JwsVerification.Valid>(Jws.Verify(token, new Jwks([free]), Expected with { Algorithms = [JwsAlgorithm.PS256] }));
        Assert.IsType<JwsVerification.Valid>(Jws.Verify(token, new VerificationKey(free, JwsAlgorithm.PS256), Expected));
    }

    [Fact]
    public void A_key_can_not_be_pinned_to_what_it_is_not()
    {
        Assert.Throws<ArgumentException>(() => new VerificationKey(Key.PublicKey, JwsAlgorithm.ES384));
        Assert.Throws<ArgumentException>(() => new VerificationKey(Keys.Of(JwsAlgorithm.RS256).PublicKey, JwsAlgorithm.PS256));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("Ed25519")]
    [InlineData("Ed448")]
    public void A_disposed_key_neither_signs_nor_shows_itself(string algorithm)
    {
        var key = SigningKey.Generate(JwsAlgorithm.TryParse(algorithm)!);

        key.Dispose();
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Sign("data"u8));
        Assert.Throws<ObjectDisposedException>(() => key.ExportPrivate());
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("Ed25519")]
    public async Task A_key_disposed_while_it_signs_makes_good_signatures_or_none(string algorithm)
    {
        var key = SigningKey.Generate(JwsAlgorithm.TryParse(algorithm)!);
        using var verification = new VerificationKey(key.PublicKey);
        using var begun = new CountdownEvent(4);
        var signers = Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var round = 0; ; round++)
            {
                byte[] signature;
                try
                {
                    signature = key.Sign([(byte)worker, (byte)round]);
                }
                catch (ObjectDisposedException)
                {
                    return;
                }

                Assert.True(verification.Verify([(byte)worker, (byte)round], signature));
                if (round == 0)
                {
                    begun.Signal();
                }
            }
        })).ToList();

        begun.Wait(TestContext.Current.CancellationToken);
        key.Dispose();

        await Task.WhenAll(signers);
    }

    private static JwsVerification Verify(string token) => Jws.Verify(token, new VerificationKey(Key.PublicKey), Expected);

    private static string SignRaw(ReadOnlySpan<byte> header)
    {
        var input = $"{StrictBase64Url.Encode(header)}.{StrictBase64Url.Encode(Payload)}";
        return $"{input}.{StrictBase64Url.Encode(Key.Sign(Encoding.ASCII.GetBytes(input)))}";
    }
}
