using System.Text;
using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.TrustMarks;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

/// <summary>A mark whose type has an owner, issued by another entity with the owner's leave; and one thing wrong.</summary>
public sealed class TrustMarkTests
{
    private const string Type = "https://refeds.org/sirtfi";
    private static readonly DateTimeOffset Now = Federation.Now;

    private readonly Federation federation = new();
    private readonly Member subject = new("https://entity.example.org");
    private readonly Member issuer = new("https://tmi.example.org");
    private readonly Member owner = new("https://tm_owner.example.org");
    private readonly Member anchor = new("https://anchor.example.org");

    private string Issuers { get; set; } = $$"""{"{{Type}}":["https://tmi.example.org"],"https://anyone.example":[]}""";

    private string? Owners { get; set; }

    [Fact]
    public void A_delegated_mark_is_believed_until_it_or_its_delegation_ends()
    {
        Own();
        var delegation = Delegation() with { ExpiresAt = Now.AddMinutes(30) };

        var valid = Assert.IsType<TrustMarkVerification.Valid>(Validate(Mark() with { Delegation = delegation.Sign(owner.Key) }));

        Assert.Equal(Now.AddMinutes(30), valid.ExpiresAt);
        Assert.Equal(Type, valid.Mark.Type);
        Assert.Equal(issuer.Id, valid.Mark.Issuer);
    }

    [Fact]
    public void A_mark_of_a_listed_issuer_needs_no_delegation_where_nobody_owns_the_type() =>
        Assert.IsType<TrustMarkVerification.Valid>(Validate(Mark()));

    [Fact]
    public void A_mark_without_end_is_believed()
    {
        var valid = Assert.IsType<TrustMarkVerification.Valid>(Validate(Mark() with { ExpiresAt = null }));

        Assert.Null(valid.ExpiresAt);
    }

    [Fact]
    public void Anyone_may_issue_where_the_list_is_empty() =>
        Assert.IsType<TrustMarkVerification.Valid>(Validate(Mark() with { Type = "https://anyone.example" }));

    [Fact]
    public void An_entity_may_mark_itself_where_the_anchor_lets_it()
    {
        var own = Mark() with { Issuer = subject.Id, Type = "https://anyone.example" };

        Assert.IsType<TrustMarkVerification.Valid>(Validate(own.Sign(subject.Key), ChainOf(subject)));
    }

    [Fact]
    public void The_anchor_itself_may_issue()
    {
        Issuers = $$"""{"{{Type}}":["https://anchor.example.org"]}""";

        Assert.IsType<TrustMarkVerification.Valid>(Validate((Mark() with { Issuer = anchor.Id }).Sign(anchor.Key), ChainOf(anchor)));
    }

    [Fact]
    public void A_type_the_anchor_does_not_know_is_not_recognized() =>
        Assert.Equal(FaultKind.UnrecognizedTrustMark, Refused(Mark() with { Type = "https://unknown.example" }).Kind);

    [Fact]
    public void An_issuer_that_is_not_listed_is_refused()
    {
        Issuers = $$"""{"{{Type}}":["https://another.example.org"]}""";

        Assert.Equal(FaultKind.UnrecognizedTrustMark, Refused(Mark()).Kind);
    }

    /// <summary>OIDFed §7.3 step 8, also for the owner itself.</summary>
    [Fact]
    public void A_mark_of_an_owned_type_without_delegation_is_refused()
    {
        Own();
        Assert.Equal(FaultKind.MissingClaim, Refused(Mark()).Kind);

        Issuers = "{}";
        Assert.Equal(FaultKind.MissingClaim, Refused((Mark() with { Issuer = owner.Id }).Sign(owner.Key), ChainOf(owner)).Kind);
    }

    [Fact]
    public void A_delegation_for_a_type_without_owner_is_refused() =>
        Assert.Equal(FaultKind.UnrecognizedTrustMark, Refused(Mark() with { Delegation = Delegation().Sign(owner.Key) }).Kind);

