using System.Text.Json;
using Signet.Jose;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.Messages;
using Signet.OpenIdFederation.Statements;
using Signet.OpenIdFederation.TrustMarks;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

/// <summary>Resolve responses, key sets, explicit registration, error bodies.</summary>
public sealed class MessageTests
{
    private static readonly DateTimeOffset Now = Federation.Now;
    private static readonly FederationRules Rules = Federation.Rules;

    private readonly Federation federation;
    private readonly Member leaf;
    private readonly Member lower;
    private readonly Member upper;
    private readonly Member anchor;
    private readonly Member provider = new("https://op.example.com");

    public MessageTests()
    {
        (federation, leaf, lower, upper, anchor) = Federation.Line();
        federation.Publish(provider, [anchor]);
        federation.State(anchor, provider);
    }

    private TrustChain LeafChain => ((ChainVerification.Valid)TrustChain.Verify(federation.Chain(leaf, lower, upper, anchor), [anchor.Anchor], Now, Rules)).Chain;

    [Fact]
    public void A_resolve_response_holds_the_chain_and_the_types_asked_for()
    {
        var response = ResolveResponse.Of(LeafChain, anchor.Id, ["openid_relying_party"], [], Now);

        var read = Read(response.Sign(anchor.Key), out var fault);

        Assert.Null(fault);
        Assert.Equal(["openid_relying_party"], read!.Metadata.EnumerateObject().Select(type => type.Name));
        Assert.Equal(LeafChain.Jwts, read.TrustChain);
        Assert.Equal(LeafChain.ExpiresAt, read.ExpiresAt);
        Assert.Null(read.Audience);
        Assert.Empty(read.IssuerChain);
        Assert.False(Tampered.Claims(response.Sign(anchor.Key)).TryGetProperty("trust_marks", out _));
    }

    [Fact]
    public void A_type_the_subject_is_not_of_gives_no_metadata() =>
        Assert.Empty(ResolveResponse.Of(LeafChain, anchor.Id, ["openid_provider"], [], Now).Metadata.EnumerateObject());

    [Fact]
    public void A_resolve_response_ends_with_the_first_mark_in_it()
    {
        var mark = TrustMark.TryParse(
            new TrustMarkDraft { Issuer = anchor.Id, Subject = leaf.Id, Type = "https://t.example", IssuedAt = Now, ExpiresAt = Now.AddMinutes(5) }.Sign(anchor.Key), Rules, out _)!;

        var response = ResolveResponse.Of(LeafChain, anchor.Id, [], [new TrustMarkVerification.Valid(mark, mark.ExpiresAt)], Now);

        Assert.Equal(Now.AddMinutes(5), response.ExpiresAt);
        Assert.Equal(new TrustMarkEntry("https://t.example", mark.Jwt), Assert.Single(Read(response.Sign(anchor.Key), out _)!.TrustMarks));
    }

    /// <summary>OIDFed §8.3.2: the header's chain is the issuer's own, the claim's the subject's.</summary>
    [Fact]
    public void The_chain_in_the_header_is_the_resolvers()
    {
        var own = federation.Chain(anchor);

        var read = Read((ResolveResponse.Of(LeafChain, anchor.Id, [], [], Now) with { IssuerChain = own }).Sign(anchor.Key), out _)!;

        Assert.Equal(own, read.IssuerChain);
    }

    [Fact]
    public void A_resolve_response_for_somebody_else_is_refused()
    {
        var response = ResolveResponse.Of(LeafChain, anchor.Id, [], [], Now) with { Audience = provider.Id };
        var jwt = response.Sign(anchor.Key);

        Assert.Equal(provider.Id, ResolveResponse.TryRead(jwt, anchor.Id, anchor.Keys, leaf.Id, provider.Id, Now, Rules, out _)!.Audience);
        Assert.Null(ResolveResponse.TryRead(jwt, anchor.Id, anchor.Keys, leaf.Id, lower.Id, Now, Rules, out var fault));
        Assert.Equal(FaultKind.WrongAudience, fault!.Kind);
        Assert.Null(Read(jwt, out fault));
        Assert.Equal(FaultKind.WrongAudience, fault!.Kind);
    }

