using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Signet.Jose;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Statements;
using Signet.OpenIdFederation.TrustMarks;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

public sealed class EntityStatementTests
{
    private static readonly DateTimeOffset Now = Federation.Now;
    private static readonly Member Leaf = new("https://leaf.example.com");
    private static readonly Member Superior = new("https://superior.example.org");
    private static readonly string Configuration = Federation.Configuration(Leaf, [Superior]).Sign(Leaf.Key);
    private static readonly string Subordinate = Federation.Statement(Superior, Leaf).Sign(Superior.Key);

    private static readonly EntityStatement SuperiorConfiguration = EntityStatement.TryReadConfiguration(
        Federation.Configuration(Superior, [], isAuthority: true).Sign(Superior.Key), Superior.Id, Now, Federation.Rules, out _)!;

    [Fact]
    public void A_configuration_reads_back_as_it_was_drafted()
    {
        var statement = Read(Configuration, out var fault);

        Assert.Null(fault);
        Assert.True(statement!.IsConfiguration);
        Assert.Equal(Leaf.Id, statement.Subject);
        Assert.Equal([Superior.Id], statement.AuthorityHints);
        Assert.Equal(Now.AddHours(-1), statement.IssuedAt);
        Assert.Equal(Now.AddDays(1), statement.ExpiresAt);
        Assert.Equal([Leaf.Key.Kid], statement.Keys!.Kids);
        Assert.Null(statement.FetchEndpoint);
        Assert.Equal("https://superior.example.org/fetch", SuperiorConfiguration.FetchEndpoint);
    }

    [Fact]
    public void A_subordinate_statement_reads_back_as_it_was_drafted()
    {
        var draft = Federation.Statement(Superior, Leaf) with
        {
            Metadata = JsonElement.Parse("""{"openid_relying_party":{"policy_uri":"https://x.example/p"}}"""),
            MetadataPolicy = JsonElement.Parse("""{"openid_relying_party":{"contacts":{"add":["a@x.example"]}}}"""),
            Constraints = JsonElement.Parse("""{"max_path_length":2,"allowed_entity_types":["openid_relying_party"],"future_constraint":1}"""),
            SourceEndpoint = "https://superior.example.org/fetch",
            ExtraClaims = JsonElement.Parse("""{"jti":"7l2lncFdY6SlhNia"}"""),
        };

        var statement = EntityStatement.TryReadSubordinate(draft.Sign(Superior.Key), SuperiorConfiguration, Leaf.Id, Now, Federation.Rules, out var fault);

        Assert.Null(fault);
        Assert.False(statement!.IsConfiguration);
        Assert.Equal(2, statement.Constraints!.MaxPathLength);
        Assert.Equal(["openid_relying_party"], statement.Constraints.AllowedEntityTypes!);
        Assert.Equal(["contacts"], statement.MetadataPolicy!.For("openid_relying_party").Parameters);
        Assert.Equal("https://superior.example.org/fetch", statement.SourceEndpoint);
        Assert.Equal("7l2lncFdY6SlhNia", statement.Claims.GetProperty("jti").GetString());
        Assert.Null(draft.FindFault(Federation.Rules));
    }

    /// <summary>Times of others may have fractions; ours have none.</summary>
    [Fact]
    public void Times_are_written_as_whole_numbers_and_read_with_fractions()
    {
        var jwt = (Federation.Configuration(Leaf, [Superior]) with { IssuedAt = Now.AddMilliseconds(-1500), ExpiresAt = Now.AddMilliseconds(1500) }).Sign(Leaf.Key);

        Assert.Matches("^[0-9]+$", Tampered.Claims(jwt).GetProperty("iat").GetRawText());
        Assert.Matches("^[0-9]+$", Tampered.Claims(jwt).GetProperty("exp").GetRawText());
        Assert.NotNull(Read(Tampered.With(Configuration, Leaf.Key, "iat", "1799999999.5"), out _));
    }

