using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signet.Jose;
using Xunit;

namespace Protocols.Tests.Jose;

/// <summary>Readers of untrusted bytes answer; they don't throw.</summary>
public sealed class ReaderPropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\\u", "\\ud800", "d83d", "\\", "null", "true", "-", "1e9", "999", "0.", " ", "\u0000", "é", "\"alg\"", "\"kty\"",
        "\"EC\"", "\"crv\"", "\"P-256\"", "\"x\"", "\"keys\"", ".", "=", "eyJhbGciOiJFUzI1NiJ9", "AAAA", "_-",
    ];

    [Fact]
    public void Any_bytes_get_an_answer_from_every_reader() =>
        Check.One(Many, Prop.ForAll<byte[]>(Answers));

    [Fact]
    public void Any_text_of_JSON_pieces_gets_an_answer_from_every_reader() =>
        Check.One(Many, Prop.ForAll(
            Gen.Elements(Fragments).ListOf().Select(pieces => string.Concat(pieces)).ToArbitrary(),
            text => Answers(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void A_key_with_any_byte_replaced_gets_an_answer() =>
        Check.One(Many, Prop.ForAll<byte, NonNegativeInt>((value, position) =>
        {
            var json = Keys.Of(JwsAlgorithm.ES256).ExportPrivate();
            json[position.Get % json.Length] = value;
            return Answers(json);
        }));

    [Fact]
    public void What_strict_base64url_encodes_it_decodes() =>
        Prop.ForAll<byte[]>(bytes => StrictBase64Url.TryDecode(StrictBase64Url.Encode(bytes)).AsSpan().SequenceEqual(bytes))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Text_that_strict_base64url_decodes_is_the_one_it_encodes() =>
        Check.One(Many, Prop.ForAll(
            Gen.Elements("AZaz09-_+/= \n".ToCharArray()).ArrayOf().ToArbitrary(),
            text => StrictBase64Url.TryDecode(text) is not { } bytes || StrictBase64Url.Encode(bytes) == new string(text)));

    [Fact]
    public void What_a_key_signs_verifies_and_nothing_else_does() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(25), Prop.ForAll<byte[], byte[]>((data, other) => JwsAlgorithm.All.All(algorithm =>
        {
            using var verification = Keys.Public(algorithm);
            var signature = Keys.Of(algorithm).Sign(data);
            return verification.Verify(data, signature) && (data.AsSpan().SequenceEqual(other) || !verification.Verify(other, signature))
                && !verification.Verify(data, other);
        })));

    private static bool Answers(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        _ = StrictJson.TryParseElement(bytes);
        _ = CanonicalJson.TryCanonicalize(bytes);
        _ = Jwk.TryParse(bytes);
        _ = Jwks.TryParse(bytes);
        _ = JwtClaims.TryParse(bytes);
        _ = StrictBase64Url.TryDecode(bytes);
        _ = Jws.TryParse(text);
        SigningKey.TryImport(bytes)?.Dispose();
        return Jws.Verify(text, Keys.Public(JwsAlgorithm.ES256), JwsExpectations.OfType("JWT")) is not JwsVerification.Valid;
    }
}