    [Theory]
    [InlineData("iss", "\"https://x.example\"", FaultKind.WrongIssuer)]
    [InlineData("sub", "\"https://x.example\"", FaultKind.WrongSubject)]
    [InlineData("exp", "1799999940", FaultKind.Expired)]
    [InlineData("exp", null, FaultKind.MissingClaim)]
    [InlineData("metadata", null, FaultKind.MissingClaim)]
    [InlineData("trust_chain", null, FaultKind.MissingClaim)]
    [InlineData("trust_chain", "\"x\"", FaultKind.InvalidClaim)]
    [InlineData("trust_marks", "[1]", FaultKind.MissingClaim)]
    public void A_resolve_response_with_one_claim_wrong_is_refused(string claim, string? json, FaultKind expected)
    {
        Assert.Null(Read(Tampered.With(ResolveResponse.Of(LeafChain, anchor.Id, [], [], Now).Sign(anchor.Key), anchor.Key, claim, json), out var fault));
        Assert.Equal(expected, fault!.Kind);
    }

    [Fact]
    public void Historical_keys_say_when_a_key_was_good()
    {
        var old = SigningKey.Generate(JwsAlgorithm.ES256).PublicKey;
        var leaked = SigningKey.Generate(JwsAlgorithm.ES256).PublicKey;
        var answer = new HistoricalKeys
        {
            Issuer = anchor.Id,
            IssuedAt = Now,
            Keys =
            [
                new HistoricalKey(old, Now.AddDays(-10)) { IssuedAt = Now.AddDays(-20) },
                new HistoricalKey(leaked, Now.AddDays(-1)) { Revocation = new KeyRevocation(Now.AddDays(-5), KeyRevocationReasons.Compromised) },
            ],
        };

        var read = HistoricalKeys.TryRead(answer.Sign(anchor.Key), anchor.Id, anchor.Keys, Now, Rules, out _)!;

        Assert.Equal([old.Kid, leaked.Kid], read.Keys.Select(key => key.Key.Kid));
        Assert.Equal(new KeyRevocation(Now.AddDays(-5), "compromised"), read.Keys[1].Revocation);
        Assert.True(read.Keys[0].WasValidAt(Now.AddDays(-15)));
        Assert.False(read.Keys[0].WasValidAt(Now.AddDays(-21)));
        Assert.False(read.Keys[0].WasValidAt(Now.AddDays(-10)));
        Assert.True(read.Keys[1].WasValidAt(Now.AddDays(-6)));
        Assert.False(read.Keys[1].WasValidAt(Now.AddDays(-5)));
    }

    [Theory]
    [InlineData("keys", null, FaultKind.MissingClaim)]
    [InlineData("keys", """[{"kty":"EC","kid":"a"}]""", FaultKind.InvalidKeys)]
    [InlineData("keys", """[{"kty":"EC","exp":1}]""", FaultKind.InvalidKeys)]
    [InlineData("keys", """[{"kty":"EC","kid":"a","exp":1},{"kty":"EC","kid":"a","exp":1}]""", FaultKind.InvalidKeys)]
    [InlineData("keys", """[{"kty":"EC","kid":"a","exp":1,"revoked":{}}]""", FaultKind.InvalidKeys)]
    [InlineData("keys", """[{"kty":"EC","kid":"a","exp":1,"revoked":true}]""", FaultKind.InvalidKeys)]
    [InlineData("iss", "\"https://x.example\"", FaultKind.WrongIssuer)]
    [InlineData("iat", null, FaultKind.MissingClaim)]
    public void Historical_keys_with_one_thing_wrong_are_refused(string claim, string? json, FaultKind expected)
    {
        var jwt = new HistoricalKeys { Issuer = anchor.Id, IssuedAt = Now, Keys = [] }.Sign(anchor.Key);

        Assert.Null(HistoricalKeys.TryRead(Tampered.With(jwt, anchor.Key, claim, json), anchor.Id, anchor.Keys, Now, Rules, out var fault));

        Assert.Equal(expected, fault!.Kind);
    }