    [Theory]
    [InlineData("sub", "\"https://another.example.org\"", FaultKind.WrongSubject)]
    [InlineData("iss", "\"https://another.example.org\"", FaultKind.WrongIssuer)]
    [InlineData("trust_mark_type", "\"https://another.example\"", FaultKind.InvalidClaim)]
    [InlineData("trust_mark_type", null, FaultKind.MissingClaim)]
    [InlineData("iat", null, FaultKind.MissingClaim)]
    [InlineData("iat", "1800000061", FaultKind.NotYetValid)]
    [InlineData("exp", "1799999940", FaultKind.Expired)]
    public void A_delegation_with_one_claim_wrong_is_refused(string claim, string? json, FaultKind expected)
    {
        Own();

        Assert.Equal(expected, Refused(Mark() with { Delegation = Tampered.With(Delegation().Sign(owner.Key), owner.Key, claim, json) }).Kind);
    }

    /// <summary>A delegation that names the type under its old name names none.</summary>
    [Fact]
    public void A_delegation_by_trust_mark_id_is_refused()
    {
        Own();
        var old = Tampered.With(Delegation().Sign(owner.Key), owner.Key, claims =>
        {
            claims.Remove("trust_mark_type");
            claims["trust_mark_id"] = Type;
        });

        Assert.Equal(FaultKind.MissingClaim, Refused(Mark() with { Delegation = old }).Kind);
    }

    [Fact]
    public void A_delegation_of_another_typ_or_key_is_refused()
    {
        Own();
        var right = Delegation().Sign(owner.Key);

        Assert.Equal(FaultKind.WrongType, Refused(Mark() with { Delegation = Tampered.With(right, owner.Key, _ => { }, typ: JwtTypes.TrustMark) }).Kind);
        Assert.Equal(FaultKind.UnknownKey, Refused(Mark() with { Delegation = Tampered.With(right, issuer.Key, _ => { }) }).Kind);
        Assert.Equal(FaultKind.Malformed, Refused(Mark() with { Delegation = "x" }).Kind);
    }

    [Theory]
    [InlineData("iss", null, FaultKind.MissingClaim)]
    [InlineData("sub", null, FaultKind.MissingClaim)]
    [InlineData("sub", "\"https://another.example.org\"", FaultKind.WrongSubject)]
    [InlineData("iat", null, FaultKind.MissingClaim)]
    [InlineData("iat", "1800000061", FaultKind.NotYetValid)]
    [InlineData("exp", "1799999940", FaultKind.Expired)]
    [InlineData("trust_mark_type", null, FaultKind.MissingClaim)]
    [InlineData("trust_mark_type", "7", FaultKind.InvalidClaim)]
    [InlineData("delegation", "7", FaultKind.InvalidClaim)]
    public void A_mark_with_one_claim_wrong_is_refused(string claim, string? json, FaultKind expected) =>
        Assert.Equal(expected, Refused(Tampered.With(Mark().Sign(issuer.Key), issuer.Key, claim, json), ChainOf(issuer)).Kind);

    [Fact]
    public void A_mark_of_another_typ_or_key_is_refused()
    {
        var right = Mark().Sign(issuer.Key);

        Assert.Equal(FaultKind.WrongType, Refused(Tampered.With(right, issuer.Key, _ => { }, typ: "JWT"), ChainOf(issuer)).Kind);
        Assert.Equal(FaultKind.UnknownKey, Refused(Tampered.With(right, subject.Key, _ => { }), ChainOf(issuer)).Kind);
    }

    [Fact]
    public void A_chain_that_is_not_the_issuers_proves_nothing() =>
        Assert.Equal(FaultKind.WrongIssuer, Refused(Mark().Sign(issuer.Key), ChainOf(subject)).Kind);

    [Fact]
    public void A_chain_without_the_anchors_configuration_does_not_say_whose_marks_count()
    {
        var whole = ChainOf(issuer);
        var chain = ((ChainVerification.Valid)TrustChain.Verify([.. whole.Jwts.Take(2)], [anchor.Anchor], Now, Federation.Rules)).Chain;

        Assert.Equal(FaultKind.BrokenChain, Refused(Mark().Sign(issuer.Key), chain).Kind);
    }

    [Fact]
    public void Extra_claims_of_a_mark_cannot_take_the_place_of_its_own()
    {
        var mark = TrustMark.TryParse((Mark() with { ExtraClaims = JsonElement.Parse("""{"organization_name":"X"}"""), LogoUri = "https://x.example/l.svg", Reference = "https://x.example/r" }).Sign(issuer.Key), Federation.Rules, out _)!;

        Assert.Equal("X", mark.Claims.GetProperty("organization_name").GetString());
        Assert.Equal("https://x.example/l.svg", mark.LogoUri);
        Assert.Equal("https://x.example/r", mark.Reference);
        Assert.Equal("delegation", TrustMarkDraft.FindProtected(JsonElement.Parse("""{"delegation":"x"}""")));
        Assert.Throws<ArgumentException>(() => (Mark() with { ExtraClaims = JsonElement.Parse("""{"sub":"x"}""") }).Sign(issuer.Key));
    }