    [Theory]
    [InlineData("iss", null, FaultKind.MissingClaim)]
    [InlineData("iss", "\"http://leaf.example.com\"", FaultKind.InvalidClaim)]
    [InlineData("iss", "7", FaultKind.Malformed)]
    [InlineData("iss", "\"https://mallory.example\"", FaultKind.MisplacedClaim)]
    [InlineData("sub", null, FaultKind.MissingClaim)]
    [InlineData("sub", "\"https://mallory.example\"", FaultKind.MisplacedClaim)]
    [InlineData("iat", null, FaultKind.MissingClaim)]
    [InlineData("iat", "\"1799990000\"", FaultKind.Malformed)]
    [InlineData("iat", "1800000061", FaultKind.NotYetValid)]
    [InlineData("exp", null, FaultKind.MissingClaim)]
    [InlineData("exp", "1799999940", FaultKind.Expired)]
    [InlineData("nbf", "1800000061", FaultKind.NotYetValid)]
    [InlineData("jwks", null, FaultKind.MissingClaim)]
    [InlineData("jwks", "[]", FaultKind.InvalidClaim)]
    [InlineData("jwks", """{"keys":[]}""", FaultKind.InvalidKeys)]
    [InlineData("jwks", """{"keys":[{"kty":"EC"}]}""", FaultKind.InvalidKeys)]
    [InlineData("jwks", """{"keys":[{"kty":"EC","kid":""}]}""", FaultKind.InvalidKeys)]
    [InlineData("jwks", """{"keys":[{"kty":"EC","kid":"a"},{"kty":"RSA","kid":"a"}]}""", FaultKind.InvalidKeys)]
    [InlineData("jwks", """{"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]}""", FaultKind.InvalidKeys)]
    [InlineData("jwks", """{"keys":[{"kty":"EC","kid":"a"}]}""", FaultKind.UnknownKey)]
    [InlineData("metadata", "[]", FaultKind.InvalidClaim)]
    [InlineData("metadata", """{"openid_relying_party":null}""", FaultKind.InvalidMetadata)]
    [InlineData("metadata", """{"openid_relying_party":{"client_name":null}}""", FaultKind.InvalidMetadata)]
    [InlineData("authority_hints", "[]", FaultKind.InvalidClaim)]
    [InlineData("authority_hints", "\"https://superior.example.org\"", FaultKind.InvalidClaim)]
    [InlineData("authority_hints", """["superior"]""", FaultKind.InvalidClaim)]
    [InlineData("authority_hints", """["https://a.example","https://a.example"]""", FaultKind.InvalidClaim)]
    [InlineData("trust_anchor_hints", "[]", FaultKind.InvalidClaim)]
    [InlineData("trust_anchor_hints", "[1]", FaultKind.InvalidClaim)]
    [InlineData("trust_marks", """[{"trust_mark_type":"https://t.example"}]""", FaultKind.InvalidClaim)]
    [InlineData("trust_marks", """[{"trust_mark_type":"https://t.example","trust_mark":"x.y.z"}]""", FaultKind.InvalidClaim)]
    [InlineData("trust_marks", """["x"]""", FaultKind.InvalidClaim)]
    [InlineData("trust_mark_issuers", """{"https://t.example":"https://i.example"}""", FaultKind.InvalidClaim)]
    [InlineData("trust_mark_issuers", """{"https://t.example":["issuer"]}""", FaultKind.InvalidClaim)]
    [InlineData("trust_mark_owners", """{"https://t.example":{"sub":"https://o.example"}}""", FaultKind.InvalidClaim)]
    [InlineData("trust_mark_owners", """{"https://t.example":{"sub":"https://o.example","jwks":{"keys":[{"kty":"EC"}]}}}""", FaultKind.InvalidKeys)]
    [InlineData("metadata_policy", "{}", FaultKind.MisplacedClaim)]
    [InlineData("metadata_policy_crit", """["regexp"]""", FaultKind.UnknownCritical)]
    [InlineData("constraints", "{}", FaultKind.MisplacedClaim)]
    [InlineData("source_endpoint", "\"https://x.example/fetch\"", FaultKind.MisplacedClaim)]
    [InlineData("aud", "\"https://op.example\"", FaultKind.MisplacedClaim)]
    [InlineData("trust_anchor", "\"https://anchor.example.org\"", FaultKind.MisplacedClaim)]
    [InlineData("crit", "[]", FaultKind.InvalidClaim)]
    [InlineData("crit", """["metadata"]""", FaultKind.InvalidClaim)]
    [InlineData("crit", """["absent"]""", FaultKind.InvalidClaim)]
    [InlineData("crit", """[7]""", FaultKind.InvalidClaim)]
    public void A_configuration_with_one_claim_wrong_is_refused(string claim, string? json, FaultKind expected)
    {
        var jwt = Tampered.With(Configuration, Leaf.Key, claim, json);

        Assert.Null(Read(jwt, out var fault));

        Assert.Equal(expected, fault!.Kind);
        Assert.NotEmpty(fault.Detail);
    }