    /// <summary>OIDFed §5.2.1: signed with a federation key, its keys at the top.</summary>
    [Fact]
    public void A_signed_key_set_is_believed_from_its_entity_alone()
    {
        var keys = JsonElement.Parse("[" + System.Text.Encoding.UTF8.GetString(SigningKey.Generate(JwsAlgorithm.ES256).PublicKey.ToUtf8Json()) + "]");
        var set = new SignedKeySet { Issuer = leaf.Id, Subject = leaf.Id, Keys = keys, IssuedAt = Now };
        var jwt = set.Sign(leaf.Key);

        Assert.Single(SignedKeySet.TryRead(jwt, leaf.Id, leaf.Keys, Now, Rules, out _)!.ToJwks().Keys);
        Assert.Equal(FaultKind.UnknownKey, Fault(jwt, leaf.Id, lower.Keys));
        Assert.Equal(FaultKind.WrongIssuer, Fault(jwt, lower.Id, leaf.Keys));
        Assert.Equal(FaultKind.WrongSubject, Fault((set with { Subject = lower.Id }).Sign(leaf.Key), leaf.Id, leaf.Keys));
        Assert.Equal(FaultKind.WrongType, Fault(Tampered.With(jwt, leaf.Key, _ => { }, typ: "JWT"), leaf.Id, leaf.Keys));
        Assert.Equal(FaultKind.MissingClaim, Fault(Tampered.With(jwt, leaf.Key, "keys", null), leaf.Id, leaf.Keys));
        Assert.Throws<ArgumentException>(() => (set with { Keys = JsonElement.Parse("""[{"kty":"EC","d":"AA"}]""") }).Sign(leaf.Key));

        static FaultKind Fault(string text, EntityId entity, FederationKeys federationKeys)
        {
            _ = SignedKeySet.TryRead(text, entity, federationKeys, Now, Rules, out var fault);
            return fault!.Kind;
        }
    }

    [Theory]
    [InlineData("alone")]
    [InlineData("header")]
    [InlineData("body")]
    public async Task A_registration_request_is_verified_by_the_chain_it_brings_or_by_a_search(string form)
    {
        var chain = federation.Chain(leaf, lower, upper, anchor);
        var draft = Federation.Configuration(leaf, [lower]) with { Metadata = JsonElement.Parse("""{"openid_relying_party":{"client_name":"For this provider"}}""") };
        var jwt = RegistrationRequest.Sign(draft, leaf.Key, provider.Id, form is "header" ? chain : [], form is "header" ? federation.Chain(provider, anchor) : []);
        var (contentType, body) = form is "body"
            ? (JwtTypes.TrustChainContentType, "[" + string.Join(',', chain.Skip(1).Prepend(jwt).Select(text => $"\"{text}\"")) + "]")
            : (RegistrationRequest.StatementContentType, jwt);

        var request = RegistrationRequest.TryRead(contentType, body, provider.Id, EntityTypes.OpenIdRelyingParty, Rules, out var fault);

        Assert.Null(fault);
        Assert.Equal(form is not "alone", request!.HasChain);
        Assert.Equal(form is "header" ? 3 : 0, request.PeerChain.Count);
        var resolved = form is "alone"
            ? ((ChainSearch.Found)await new TrustChainBuilder(federation, Rules).FindAsync(request.Configuration, [anchor.Anchor], Now, TestContext.Current.CancellationToken)).Chain
            : Assert.IsType<ChainVerification.Valid>(request.Verify([anchor.Anchor], Now, Rules)).Chain;
        PolicyVectorTests.Same("""{"openid_relying_party":{"client_name":"For this provider"}}""", resolved.Metadata);
    }

