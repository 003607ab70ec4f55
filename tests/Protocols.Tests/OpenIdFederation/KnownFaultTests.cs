using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.Messages;
using Signet.OpenIdFederation.Statements;
using Signet.OpenIdFederation.TrustMarks;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

/// <summary>Faults other implementations had, where no test elsewhere is about exactly that; and what the conformance suite sends.</summary>
public sealed class KnownFaultTests
{
    private static readonly DateTimeOffset Now = Federation.Now;
    private static readonly FederationRules Rules = Federation.Rules;
    private static readonly Member Leaf = new("https://leaf.example.com");
    private static readonly Member Superior = new("https://superior.example.org");

    [Fact]
    public void Every_reader_demands_its_own_typ()
    {
        var configuration = Federation.Configuration(Leaf, [Superior]).Sign(Leaf.Key);
        string[] types = [JwtTypes.EntityStatement, JwtTypes.TrustMark, JwtTypes.TrustMarkDelegation, JwtTypes.TrustMarkStatus, JwtTypes.ResolveResponse, JwtTypes.KeySet, "JWT"];
        var mark = TrustMark.TryParse(new TrustMarkDraft { Issuer = Superior.Id, Subject = Leaf.Id, Type = "t", IssuedAt = Now }.Sign(Superior.Key), Rules, out _)!;

        foreach (var typ in types)
        {
            var jwt = Tampered.With(configuration, Leaf.Key, _ => { }, typ);
            Demands(JwtTypes.EntityStatement, (EntityStatement.TryParse(jwt, Rules, out var fault), fault));
            Demands(JwtTypes.TrustMark, (TrustMark.TryParse(jwt, Rules, out fault), fault));
            Demands(JwtTypes.TrustMarkDelegation, (TrustMarkDelegation.TryParse(jwt, Rules, out fault), fault));
            Demands(JwtTypes.TrustMarkStatus, (TrustMarkStatus.TryRead(jwt, mark, Superior.Keys, Now, Rules, out fault), fault));
            Demands(JwtTypes.ResolveResponse, (ResolveResponse.TryRead(jwt, Leaf.Id, Leaf.Keys, Leaf.Id, null, Now, Rules, out fault), fault));
            Demands(JwtTypes.KeySet, (HistoricalKeys.TryRead(jwt, Leaf.Id, Leaf.Keys, Now, Rules, out fault), fault));
            Demands(JwtTypes.KeySet, (SignedKeySet.TryRead(jwt, Leaf.Id, Leaf.Keys, Now, Rules, out fault), fault));

            void Demands(string own, (object? Value, FederationFault? Fault) read) => Assert.Equal(typ != own, read.Fault?.Kind is FaultKind.WrongType);
        }
    }

    [Fact]
    public void A_statement_of_another_issuer_or_about_another_subject_is_refused()
    {
        var mallory = new Member("https://mallory.example");
        var superior = Read(Federation.Configuration(Superior, [], isAuthority: true).Sign(Superior.Key), Superior);

        Assert.Null(EntityStatement.TryReadSubordinate(Federation.Statement(mallory, Leaf).Sign(mallory.Key), superior!, Leaf.Id, Now, Rules, out var fault));
        Assert.Equal(FaultKind.WrongIssuer, fault!.Kind);
        Assert.Null(EntityStatement.TryReadSubordinate(Federation.Statement(Superior, mallory).Sign(Superior.Key), superior!, Leaf.Id, Now, Rules, out fault));
        Assert.Equal(FaultKind.WrongSubject, fault!.Kind);
    }

    [Fact]
    public void Hints_of_trust_anchors_are_written_and_read()
    {
        var draft = Federation.Configuration(Leaf, [Superior]) with { TrustAnchorHints = [EntityId.Parse("https://anchor.example.org")] };

        Assert.Equal(draft.TrustAnchorHints, Read(draft.Sign(Leaf.Key), Leaf)!.TrustAnchorHints);
    }

    [Theory]
    [InlineData("jwks_uri")]
    [InlineData("signed_jwks_uri")]
    public void Federation_keys_are_in_the_statement_and_nowhere_else(string elsewhere)
    {
        var jwt = Tampered.With(Federation.Configuration(Leaf, [Superior]).Sign(Leaf.Key), Leaf.Key, claims =>
        {
            claims.Remove("jwks");
            claims[elsewhere] = "https://leaf.example.com/jwks";
        });

        Assert.Null(EntityStatement.TryParse(jwt, Rules, out var fault));
        Assert.Equal(FaultKind.MissingClaim, fault!.Kind);
    }

    [Fact]
    public void Critical_operators_are_written_and_demanded()
    {
        var jwt = (Federation.Statement(Superior, Leaf) with { CriticalOperators = ["regexp"] }).Sign(Superior.Key);

        Assert.Equal("regexp", Assert.Single(Tampered.Claims(jwt).GetProperty("metadata_policy_crit").EnumerateArray()).GetString());
        Assert.Null(EntityStatement.TryParse(jwt, Rules, out var fault));
        Assert.Equal(FaultKind.UnknownCritical, fault!.Kind);
    }

    [Fact]
    public void Two_keys_of_one_kid_are_refused()
    {
        var key = JsonElement.Parse(System.Text.Encoding.UTF8.GetString(Leaf.Key.PublicKey.ToUtf8Json()));

        Assert.Null(FederationKeys.TryParse(JsonElement.Parse("{\"keys\":[" + key + "," + key + "]}"), out var fault));
        Assert.Equal(FaultKind.InvalidKeys, fault!.Kind);
        Assert.Throws<ArgumentException>(() => FederationKeys.Of(Leaf.Key.PublicKey, Leaf.Key.PublicKey));
    }

    [Fact]
    public void Null_in_metadata_is_refused_wherever_it_stands()
    {
        var superior = Federation.Statement(Superior, Leaf) with { Metadata = JsonElement.Parse("""{"openid_relying_party":{"contacts":null}}""") };
        var own = Federation.Configuration(Leaf, [Superior]) with { Metadata = JsonElement.Parse("""{"openid_relying_party":{"contacts":null}}""") };

        Assert.Equal(FaultKind.InvalidMetadata, superior.FindFault(Rules)!.Kind);
        Assert.Equal(FaultKind.InvalidMetadata, own.FindFault(Rules)!.Kind);
    }

    /// <summary>What the suite publishes as a provider under test's counterpart, module by module.</summary>
    [Theory]
    [InlineData("openid-federation-client-invalid-iss-in-entity-configuration", "iss", "\"https://invalid.example\"")]
    [InlineData("openid-federation-client-invalid-sub-in-entity-configuration", "sub", "\"https://invalid.example\"")]
    [InlineData("openid-federation-client-invalid-missing-exp-in-entity-configuration", "exp", null)]
    [InlineData("openid-federation-client-invalid-missing-iat-in-entity-configuration", "iat", null)]
    [InlineData("openid-federation-automatic-client-registration-invalid-iss-in-entity-configuration", "iss", "\"https://invalid.example\"")]
    public async Task A_configuration_as_the_conformance_suite_spoils_it_gives_no_chain(string module, string claim, string? json)
    {
        var (federation, leaf, _, _, anchor) = Federation.Line();
        federation.Set(leaf.Id.ConfigurationUrl, Tampered.With(federation.Get(leaf.Id.ConfigurationUrl), leaf.Key, claim, json));

        Assert.False(await federation.FindAsync(leaf, anchor) is ChainSearch.Found, module);
    }

    private static EntityStatement? Read(string jwt, Member entity) => EntityStatement.TryReadConfiguration(jwt, entity.Id, Now, Rules, out _);
}