    [Theory]
    [InlineData("iss", "\"https://mallory.example\"", FaultKind.WrongIssuer)]
    [InlineData("sub", "\"https://mallory.example\"", FaultKind.WrongSubject)]
    [InlineData("sub", "\"https://superior.example.org\"", FaultKind.WrongSubject)]
    [InlineData("exp", "1799999940", FaultKind.Expired)]
    [InlineData("authority_hints", """["https://superior.example.org"]""", FaultKind.MisplacedClaim)]
    [InlineData("trust_anchor_hints", """["https://superior.example.org"]""", FaultKind.MisplacedClaim)]
    [InlineData("trust_marks", "[]", FaultKind.MisplacedClaim)]
    [InlineData("trust_mark_issuers", "{}", FaultKind.MisplacedClaim)]
    [InlineData("trust_mark_owners", "{}", FaultKind.MisplacedClaim)]
    [InlineData("metadata_policy", "[]", FaultKind.InvalidPolicy)]
    [InlineData("metadata_policy", """{"openid_provider":[]}""", FaultKind.InvalidPolicy)]
    [InlineData("metadata_policy", """{"openid_provider":{"p":{"essential":"yes"}}}""", FaultKind.InvalidPolicy)]
    [InlineData("metadata_policy_crit", "[]", FaultKind.InvalidClaim)]
    [InlineData("metadata_policy_crit", """["subset_of"]""", FaultKind.InvalidClaim)]
    [InlineData("metadata_policy_crit", """["regexp"]""", FaultKind.UnknownCritical)]
    [InlineData("constraints", "[]", FaultKind.InvalidClaim)]
    [InlineData("constraints", """{"max_path_length":-1}""", FaultKind.InvalidClaim)]
    [InlineData("constraints", """{"max_path_length":1.5}""", FaultKind.InvalidClaim)]
    [InlineData("constraints", """{"max_path_length":"1"}""", FaultKind.InvalidClaim)]
    [InlineData("constraints", """{"naming_constraints":[]}""", FaultKind.InvalidClaim)]
    [InlineData("constraints", """{"naming_constraints":{"permitted":"a.example"}}""", FaultKind.InvalidClaim)]
    [InlineData("constraints", """{"naming_constraints":{"permitted":["https://a.example"]}}""", FaultKind.InvalidClaim)]
    [InlineData("constraints", """{"naming_constraints":{"excluded":["."]}}""", FaultKind.InvalidClaim)]
    [InlineData("constraints", """{"allowed_entity_types":"openid_provider"}""", FaultKind.InvalidClaim)]
    [InlineData("constraints", """{"allowed_entity_types":["federation_entity"]}""", FaultKind.InvalidClaim)]
    [InlineData("source_endpoint", "\"http://x.example\"", FaultKind.InvalidClaim)]
    [InlineData("source_endpoint", "\"https://x.example/#a\"", FaultKind.InvalidClaim)]
    [InlineData("jwks", null, FaultKind.MissingClaim)]
    [InlineData("aud", "\"https://leaf.example.com\"", FaultKind.MisplacedClaim)]
    public void A_subordinate_statement_with_one_claim_wrong_is_refused(string claim, string? json, FaultKind expected)
    {
        var jwt = Tampered.With(Subordinate, Superior.Key, claim, json);

        Assert.Null(EntityStatement.TryReadSubordinate(jwt, SuperiorConfiguration, Leaf.Id, Now, Federation.Rules, out var fault));

        Assert.Equal(expected, fault!.Kind);
    }