    [Fact]
    public void A_registration_request_signed_with_a_key_no_superior_knows_is_refused()
    {
        var imposter = new Member(leaf.Id.Value);
        var jwt = RegistrationRequest.Sign(Federation.Configuration(imposter, [lower]), imposter.Key, provider.Id, federation.Chain(leaf, lower, upper, anchor), []);
        var request = RegistrationRequest.TryRead(RegistrationRequest.StatementContentType, jwt, provider.Id, EntityTypes.OpenIdRelyingParty, Rules, out _)!;

        Assert.Equal(FaultKind.UnknownKey, Assert.IsType<ChainVerification.Refused>(request.Verify([anchor.Anchor], Now, Rules)).Fault.Kind);
    }

    [Theory]
    [InlineData("aud", null, FaultKind.WrongAudience)]
    [InlineData("aud", "\"https://other.example\"", FaultKind.WrongAudience)]
    [InlineData("aud", """["https://op.example.com","https://other.example"]""", FaultKind.WrongAudience)]
    [InlineData("authority_hints", null, FaultKind.MissingClaim)]
    [InlineData("metadata", null, FaultKind.MissingClaim)]
    [InlineData("metadata", """{"openid_provider":{}}""", FaultKind.MissingClaim)]
    [InlineData("trust_anchor", "\"https://anchor.example.org\"", FaultKind.MisplacedClaim)]
    public void A_registration_request_with_one_claim_wrong_is_refused(string claim, string? json, FaultKind expected)
    {
        var jwt = Tampered.With(RegistrationRequest.Sign(Federation.Configuration(leaf, [lower]), leaf.Key, provider.Id, [], []), leaf.Key, claim, json);

        Assert.Null(RegistrationRequest.TryRead(RegistrationRequest.StatementContentType, jwt, provider.Id, EntityTypes.OpenIdRelyingParty, Rules, out var fault));

        Assert.Equal(expected, fault!.Kind);
    }

    [Fact]
    public void A_registration_request_of_another_content_type_or_with_another_chain_is_refused()
    {
        var jwt = RegistrationRequest.Sign(Federation.Configuration(leaf, [lower]), leaf.Key, provider.Id, federation.Chain(lower, upper, anchor), []);

        Assert.Null(RegistrationRequest.TryRead("application/json", jwt, provider.Id, EntityTypes.OpenIdRelyingParty, Rules, out var fault));
        Assert.Equal(FaultKind.WrongType, fault!.Kind);
        Assert.Null(RegistrationRequest.TryRead(RegistrationRequest.StatementContentType, jwt, provider.Id, EntityTypes.OpenIdRelyingParty, Rules, out fault));
        Assert.Equal(FaultKind.WrongSubject, fault!.Kind);
        Assert.Null(RegistrationRequest.TryRead(JwtTypes.TrustChainContentType, "[1]", provider.Id, EntityTypes.OpenIdRelyingParty, Rules, out fault));
        Assert.Equal(FaultKind.Malformed, fault!.Kind);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("iss", "\"https://x.example\"", FaultKind.WrongIssuer)]
    [InlineData("sub", "\"https://x.example\"", FaultKind.WrongSubject)]
    [InlineData("aud", "\"https://x.example\"", FaultKind.WrongAudience)]
    [InlineData("aud", null, FaultKind.MissingClaim)]
    [InlineData("trust_anchor", null, FaultKind.MissingClaim)]
    [InlineData("trust_anchor", "\"https://x.example\"", FaultKind.UntrustedAnchor)]
    [InlineData("authority_hints", """["https://x.example"]""", FaultKind.InvalidClaim)]
    [InlineData("authority_hints", """["https://lower.example.com","https://upper.example.com"]""", FaultKind.InvalidClaim)]
    [InlineData("authority_hints", null, FaultKind.InvalidClaim)]
    [InlineData("metadata", null, FaultKind.MissingClaim)]
    [InlineData("metadata", """{"openid_relying_party":{}}""", FaultKind.InvalidMetadata)]
    [InlineData("exp", "1799999940", FaultKind.Expired)]
    public void A_registration_response_is_believed_or_refused(string? claim, string? json, FaultKind? expected)
    {
        var request = Federation.Configuration(leaf, [lower]);
        var providerChain = ((ChainVerification.Valid)TrustChain.Verify(federation.Chain(provider, anchor), [anchor.Anchor], Now, Rules)).Chain;
        var jwt = new RegistrationResponse
        {
            Provider = provider.Id,
            RelyingParty = leaf.Id,
            IssuedAt = Now,
            ExpiresAt = Now.AddHours(1),
            TrustAnchor = anchor.Id,
            Superior = lower.Id,
            Metadata = request.Metadata!.Value,
        }.Sign(provider.Key);
        jwt = claim is null ? jwt : Tampered.With(jwt, provider.Key, claim, json);

        var response = RegistrationResponse.TryRead(jwt, providerChain, request, [anchor.Anchor], Now, Rules, out var fault);

        Assert.Equal(expected, fault?.Kind);
        Assert.Equal(expected is null, response is not null);
        Assert.Equal("explicit-registration-response+jwt", Tampered.Header(jwt)["typ"]!.GetValue<string>());
    }

