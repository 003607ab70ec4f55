using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Signet.Jose;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.Messages;
using Signet.OpenIdFederation.Policy;
using Signet.OpenIdFederation.Statements;
using Signet.OpenIdFederation.TrustMarks;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

/// <summary>Readers of untrusted bytes answer, they don't throw; and a chain longer than its limits never verifies.</summary>
public sealed class FederationPropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(1500);
    private static readonly Member Signer = new("https://signer.example.com");
    private static readonly EntityStatement Anchor = EntityStatement.TryReadConfiguration(
        Federation.Configuration(Signer, [], isAuthority: true).Sign(Signer.Key), Signer.Id, Federation.Now, Federation.Rules, out _)!;

    private static readonly string[] Types =
    [
        JwtTypes.EntityStatement, JwtTypes.TrustMark, JwtTypes.TrustMarkDelegation, JwtTypes.TrustMarkStatus, JwtTypes.ResolveResponse, JwtTypes.KeySet,
        JwtTypes.ExplicitRegistrationResponse,
    ];

    private static readonly string[] Names =
    [
        "iss", "sub", "iat", "exp", "nbf", "aud", "jwks", "keys", "kid", "metadata", "metadata_policy", "metadata_policy_crit", "constraints", "crit", "authority_hints",
        "trust_anchor_hints", "trust_marks", "trust_mark_issuers", "trust_mark_owners", "trust_mark_type", "trust_mark", "delegation", "source_endpoint", "trust_anchor",
        "trust_chain", "status", "revoked", "revoked_at", "max_path_length", "naming_constraints", "permitted", "allowed_entity_types", "value", "add", "one_of",
        "openid_relying_party", "federation_entity", "federation_fetch_endpoint", "policies", "scope", "essential", "x",
    ];

    private static readonly string[] Leaves =
    [
        "null", "true", "0", "-1", "1799999999", "1.5", "1e400", "99999999999999999999", "\"\"", "\"x\"", "\"https://signer.example.com\"", "\"https://a.example\"", "\".example.com\"",
        "\"\\ud83d\\ude00\"", "[]", "{}", "[null]", "[\"a\",\"a\"]", "[[]]",
    ];

    [Fact]
    public void Any_bytes_get_an_answer_from_every_reader() => Check.One(Many, Prop.ForAll<byte[]>(bytes => Answers(Encoding.Latin1.GetString(bytes))));

    [Fact]
    public void Any_claims_under_a_good_signature_get_an_answer_from_every_reader() => Check.One(Many, Prop.ForAll(
        Objects(3).ToArbitrary(), Gen.Elements(Types).ToArbitrary(), (claims, typ) => Answers(Jws.SignCompact(Signer.Key, typ, Encoding.UTF8.GetBytes(claims)))));

    [Fact]
    public void Any_JSON_gets_an_answer_from_every_reader_of_JSON() => Check.One(Many, Prop.ForAll(Values(4).ToArbitrary(), json =>
    {
        _ = PolicyQuestion.Answer(Encoding.UTF8.GetBytes(json));
        _ = PolicyQuestion.Answer(Encoding.UTF8.GetBytes("{\"policies\":[" + json + "],\"metadata\":" + json + "}"));
        if (StrictJson.TryParseElement(Encoding.UTF8.GetBytes(json)) is { } element)
        {
            _ = ConstraintSet.TryParse(element, out _);
            _ = FederationKeys.TryParse(element, out _);
            _ = MetadataPolicy.TryParse(element, PolicyOperators.Standard, out _)?.TryApply(element, out _);
        }

        return true;
    }));

    [Fact]
    public void Any_text_is_an_identifier_that_reads_back_or_none() => Check.One(Many, Prop.ForAll(
        Gen.Elements("https://", "a", "example", ".", ":", "8", "/", "..", "%", "%41", "?", "#", "@", "[", "]", "::1", "é", " ", "\0", "_", "-").ListOf().Select(pieces => string.Concat(pieces)).ToArbitrary(),
        text => EntityId.TryParse(text) is not { } id || (id.Value == text && Uri.TryCreate(id.ConfigurationUrl, UriKind.Absolute, out var url) && url.Scheme == "https")));

    /// <summary>OIDFed §6.2.1: as many intermediates as every limit allows, and not one more.</summary>
    [Fact]
    public void A_chain_verifies_if_and_only_if_it_is_within_every_limit_set_in_it() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(
        Gen.Choose(0, 5).ToArbitrary(), Gen.Choose(0, 5).ToArbitrary(), Gen.Choose(0, 6).ToArbitrary(), (intermediates, setter, limit) =>
        {
            var tower = Tower.Take(intermediates + 2).ToArray();
            var at = (setter % (intermediates + 1)) + 1;
            List<string> chain = [Federation.Configuration(tower[0], [tower[1]]).Sign(tower[0].Key)];
            for (var i = 1; i < tower.Length; i++)
            {
                chain.Add((Federation.Statement(tower[i], tower[i - 1]) with
                {
                    Constraints = i == at ? JsonElement.Parse(string.Create(CultureInfo.InvariantCulture, $$"""{"max_path_length":{{limit}}}""")) : null,
                }).Sign(tower[i].Key));
            }

            var verification = TrustChain.Verify(chain, [tower[^1].Anchor], Federation.Now, Federation.Rules);
            return verification is ChainVerification.Valid == (at - 1 <= limit);
        }));

    private static Member[] Tower { get; } = [.. Enumerable.Range(0, 7).Select(i => new Member(string.Create(CultureInfo.InvariantCulture, $"https://t{i}.example.com")))];

    private static Gen<string> Values(int depth) => depth == 0 ? Gen.Elements(Leaves) : Gen.OneOf(Gen.Elements(Leaves), Objects(depth), Arrays(depth));

    private static Gen<string> Arrays(int depth) => Values(depth - 1).ListOf().Select(items => "[" + string.Join(',', items.Take(4)) + "]");

    private static Gen<string> Objects(int depth) =>
        (from name in Gen.Elements(Names) from value in Values(depth - 1) select (name, value)).ListOf()
        .Select(members => "{" + string.Join(',', members.DistinctBy(member => member.name).Take(12).Select(member => $"\"{member.name}\":{member.value}")) + "}");

    private static bool Answers(string text)
    {
        var rules = Federation.Rules;
        var now = Federation.Now;
        _ = EntityStatement.TryParse(text, rules, out _);
        _ = EntityStatement.TryReadConfiguration(text, Signer.Id, now, rules, out _);
        _ = EntityStatement.TryReadSubordinate(text, Anchor, EntityId.Parse("https://a.example"), now, rules, out _);
        _ = TrustMark.TryParse(text, rules, out _);
        _ = TrustMarkDelegation.TryParse(text, rules, out _);
        _ = ResolveResponse.TryRead(text, Signer.Id, Signer.Keys, Signer.Id, null, now, rules, out _);
        _ = SignedKeySet.TryRead(text, Signer.Id, Signer.Keys, now, rules, out _);
        _ = HistoricalKeys.TryRead(text, Signer.Id, Signer.Keys, now, rules, out _);
        _ = RegistrationRequest.TryRead(RegistrationRequest.StatementContentType, text, Signer.Id, "x", rules, out _)?.Verify([Signer.Anchor], now, rules);
        _ = RegistrationRequest.TryRead(JwtTypes.TrustChainContentType, text, Signer.Id, "x", rules, out _);
        _ = EntityId.TryParse(text);
        return TrustChain.Verify([text, text], [Signer.Anchor], now, rules) is ChainVerification.Refused { Fault.Detail.Length: > 0 };
    }
}