    [Theory]
    [InlineData("""{"alg":"ES256","kid":"K"}""", FaultKind.WrongType)]
    [InlineData("""{"alg":"ES256","kid":"K","typ":"JWT"}""", FaultKind.WrongType)]
    [InlineData("""{"alg":"ES256","kid":"K","typ":"trust-mark+jwt"}""", FaultKind.WrongType)]
    [InlineData("""{"alg":"ES256","kid":"K","typ":"application/entity-statement+jwt"}""", FaultKind.WrongType)]
    [InlineData("""{"alg":"none","kid":"K","typ":"entity-statement+jwt"}""", FaultKind.UnacceptableAlgorithm)]
    [InlineData("""{"alg":"HS256","kid":"K","typ":"entity-statement+jwt"}""", FaultKind.UnacceptableAlgorithm)]
    [InlineData("""{"alg":"RS256","kid":"K","typ":"entity-statement+jwt"}""", FaultKind.UnacceptableAlgorithm)]
    [InlineData("""{"alg":"es256","kid":"K","typ":"entity-statement+jwt"}""", FaultKind.UnacceptableAlgorithm)]
    [InlineData("""{"alg":"ES256","typ":"entity-statement+jwt"}""", FaultKind.MissingClaim)]
    [InlineData("""{"alg":"ES256","kid":"","typ":"entity-statement+jwt"}""", FaultKind.MissingClaim)]
    [InlineData("""{"alg":"ES256","kid":"other","typ":"entity-statement+jwt"}""", FaultKind.UnknownKey)]
    [InlineData("""{"alg":"ES256","kid":"K","typ":"entity-statement+jwt"}""", FaultKind.BadSignature)]
    [InlineData("""{"alg":"ES256","kid":"K","typ":"entity-statement+jwt","trust_chain":["a"]}""", FaultKind.MisplacedClaim)]
    [InlineData("""{"alg":"ES256","kid":"K","typ":"entity-statement+jwt","peer_trust_chain":["a"]}""", FaultKind.MisplacedClaim)]
    [InlineData("""{"alg":"ES256","kid":"K","typ":"entity-statement+jwt","crit":["exp"]}""", FaultKind.Malformed)]
    [InlineData("""{"alg":"ES256","alg":"ES256","kid":"K","typ":"entity-statement+jwt"}""", FaultKind.Malformed)]
    public void A_header_that_is_not_right_is_refused(string header, FaultKind expected)
    {
        var jwt = Tampered.WithHeader(Configuration, header.Replace("\"K\"", $"\"{Leaf.Key.Kid}\"", StringComparison.Ordinal), new byte[64]);

        Assert.Null(Read(jwt, out var fault));

        Assert.Equal(expected, fault!.Kind);
    }

    /// <summary>The public key's bytes as an HMAC secret: the old confusion.</summary>
    [Fact]
    public void A_signature_made_with_the_public_key_as_secret_is_refused()
    {
        var header = $$"""{"alg":"HS256","kid":"{{Leaf.Key.Kid}}","typ":"entity-statement+jwt"}""";
        var unsigned = Tampered.WithHeader(Configuration, header, "x"u8);
        var input = unsigned[..unsigned.LastIndexOf('.')];
        var mac = System.Security.Cryptography.HMACSHA256.HashData(Leaf.Key.PublicKey.ToUtf8Json(), Encoding.ASCII.GetBytes(input));

        Assert.Null(Read(Tampered.WithHeader(Configuration, header, mac), out var fault));

        Assert.Equal(FaultKind.UnacceptableAlgorithm, fault!.Kind);
    }

    [Fact]
    public void A_token_without_signature_is_refused()
    {
        Assert.Null(Read(Configuration[..(Configuration.LastIndexOf('.') + 1)], out var fault));
        Assert.Equal(FaultKind.Malformed, fault!.Kind);
    }

    [Fact]
    public void Only_algorithms_of_the_rules_are_accepted()
    {
        Assert.Null(EntityStatement.TryReadConfiguration(Configuration, Leaf.Id, Now, Federation.Rules with { Algorithms = [JwsAlgorithm.RS256] }, out var fault));
        Assert.Equal(FaultKind.UnacceptableAlgorithm, fault!.Kind);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("Ed25519")]
    [InlineData("Ed448")]
    public void Every_algorithm_signs_and_verifies_under_its_own_name(string algorithm)
    {
        var key = Jose.Keys.Of(algorithm);
        var jwt = (Federation.Configuration(Leaf, [Superior]) with { Keys = FederationKeys.Of(key.PublicKey) }).Sign(key);

        Assert.NotNull(Read(jwt, out _));
        Assert.Equal(algorithm, Tampered.Header(jwt)["alg"]!.GetValue<string>());
    }

