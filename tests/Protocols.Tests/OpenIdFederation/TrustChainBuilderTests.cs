using System.Globalization;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.Statements;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

/// <summary>Searching upwards through a federation, with members that fail, lie, loop and lead astray.</summary>
public sealed class TrustChainBuilderTests
{
    private static readonly DateTimeOffset Now = Federation.Now;

    [Fact]
    public async Task The_search_finds_the_chain()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();

        var chain = Found(await federation.FindAsync(leaf, anchor));

        Assert.Equal([leaf.Id, lower.Id, upper.Id, anchor.Id], chain.Path);
        Assert.Equal(7, federation.Fetched.Count);
    }

    [Fact]
    public async Task Of_two_chains_the_shorter_is_taken_whatever_the_order_of_hints()
    {
        var (federation, leaf, lower, _, anchor) = Federation.Line();
        federation.Publish(leaf, [lower, anchor]);
        federation.State(anchor, leaf);

        Assert.Equal([leaf.Id, anchor.Id], Found(await federation.FindAsync(leaf, anchor)).Path);
    }

    [Fact]
    public async Task A_shorter_chain_that_does_not_hold_gives_way_to_a_longer_one_that_does()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        federation.Publish(leaf, [anchor, lower]);
        federation.State(anchor, leaf, draft => draft with { ExpiresAt = Now.AddMinutes(-5) });

        Assert.Equal([leaf.Id, lower.Id, upper.Id, anchor.Id], Found(await federation.FindAsync(leaf, anchor)).Path);
    }

    [Fact]
    public async Task Of_equally_long_chains_that_of_the_earlier_anchor_is_taken()
    {
        var federation = new Federation();
        Member leaf = new("https://leaf.example.com"), one = new("https://one.example.org"), other = new("https://other.example.org");
        federation.Publish(leaf, [one, other]);
        foreach (var anchor in (Member[])[one, other])
        {
            federation.Publish(anchor, [], isAuthority: true);
            federation.State(anchor, leaf);
        }

        Assert.Equal(other.Id, Found(await federation.FindAsync(leaf, other, one)).Anchor.Id);
        Assert.Equal(one.Id, Found(await federation.FindAsync(leaf, one, other)).Anchor.Id);
        var all = await new TrustChainBuilder(federation, Federation.Rules).FindAllAsync(leaf.Id, [other.Anchor, one.Anchor], Now, TestContext.Current.CancellationToken);
        Assert.Equal([other.Id, one.Id], all.Chains.Select(chain => chain.Anchor.Id));
    }

    /// <summary>The visited set of one branch must not hide another: both ways meet at one intermediate.</summary>
    [Fact]
    public async Task All_paths_through_a_shared_intermediate_are_found()
    {
        var federation = new Federation();
        Member leaf = new("https://leaf.example.com"), left = new("https://left.example.com"), right = new("https://right.example.com"),
            shared = new("https://shared.example.com"), anchor = new("https://anchor.example.org");
        federation.Publish(leaf, [left, right]);
        federation.Publish(left, [shared], isAuthority: true);
        federation.Publish(right, [shared], isAuthority: true);
        federation.Publish(shared, [anchor], isAuthority: true);
        federation.Publish(anchor, [], isAuthority: true);
        federation.State(left, leaf);
        federation.State(right, leaf);
        federation.State(shared, left);
        federation.State(shared, right);
        federation.State(anchor, shared);

        var all = await new TrustChainBuilder(federation, Federation.Rules).FindAllAsync(leaf.Id, [anchor.Anchor], Now, TestContext.Current.CancellationToken);

        Assert.Equal([left.Id, right.Id], all.Chains.Select(chain => chain.Path[1]));
        Assert.Equal(federation.Fetched.Count, federation.Fetched.Distinct().Count());
    }

    /// <summary>OIDFed §4.1: an anchor may be an intermediate of another federation.</summary>
    [Fact]
    public async Task The_search_goes_on_above_an_anchor()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();

        var all = await new TrustChainBuilder(federation, Federation.Rules)
            .FindAllAsync(leaf.Id, [anchor.Anchor, lower.Anchor], Now, TestContext.Current.CancellationToken);

        Assert.Equal([lower.Id, anchor.Id], all.Chains.Select(chain => chain.Anchor.Id));
        Assert.Equal(upper.Id, all.Chains[1].Path[2]);
    }

    [Fact]
    public async Task An_anchor_resolves_to_itself()
    {
        var (federation, _, _, _, anchor) = Federation.Line();

        Assert.Equal([anchor.Id], Found(await federation.FindAsync(anchor, anchor)).Path);
    }

    [Fact]
    public async Task Superiors_in_a_circle_end_the_search()
    {
        var federation = new Federation();
        Member leaf = new("https://leaf.example.com"), one = new("https://one.example.com"), other = new("https://other.example.com"), anchor = new("https://anchor.example.org");
        federation.Publish(leaf, [one]);
        federation.Publish(one, [other], isAuthority: true);
        federation.Publish(other, [one, leaf, other], isAuthority: true);
        federation.State(one, leaf);
        federation.State(other, one);

        var faults = NotFound(await federation.FindAsync(leaf, anchor));

        Assert.Contains(faults, fault => fault.Kind is FaultKind.Loop);
        Assert.Equal(5, federation.Fetched.Count);
    }

    [Fact]
    public async Task A_superior_that_cannot_be_reached_makes_the_answer_a_passing_one()
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        federation.Set(upper.Id.ConfigurationUrl, new FetchedDocument.Unavailable("timeout", TimeSpan.FromSeconds(30)));

        var unavailable = Assert.IsType<ChainSearch.Unavailable>(await federation.FindAsync(leaf, anchor));

        Assert.Equal(TimeSpan.FromSeconds(30), unavailable.RetryAfter);
        Assert.Equal("temporarily_unavailable", unavailable.Faults.Single(fault => fault.IsTransient).ToError().Code);
        Assert.DoesNotContain(Federation.StatementUrl(anchor, upper), federation.Fetched);
        _ = lower;
    }

    [Fact]
    public async Task One_dead_branch_does_not_take_the_others_with_it()
    {
        var (federation, leaf, lower, _, anchor) = Federation.Line();
        Member dead = new("https://dead.example.com"), gone = new("https://gone.example.com");
        federation.Publish(leaf, [dead, gone, lower]);
        federation.Set(dead.Id.ConfigurationUrl, new FetchedDocument.Unavailable("503", null));

        _ = Found(await federation.FindAsync(leaf, anchor));
    }

    [Fact]
    public async Task A_subject_without_configuration_is_not_found()
    {
        var (federation, _, _, _, anchor) = Federation.Line();

        Assert.Contains(NotFound(await federation.FindAsync(new Member("https://nobody.example.com"), anchor)), fault => fault.Kind is FaultKind.NotFound);
    }

    [Theory]
    [InlineData("configuration of another entity", FaultKind.WrongSubject)]
    [InlineData("statement about another subject", FaultKind.WrongSubject)]
    [InlineData("statement of another issuer", FaultKind.WrongIssuer)]
    [InlineData("no fetch endpoint", FaultKind.NotFound)]
    [InlineData("no JWT", FaultKind.Malformed)]
    [InlineData("configuration instead of statement", FaultKind.WrongIssuer)]
    [InlineData("trust mark type", FaultKind.WrongType)]
    [InlineData("unknown crit", FaultKind.UnknownCritical)]
    [InlineData("expired statement", FaultKind.Expired)]
    public async Task A_superior_that_lies_is_not_followed(string lie, FaultKind expected)
    {
        var (federation, leaf, lower, upper, anchor) = Federation.Line();
        var statement = Federation.StatementUrl(upper, lower);
        switch (lie)
        {
            case "configuration of another entity":
                federation.Set(upper.Id.ConfigurationUrl, federation.Get(anchor.Id.ConfigurationUrl));
                break;
            case "statement about another subject":
                federation.Set(statement, Federation.Statement(upper, leaf).Sign(upper.Key));
                break;
            case "statement of another issuer":
                federation.Set(statement, Federation.Statement(anchor, lower).Sign(anchor.Key));
                break;
            case "no fetch endpoint":
                federation.Publish(upper, [anchor]);
                break;
            case "no JWT":
                federation.Set(statement, "<html>");
                break;
            case "configuration instead of statement":
                federation.Set(statement, federation.Get(lower.Id.ConfigurationUrl));
                break;
            case "trust mark type":
                federation.Set(statement, Tampered.With(federation.Get(statement), upper.Key, _ => { }, typ: JwtTypes.TrustMark));
                break;
            case "unknown crit":
                federation.Set(statement, Tampered.With(federation.Get(statement), upper.Key, claims => { claims["x"] = 1; claims["crit"] = new System.Text.Json.Nodes.JsonArray("x"); }));
                break;
            case "expired statement":
                federation.State(upper, lower, draft => draft with { ExpiresAt = Now.AddMinutes(-2) });
                break;
        }

        Assert.Contains(NotFound(await federation.FindAsync(leaf, anchor)), fault => fault.Kind == expected);
    }

    [Fact]
    public async Task An_unknown_anchor_is_said_to_be_the_reason()
    {
        var (federation, leaf, _, _, _) = Federation.Line();

        var fault = Assert.Single(NotFound(await federation.FindAsync(leaf, new Member("https://other.example.org"))));

        Assert.Equal("invalid_trust_anchor", fault.ToError().Code);
        Assert.Equal(404, fault.ToError().Status);
    }

    [Fact]
    public async Task A_flood_of_hints_is_cut_off()
    {
        var (federation, leaf, _, _, anchor) = Federation.Line();
        federation.Publish(leaf, [.. Enumerable.Range(0, 200).Select(i => new Member(string.Create(CultureInfo.InvariantCulture, $"https://h{i}.example.com")))]);

        _ = NotFound(await federation.FindAsync(leaf, anchor));

        Assert.Equal(1 + Federation.Rules.MaxAuthorityHints, federation.Fetched.Count);
    }

    /// <summary>Every entity names two more, for ever: the search stops at its caps.</summary>
    [Fact]
    public async Task An_endless_federation_is_cut_off()
    {
        var endless = new EndlessFederation();
        var rules = Federation.Rules with { MaxFetches = 40, MaxPaths = 20 };

        var search = await new TrustChainBuilder(endless, rules).FindAsync(endless.Leaf.Id, [new Member("https://anchor.example.org").Anchor], Now, TestContext.Current.CancellationToken);

        Assert.Contains(NotFound(search), fault => fault.Kind is FaultKind.TooLong);
        Assert.InRange(endless.Fetches, 10, 40);
    }

    [Fact]
    public async Task A_tower_of_intermediates_is_followed_as_far_as_the_rules_allow()
    {
        var federation = new Federation();
        var tower = Enumerable.Range(0, 13).Select(i => new Member(string.Create(CultureInfo.InvariantCulture, $"https://m{i}.example.com"))).ToArray();
        for (var i = 0; i < tower.Length; i++)
        {
            federation.Publish(tower[i], i + 1 < tower.Length ? [tower[i + 1]] : [], isAuthority: true);
            if (i > 0)
            {
                federation.State(tower[i], tower[i - 1]);
            }
        }

        Assert.Equal(12, Found(await federation.FindAsync(tower[0], tower[10])).Statements.Count);
        Assert.Contains(NotFound(await federation.FindAsync(tower[0], tower[11])), fault => fault.Kind is FaultKind.TooLong);
    }

    [Fact]
    public async Task A_configuration_that_was_handed_over_is_not_fetched()
    {
        var (federation, leaf, _, _, anchor) = Federation.Line();
        var configuration = EntityStatement.TryParse(federation.Get(leaf.Id.ConfigurationUrl), Federation.Rules, out _)!;

        var search = await new TrustChainBuilder(federation, Federation.Rules).FindAsync(configuration, [anchor.Anchor], Now, TestContext.Current.CancellationToken);

        Assert.Same(configuration, Found(search).Configuration);
        Assert.DoesNotContain(leaf.Id.ConfigurationUrl, federation.Fetched);
    }

    private static TrustChain Found(ChainSearch search) =>
        search is ChainSearch.Found found ? found.Chain : throw new Xunit.Sdk.XunitException(search is ChainSearch.NotFound none ? string.Join('\n', none.Faults) : search.ToString());

    private static IReadOnlyList<FederationFault> NotFound(ChainSearch search) => Assert.IsType<ChainSearch.NotFound>(search).Faults;

    private sealed class EndlessFederation : IStatementFetcher
    {
        private readonly Dictionary<EntityId, Member> members = [];
        private int fetches;

        public Member Leaf { get; } = new("https://e.example.com");

        public int Fetches => fetches;

        public Task<FetchedDocument> FetchConfigurationAsync(EntityId entity, CancellationToken ct)
        {
            fetches++;
            var member = Of(entity);
            Member[] superiors = [Of(EntityId.Parse(entity.Value + "/a")), Of(EntityId.Parse(entity.Value + "/b"))];
            return Task.FromResult<FetchedDocument>(new FetchedDocument.Found(Federation.Configuration(member, superiors, isAuthority: true).Sign(member.Key)));
        }

        public Task<FetchedDocument> FetchSubordinateAsync(EntityStatement superior, EntityId subject, CancellationToken ct)
        {
            fetches++;
            return Task.FromResult<FetchedDocument>(new FetchedDocument.Found(Federation.Statement(Of(superior.Subject), Of(subject)).Sign(Of(superior.Subject).Key)));
        }

        private Member Of(EntityId id)
        {
            if (!members.TryGetValue(id, out var member))
            {
                members[id] = member = id == Leaf.Id ? Leaf : new Member(id.Value);
            }

            return member;
        }
    }
}
