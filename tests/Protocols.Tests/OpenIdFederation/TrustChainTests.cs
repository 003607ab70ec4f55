using System.Text.Json;
using System.Text.Json.Nodes;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.Statements;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

/// <summary>Chains handed over as texts: everything right, and one thing wrong.</summary>
public sealed class TrustChainTests
{
    private static readonly DateTimeOffset Now = Federation.Now;

    [Fact]
    public void A_chain_in_which_everything_holds_is_valid()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();

        var chain = Valid(federation.Chain(leaf, lower, upper, anchor), anchor);

        Assert.Equal([leaf.Id, lower.Id, upper.Id, anchor.Id], chain.Path);
        Assert.Equal(leaf.Id, chain.Subject);
        Assert.Equal(anchor.Id, chain.AnchorConfiguration!.Subject);
        Assert.Equal(5, chain.Jwts.Count);
    }

    /// <summary>OIDFed §10.4.</summary>
    [Fact]
    public void A_chain_ends_when_its_first_statement_does()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        federation.State(upper, lower, draft => draft with { ExpiresAt = Now.AddMinutes(7) });

        Assert.Equal(Now.AddMinutes(7), Valid(federation.Chain(leaf, lower, upper, anchor), anchor).ExpiresAt);
    }

    /// <summary>OIDFed §4: the anchor's configuration may be left out, for its keys are known.</summary>
    [Fact]
    public void A_chain_without_the_anchors_configuration_is_valid()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();

        var chain = Valid(federation.Chain(leaf, lower, upper, anchor)[..^1], anchor);

        Assert.Null(chain.AnchorConfiguration);
        Assert.Equal(anchor.Id, chain.Path[^1]);
    }

    [Fact]
    public void The_anchor_alone_is_a_chain_about_itself()
    {
        var (federation, _, _, _, anchor) = Federation.Line();

        Assert.Equal([anchor.Id], Valid(federation.Chain(anchor), anchor).Path);
    }

    [Theory]
    [InlineData(0, "iss", "\"https://mallory.example\"", FaultKind.MisplacedClaim)]
    [InlineData(0, "exp", "1799999000", FaultKind.Expired)]
    [InlineData(1, "exp", "1799999000", FaultKind.Expired)]
    [InlineData(3, "exp", "1799999000", FaultKind.Expired)]
    [InlineData(4, "exp", "1799999000", FaultKind.Expired)]
    [InlineData(2, "iat", "1800001000", FaultKind.NotYetValid)]
    [InlineData(1, "sub", "\"https://mallory.example\"", FaultKind.BrokenChain)]
    [InlineData(2, "sub", "\"https://mallory.example\"", FaultKind.BrokenChain)]
    [InlineData(1, "iss", "\"https://mallory.example\"", FaultKind.BrokenChain)]
    [InlineData(2, "jwks", null, FaultKind.MissingClaim)]
    [InlineData(2, "crit", """["unknown"]""", FaultKind.InvalidClaim)]
    [InlineData(3, "metadata_policy_crit", """["unknown"]""", FaultKind.UnknownCritical)]
    [InlineData(0, "authority_hints", """["https://other.example"]""", FaultKind.BrokenChain)]
    [InlineData(0, "authority_hints", null, FaultKind.BrokenChain)]
    [InlineData(3, "constraints", """{"max_path_length":1}""", FaultKind.ConstraintViolated)]
    [InlineData(2, "constraints", """{"max_path_length":0}""", FaultKind.ConstraintViolated)]
    [InlineData(3, "constraints", """{"naming_constraints":{"excluded":["leaf.example.com"]}}""", FaultKind.ConstraintViolated)]
    [InlineData(3, "constraints", """{"naming_constraints":{"permitted":["leaf.example.com"]}}""", FaultKind.ConstraintViolated)]
    public void A_chain_with_one_altered_claim_is_refused(int statement, string claim, string? json, FaultKind expected)
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        var chain = federation.Chain(leaf, lower, upper, anchor);
        Member[] signers = [leaf, lower, upper, anchor, anchor];

        chain[statement] = Tampered.With(chain[statement], signers[statement].Key, claim, json);

        Assert.Equal(expected, Refused(chain, anchor).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_statement_signed_by_somebody_else_breaks_the_chain(int statement)
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        var chain = federation.Chain(leaf, lower, upper, anchor);

        chain[statement] = Tampered.With(chain[statement], new Member("https://mallory.example").Key, _ => { });

        Assert.Equal(FaultKind.UnknownKey, Refused(chain, anchor).Kind);
    }

    /// <summary>The subject publishes a key its superior has not vouched for, and signs with it.</summary>
    [Fact]
    public void A_subject_whose_superior_knows_other_keys_is_refused()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        var imposter = new Member(leaf.Id.Value);
        federation.Publish(imposter, [lower]);

        Assert.Equal(FaultKind.UnknownKey, Refused(federation.Chain(leaf, lower, upper, anchor), anchor).Kind);
    }

    [Fact]
    public void An_anchor_that_publishes_other_keys_than_those_pinned_is_refused()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        var chain = federation.Chain(leaf, lower, upper, anchor);

        var refused = TrustChain.Verify(chain, [new TrustAnchor(anchor.Id, upper.Keys)], Now, Federation.Rules);

        Assert.Equal(FaultKind.UnknownKey, Assert.IsType<ChainVerification.Refused>(refused).Fault.Kind);
    }

    [Fact]
    public void A_chain_to_somebody_who_calls_himself_an_anchor_is_refused()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();

        Assert.Equal(FaultKind.UntrustedAnchor, Refused(federation.Chain(leaf, lower, upper, anchor), new Member("https://another.example")).Kind);
    }

    [Fact]
    public void An_entity_twice_in_a_chain_is_refused()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        federation.State(lower, upper);
        federation.State(upper, lower);
        List<string> chain =
        [
            federation.Get(leaf.Id.ConfigurationUrl),
            federation.Get(Federation.StatementUrl(lower, leaf)),
            federation.Get(Federation.StatementUrl(upper, lower)),
            federation.Get(Federation.StatementUrl(lower, upper)),
            federation.Get(Federation.StatementUrl(upper, lower)),
            federation.Get(Federation.StatementUrl(anchor, upper)),
        ];

        Assert.Equal(FaultKind.Loop, Refused(chain, anchor).Kind);
    }

    [Fact]
    public void Statements_in_another_order_are_no_chain()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        var chain = federation.Chain(leaf, lower, upper, anchor);

        Assert.Equal(FaultKind.BrokenChain, Refused([.. Enumerable.Reverse(chain)], anchor).Kind);
        Assert.Equal(FaultKind.BrokenChain, Refused([chain[0], chain[2], chain[3], chain[4]], anchor).Kind);
        Assert.Equal(FaultKind.BrokenChain, Refused([chain[1], chain[2], chain[3]], anchor).Kind);
        Assert.Equal(FaultKind.BrokenChain, Refused([chain[0], chain[4], chain[4]], anchor).Kind);
    }

    [Fact]
    public void A_chain_has_at_least_one_statement_and_no_more_than_the_rules_allow()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        var chain = federation.Chain(leaf, lower, upper, anchor);

        Assert.Equal(FaultKind.TooLong, Refused([], anchor).Kind);
        Assert.IsType<ChainVerification.Refused>(TrustChain.Verify(chain, [anchor.Anchor], Now, Federation.Rules with { MaxChainLength = 4 }));
        Assert.IsType<ChainVerification.Valid>(TrustChain.Verify(chain, [anchor.Anchor], Now, Federation.Rules with { MaxChainLength = 5 }));
    }

    /// <summary>OIDFed §6.2.1: the three chains the specification calls good.</summary>
    [Theory]
    [InlineData("2", null, null)]
    [InlineData("2", "1", null)]
    [InlineData(null, null, "0")]
    [InlineData("3", "2", "1")]
    public void A_path_as_long_as_allowed_is_valid(string? byAnchor, string? byUpper, string? byLower)
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        federation.State(anchor, upper, Limit(byAnchor));
        federation.State(upper, lower, Limit(byUpper));
        federation.State(lower, leaf, Limit(byLower));

        _ = Valid(federation.Chain(leaf, lower, upper, anchor), anchor);

        static Func<SubordinateStatementDraft, SubordinateStatementDraft> Limit(string? length) => draft =>
            length is null ? draft : draft with { Constraints = JsonElement.Parse("{\"max_path_length\":" + length + "}") };
    }

    [Fact]
    public void Metadata_of_the_immediate_superior_come_before_types_and_types_before_policy()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        federation.State(lower, leaf, draft => draft with
        {
            Metadata = JsonElement.Parse("""{"openid_relying_party":{"client_name":"By superior","policy_uri":"https://x.example/p"},"openid_provider":{"issuer":"https://x.example"}}"""),
            MetadataPolicy = JsonElement.Parse("""{"openid_relying_party":{"contacts":{"add":["lower@x.example"]}}}"""),
        });
        federation.State(upper, lower, draft => draft with
        {
            // About the intermediate alone: it has no effect on the leaf.
            Metadata = JsonElement.Parse("""{"openid_relying_party":{"client_name":"By somebody else"}}"""),
        });
        federation.State(anchor, upper, draft => draft with
        {
            Constraints = JsonElement.Parse("""{"allowed_entity_types":["openid_relying_party"]}"""),
            MetadataPolicy = JsonElement.Parse("""
                {"openid_relying_party":{"grant_types":{"subset_of":["authorization_code"]},"contacts":{"add":["anchor@x.example"]},"client_name":{"one_of":["By superior"]}},
                 "openid_provider":{"issuer":{"essential":true}}}
                """),
        });

        var chain = Valid(federation.Chain(leaf, lower, upper, anchor), anchor);

        PolicyVectorTests.Same("""
            {"openid_relying_party":{"grant_types":["authorization_code"],"client_name":"By superior","policy_uri":"https://x.example/p",
              "contacts":["anchor@x.example","lower@x.example"]},
             "federation_entity":{"organization_name":"Org"}}
            """, chain.Metadata);
    }

    [Fact]
    public void Types_that_are_not_allowed_are_taken_out_and_break_nothing()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        federation.State(upper, lower, draft => draft with { Constraints = JsonElement.Parse("""{"allowed_entity_types":[]}""") });

        PolicyVectorTests.Same("""{"federation_entity":{"organization_name":"Org"}}""", Valid(federation.Chain(leaf, lower, upper, anchor), anchor).Metadata);
    }

    [Theory]
    [InlineData("""{"openid_relying_party":{"grant_types":{"superset_of":["client_credentials"]}}}""", null, FaultKind.InvalidMetadata)]
    [InlineData("""{"openid_relying_party":{"p":{"value":"a"}}}""", """{"openid_relying_party":{"p":{"value":"b"}}}""", FaultKind.InvalidPolicy)]
    public void Policies_that_do_not_fit_make_a_chain_invalid(string byAnchor, string? byLower, FaultKind expected)
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        federation.State(anchor, upper, draft => draft with { MetadataPolicy = JsonElement.Parse(byAnchor) });
        federation.State(lower, leaf, draft => byLower is null ? draft : draft with { MetadataPolicy = JsonElement.Parse(byLower) });

        Assert.Equal(expected, Refused(federation.Chain(leaf, lower, upper, anchor), anchor).Kind);
    }

    [Fact]
    public void A_replayed_registration_request_is_no_configuration()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        var chain = federation.Chain(leaf, lower, upper, anchor);
        chain[0] = Tampered.With(chain[0], leaf.Key, claims => claims["aud"] = JsonValue.Create("https://op.example"));

        Assert.Equal(FaultKind.MisplacedClaim, Refused(chain, anchor).Kind);
    }

    private static TrustChain Valid(IReadOnlyList<string> chain, Member anchor)
    {
        var verification = TrustChain.Verify(chain, [anchor.Anchor], Now, Federation.Rules);
        return verification is ChainVerification.Valid valid ? valid.Chain : throw new Xunit.Sdk.XunitException(verification.ToString());
    }

    private static FederationFault Refused(IReadOnlyList<string> chain, Member anchor) =>
        Assert.IsType<ChainVerification.Refused>(TrustChain.Verify(chain, [anchor.Anchor], Now, Federation.Rules)).Fault;
}