    [Fact]
    public void A_configuration_of_another_entity_is_refused()
    {
        Assert.Null(EntityStatement.TryReadConfiguration(Configuration, EntityId.Parse("https://leaf.example.com/"), Now, Federation.Rules, out var fault));
        Assert.Equal(FaultKind.WrongSubject, fault!.Kind);
    }

    [Fact]
    public void A_subordinate_statement_is_no_configuration()
    {
        Assert.Null(EntityStatement.TryReadConfiguration(Subordinate, Leaf.Id, Now, Federation.Rules, out var fault));
        Assert.Equal(FaultKind.WrongIssuer, fault!.Kind);
    }

    [Fact]
    public void A_subordinate_statement_signed_by_its_subject_is_refused()
    {
        var forged = Tampered.With(Subordinate, Leaf.Key, _ => { });

        Assert.Null(EntityStatement.TryReadSubordinate(forged, SuperiorConfiguration, Leaf.Id, Now, Federation.Rules, out var fault));

        Assert.Equal(FaultKind.UnknownKey, fault!.Kind);
    }

    [Fact]
    public void A_key_with_the_right_kid_and_other_material_verifies_nothing()
    {
        var jwk = JsonNode.Parse(new Member("https://x.example").Key.PublicKey.ToUtf8Json())!.AsObject();
        jwk["kid"] = Leaf.Key.Kid;
        var jwt = Tampered.With(Configuration, Leaf.Key, claims => claims["jwks"] = new JsonObject { ["keys"] = new JsonArray(jwk) });

        Assert.Null(Read(jwt, out var fault));

        Assert.Equal(FaultKind.BadSignature, fault!.Kind);
    }

    [Fact]
    public void A_published_private_key_is_refused()
    {
        var jwt = Tampered.With(Configuration, Leaf.Key, claims => claims["jwks"] = new JsonObject { ["keys"] = new JsonArray(JsonNode.Parse(Leaf.Key.ExportPrivate())) });

        Assert.Null(Read(jwt, out var fault));

        Assert.Equal(FaultKind.InvalidKeys, fault!.Kind);
    }

    [Fact]
    public void A_critical_claim_is_accepted_where_it_is_understood()
    {
        var jwt = (Federation.Configuration(Leaf, [Superior]) with { ExtraClaims = JsonElement.Parse("""{"jti":"x"}"""), Critical = ["jti"] }).Sign(Leaf.Key);

        Assert.Null(Read(jwt, out var fault));
        Assert.Equal(FaultKind.UnknownCritical, fault!.Kind);
        Assert.NotNull(EntityStatement.TryReadConfiguration(jwt, Leaf.Id, Now, Federation.Rules with { UnderstoodClaims = ["jti"] }, out _));
    }

    [Fact]
    public void A_trust_mark_under_another_type_is_refused()
    {
        var mark = new TrustMarkDraft { Issuer = Superior.Id, Subject = Leaf.Id, Type = "https://t.example/a", IssuedAt = Now }.Sign(Superior.Key);
        var right = Federation.Configuration(Leaf, [Superior]) with { TrustMarks = [new TrustMarkEntry("https://t.example/a", mark)] };
        var wrong = right with { TrustMarks = [new TrustMarkEntry("https://t.example/b", mark)] };

        Assert.Equal(mark, Assert.Single(Read(right.Sign(Leaf.Key), out _)!.TrustMarks).Jwt);
        Assert.Null(Read(wrong.Sign(Leaf.Key), out var fault));
        Assert.Equal(FaultKind.InvalidClaim, fault!.Kind);
        Assert.Equal(FaultKind.InvalidClaim, wrong.FindFault(Federation.Rules)!.Kind);
    }