    [Fact]
    public void A_registration_response_is_no_statement_and_the_reverse()
    {
        var statement = federation.Get(Federation.StatementUrl(anchor, provider));
        var providerChain = ((ChainVerification.Valid)TrustChain.Verify(federation.Chain(provider, anchor), [anchor.Anchor], Now, Rules)).Chain;

        Assert.Null(RegistrationResponse.TryRead(statement, providerChain, Federation.Configuration(leaf, [lower]), [anchor.Anchor], Now, Rules, out var fault));
        Assert.Equal(FaultKind.WrongType, fault!.Kind);
        Assert.Null(EntityStatement.TryParse(Tampered.With(statement, anchor.Key, _ => { }, typ: JwtTypes.ExplicitRegistrationResponse), Rules, out fault));
        Assert.Equal(FaultKind.WrongType, fault!.Kind);
    }

    [Fact]
    public void Errors_have_the_codes_and_statuses_of_the_specification()
    {
        (FederationError Error, string Code, int Status)[] all =
        [
            (FederationError.InvalidRequest("d"), "invalid_request", 400), (FederationError.InvalidClient("d"), "invalid_client", 401),
            (FederationError.InvalidIssuer("d"), "invalid_issuer", 404), (FederationError.InvalidSubject("d"), "invalid_subject", 404),
            (FederationError.InvalidTrustAnchor("d"), "invalid_trust_anchor", 404), (FederationError.InvalidTrustChain("d"), "invalid_trust_chain", 400),
            (FederationError.InvalidMetadata("d"), "invalid_metadata", 400), (FederationError.NotFound("d"), "not_found", 404),
            (FederationError.ServerError("d"), "server_error", 500), (FederationError.TemporarilyUnavailable("d"), "temporarily_unavailable", 503),
            (FederationError.UnsupportedParameter("d"), "unsupported_parameter", 400),
        ];

        Assert.All(all, one => Assert.Equal((one.Code, one.Status), (one.Error.Code, one.Error.Status)));
        PolicyVectorTests.Same("""{"error":"not_found","error_description":"d"}""", JsonElement.Parse(System.Text.Encoding.UTF8.GetString(FederationError.NotFound("d").ToUtf8Json())));
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.NotEmpty(new FederationFault(kind, "d").ToError().Code));
    }

    private ResolveResponse? Read(string jwt, out FederationFault? fault) => ResolveResponse.TryRead(jwt, anchor.Id, anchor.Keys, leaf.Id, null, Now, Rules, out fault);
}