    [Fact]
    public void The_status_of_one_mark_says_nothing_of_another()
    {
        var mark = TrustMark.TryParse(Mark().Sign(issuer.Key), Federation.Rules, out _)!;
        var reissued = TrustMark.TryParse((Mark() with { IssuedAt = Now }).Sign(issuer.Key), Federation.Rules, out _)!;
        var answer = new TrustMarkStatus { Issuer = issuer.Id, TrustMark = mark.Jwt, Status = TrustMarkStates.Revoked, IssuedAt = Now };
        var jwt = answer.Sign(issuer.Key);

        Assert.Equal(answer, TrustMarkStatus.TryRead(jwt, mark, issuer.Keys, Now, Federation.Rules, out _));
        Assert.Equal(FaultKind.WrongSubject, Status(jwt, reissued)!.Kind);
        Assert.Equal(FaultKind.UnknownKey, Status(answer.Sign(subject.Key), mark)!.Kind);
        Assert.Equal(FaultKind.WrongIssuer, Status((answer with { Issuer = subject.Id }).Sign(issuer.Key), mark)!.Kind);
        Assert.Equal(FaultKind.WrongType, Status(Tampered.With(jwt, issuer.Key, _ => { }, typ: "trust-mark-status+jwt"), mark)!.Kind);
        Assert.Equal(FaultKind.MissingClaim, Status(Tampered.With(jwt, issuer.Key, "status", null), mark)!.Kind);
        Assert.Equal(FaultKind.Expired, Status((answer with { ExpiresAt = Now.AddMinutes(-1) }).Sign(issuer.Key), mark)!.Kind);

        FederationFault? Status(string text, TrustMark about)
        {
            _ = TrustMarkStatus.TryRead(text, about, issuer.Keys, Now, Federation.Rules, out var fault);
            return fault;
        }
    }

    private TrustMarkDraft Mark() => new() { Issuer = issuer.Id, Subject = subject.Id, Type = Type, IssuedAt = Now.AddHours(-1), ExpiresAt = Now.AddHours(1) };

    private TrustMarkDelegationDraft Delegation() => new() { Owner = owner.Id, Issuer = issuer.Id, Type = Type, IssuedAt = Now.AddHours(-1) };

    private void Own() => Owners = "{\"" + Type + "\":{\"sub\":\"" + owner.Id.Value + "\",\"jwks\":{\"keys\":[" + Encoding.UTF8.GetString(owner.Key.PublicKey.ToUtf8Json()) + "]}}}";

    private TrustChain ChainOf(Member member)
    {
        federation.Publish(anchor, [], isAuthority: true, draft => draft with
        {
            TrustMarkIssuers = JsonElement.Parse(Issuers),
            TrustMarkOwners = Owners is null ? null : JsonElement.Parse(Owners),
        });
        if (member != anchor)
        {
            federation.Publish(member, [anchor]);
            federation.State(anchor, member);
        }

        var jwts = member == anchor ? federation.Chain(anchor) : federation.Chain(member, anchor);
        return Assert.IsType<ChainVerification.Valid>(TrustChain.Verify(jwts, [anchor.Anchor], Now, Federation.Rules)).Chain;
    }

    private TrustMarkVerification Validate(TrustMarkDraft draft) => Validate(draft.Sign(issuer.Key), ChainOf(issuer));

    private TrustMarkVerification Validate(string jwt, TrustChain chain) => TrustMark.TryParse(jwt, Federation.Rules, out var fault) is { } mark
        ? TrustMarkValidation.Validate(mark, subject.Id, chain, Now, Federation.Rules)
        : new TrustMarkVerification.Refused(fault!);

    private FederationFault Refused(TrustMarkDraft draft) => Assert.IsType<TrustMarkVerification.Refused>(Validate(draft)).Fault;

    private FederationFault Refused(string jwt, TrustChain chain) => Assert.IsType<TrustMarkVerification.Refused>(Validate(jwt, chain)).Fault;
}