    [Fact]
    public void The_anchor_says_who_issues_and_who_owns_trust_marks()
    {
        var draft = Federation.Configuration(Superior, [], isAuthority: true) with
        {
            TrustMarkIssuers = JsonElement.Parse("""{"https://t.example":["https://i.example"],"https://anyone.example":[]}"""),
            TrustMarkOwners = JsonElement.Parse("{\"https://t.example\":{\"sub\":\"https://o.example\",\"jwks\":{\"keys\":[" + Encoding.UTF8.GetString(Leaf.Key.PublicKey.ToUtf8Json()) + "]}}}"),
        };

        var statement = EntityStatement.TryReadConfiguration(draft.Sign(Superior.Key), Superior.Id, Now, Federation.Rules, out _)!;

        Assert.Equal([EntityId.Parse("https://i.example")], statement.TrustMarkIssuers["https://t.example"]);
        Assert.Empty(statement.TrustMarkIssuers["https://anyone.example"]);
        Assert.Equal(EntityId.Parse("https://o.example"), statement.TrustMarkOwners["https://t.example"].Owner);
    }

    [Fact]
    public void A_statement_longer_than_the_rules_allow_is_refused()
    {
        var rules = Federation.Rules with { MaxLength = Configuration.Length };

        Assert.NotNull(EntityStatement.TryReadConfiguration(Configuration, Leaf.Id, Now, rules, out _));
        Assert.Null(EntityStatement.TryReadConfiguration(Configuration, Leaf.Id, Now, rules with { MaxLength = Configuration.Length - 1 }, out var fault));
        Assert.Equal(FaultKind.Malformed, fault!.Kind);
    }

    [Theory]
    [InlineData("""{"iss":"https://leaf.example.com","iss":"https://leaf.example.com"}""")]
    [InlineData("""{"metadata":{"a":{"p":1,"p":2}}}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    public void Claims_that_are_no_strict_JSON_object_are_refused(string claims)
    {
        Assert.Null(Read(Tampered.Signed(Leaf.Key, JwtTypes.EntityStatement, claims), out var fault));
        Assert.Equal(FaultKind.Malformed, fault!.Kind);
    }

    [Fact]
    public void Clocks_may_differ_by_the_skew_and_no_more()
    {
        var statement = Read(Configuration, out _)!;

        Assert.Null(statement.FindTimeFault(statement.ExpiresAt.AddSeconds(59), Federation.Rules));
        Assert.Equal(FaultKind.Expired, statement.FindTimeFault(statement.ExpiresAt.AddSeconds(60), Federation.Rules)!.Kind);
        Assert.Null(statement.FindTimeFault(statement.IssuedAt.AddSeconds(-60), Federation.Rules));
        Assert.Equal(FaultKind.NotYetValid, statement.FindTimeFault(statement.IssuedAt.AddSeconds(-61), Federation.Rules)!.Kind);
        Assert.Throws<ArgumentOutOfRangeException>(() => Federation.Rules with { ClockSkew = TimeSpan.FromMinutes(6) });
    }

    [Fact]
    public void Drafts_nobody_could_use_are_not_signed()
    {
        var draft = Federation.Configuration(Leaf, [Superior]);

        Assert.Throws<ArgumentException>(() => draft.Sign(Superior.Key));
        Assert.Throws<ArgumentException>(() => (draft with { ExpiresAt = draft.IssuedAt }).Sign(Leaf.Key));
        Assert.Throws<ArgumentException>(() => (draft with { ExtraClaims = JsonElement.Parse("""{"sub":"https://x.example"}""") }).Sign(Leaf.Key));
        Assert.Throws<ArgumentException>(() => (Federation.Statement(Superior, Leaf) with { Subject = Superior.Id }).Sign(Superior.Key));
        Assert.Throws<ArgumentException>(() => (Federation.Statement(Superior, Leaf) with { ExtraClaims = JsonElement.Parse("""{"jwks":{}}""") }).Sign(Superior.Key));
        Assert.Equal("metadata", StatementClaims.FindProtected(JsonElement.Parse("""{"jti":1,"metadata":{}}""")));
    }

    private static EntityStatement? Read(string jwt, out FederationFault? fault) =>
        EntityStatement.TryReadConfiguration(jwt, Leaf.Id, Now, Federation.Rules, out fault);
}
