using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Signet.Jose;
using Signet.OAuth;
using Signet.OAuth.TokenExchange;
using Xunit;

namespace Protocols.Tests.OAuth;

/// <summary>Starts from a delegation that is allowed, and alters one thing.</summary>
public sealed class DelegationTests
{
    private const string Issuer = "https://id.example";
    private static readonly DateTimeOffset Now = Tokens.Now;
    private static readonly Party Ada = new(Issuer, "ada");
    private static readonly Party Agent = new(Issuer, "agent");
    private static readonly Party Other = new(Issuer, "other");

    private DelegationParent subject = new(Ada, ScopeSet.Of("read", "write", "mail"), ["https://a.example", "https://b.example"], Now.AddMinutes(10));
    private DelegationParent actor = new(Agent, ScopeSet.Of("read", "write", "admin"), [Issuer], Now.AddMinutes(20));
    private WantedDelegation wanted = new(ScopeSet.Of("read"), ["https://a.example"]);
    private DelegationLimits limits = new(ScopeSet.Of("read", "write", "mail", "admin"), TimeSpan.FromMinutes(5), 2);

    [Fact]
    public void Accepts_less_than_everybody_has()
    {
        var allowed = Allowed();

        Assert.Equal(Ada, allowed.Subject);
        Assert.Equal([Agent], allowed.Actors.Chain);
        Assert.Equal(ScopeSet.Of("read"), allowed.Scope);
        Assert.Equal(["https://a.example"], allowed.Audience);
        Assert.Equal(Now.AddMinutes(5), allowed.ExpiresAt);
    }

    [Fact]
    public void What_is_not_asked_for_is_all_there_is()
    {
        wanted = new(null, []);

        Assert.Equal(ScopeSet.Of("read", "write"), Allowed().Scope);
        Assert.Equal(subject.Audience, Allowed().Audience);
    }

    [Fact]
    public void A_chain_grows_at_its_head()
    {
        subject = subject with { Actors = new(Other) };

        Assert.Equal([Agent, Other], Allowed().Actors.Chain);
    }

    [Theory]
    [InlineData("mail")] // the actor has it not
    [InlineData("admin")] // the subject has it not
    [InlineData("read delete")] // nobody has it
    public void A_wider_scope_is_refused(string scope)
    {
        Assert.True(ScopeSet.TryParse(scope, out var parsed));
        wanted = wanted with { Scope = parsed };

        Refused(DelegationDefect.ScopeTooWide);
    }

    [Fact]
    public void A_scope_beyond_the_policy_is_refused()
    {
        limits = limits with { Scope = ScopeSet.Of("write") };

        Refused(DelegationDefect.ScopeTooWide);
    }

    [Fact]
    public void Nothing_in_common_is_refused()
    {
        wanted = wanted with { Scope = null };
        actor = actor with { Scope = ScopeSet.Of("admin") };

        Refused(DelegationDefect.NoScopeLeft);
    }

    [Fact]
    public void An_audience_the_subject_is_not_for_is_refused()
    {
        wanted = wanted with { Audience = ["https://a.example", "https://c.example"] };

        Refused(DelegationDefect.AudienceTooWide);
    }

    [Fact]
    public void A_subject_for_nobody_is_for_nobody_afterwards()
    {
        subject = subject with { Audience = [] };
        wanted = wanted with { Audience = [] };

        Refused(DelegationDefect.AudienceTooWide);
    }

    [Fact]
    public void A_token_that_has_ended_is_refused()
    {
        actor = actor with { ExpiresAt = Now };
        Refused(DelegationDefect.ActorExpired);

        subject = subject with { ExpiresAt = Now };
        Refused(DelegationDefect.SubjectExpired);
    }

    [Fact]
    public void The_earliest_end_is_the_end()
    {
        subject = subject with { ExpiresAt = Now.AddMinutes(2) };
        Assert.Equal(Now.AddMinutes(2), Allowed().ExpiresAt);

        actor = actor with { ExpiresAt = Now.AddMinutes(1) };
        Assert.Equal(Now.AddMinutes(1), Allowed().ExpiresAt);
    }

    [Fact]
    public void The_longest_times_there_are_do_not_overflow()
    {
        subject = subject with { ExpiresAt = DateTimeOffset.MaxValue };
        actor = actor with { ExpiresAt = DateTimeOffset.MaxValue };
        limits = limits with { MaxLifetime = TimeSpan.MaxValue };

        Assert.Equal(DateTimeOffset.MaxValue, Allowed().ExpiresAt);
    }

    [Fact]
    public void Nobody_acts_for_themselves()
    {
        actor = actor with { Party = Ada };

        Refused(DelegationDefect.Cycle);
    }

    [Fact]
    public void Nobody_acts_twice_in_a_chain()
    {
        subject = subject with { Actors = new(Agent) };
        Refused(DelegationDefect.Cycle);

        limits = limits with { MaxDepth = 3 };
        subject = subject with { Actors = new(Other, new(Agent)) };
        Refused(DelegationDefect.Cycle);
    }

    [Fact]
    public void The_same_name_elsewhere_is_somebody_else()
    {
        subject = subject with { Actors = new(Agent with { Issuer = "https://other.example" }) };

        Assert.Equal(2, Allowed().Actors.Depth);
    }

    [Fact]
    public void A_longer_chain_than_allowed_is_refused()
    {
        subject = subject with { Actors = new(Other, new(new(Issuer, "first"))) };

        Refused(DelegationDefect.TooDeep);
    }

    [Fact]
    public void A_policy_cannot_allow_a_chain_that_could_not_be_read_again()
    {
        limits = limits with { MaxDepth = int.MaxValue };
        subject = subject with { Actors = Chain(ActorClaim.MaxDepth) };

        Refused(DelegationDefect.TooDeep);
    }

    [Fact]
    public void An_actor_who_stands_for_another_is_refused()
    {
        actor = actor with { Actors = new(Other) };

        Refused(DelegationDefect.ActorIsDelegated);
    }

    [Theory]
    [InlineData("""{"sub":"agent"}""", true)]
    [InlineData("""{"sub":"agent","iss":"https://id.example"}""", true)]
    [InlineData("""{"sub":"other"}""", false)]
    [InlineData("""{"sub":"agent","iss":"https://other.example"}""", false)]
    [InlineData("""{"sub":"agent","email":"agent@example.com"}""", false)]
    [InlineData("""{"iss":"https://id.example"}""", false)]
    [InlineData("""{"sub":["agent"]}""", false)]
    [InlineData("""{}""", false)]
    [InlineData("""[{"sub":"agent"}]""", false)]
    [InlineData("null", false)]
    public void A_named_actor_is_the_only_one(string mayAct, bool allowed)
    {
        subject = subject with { MayAct = Json(mayAct) };

        if (allowed)
        {
            Allowed();
        }
        else
        {
            Refused(DelegationDefect.NotTheNamedActor);
        }
    }

    [Fact]
    public void A_party_named_without_issuer_is_of_the_subjects_issuer()
    {
        subject = subject with { MayAct = Json("""{"sub":"agent"}"""), Party = Ada with { Issuer = "https://other.example" } };

        Refused(DelegationDefect.NotTheNamedActor);
    }

    // The claims of RFC 8693 §4.1, figures 5 and 6, and §4.4, figure 8.
    [Fact]
    public void Reads_the_actors_of_RFC_8693()
    {
        var one = ActorClaim.TryParse(Json("""{"sub":"admin@example.com"}"""), "https://issuer.example.com");
        var two = ActorClaim.TryParse(
            Json("""{"sub":"https://service16.example.com","act":{"sub":"https://service77.example.com"}}"""), "https://issuer.example.com");

        Assert.Equal([new("https://issuer.example.com", "admin@example.com")], one!.Chain);
        Assert.Equal(["https://service16.example.com", "https://service77.example.com"], two!.Chain.Select(party => party.Subject));
        Assert.True(MayActClaim.Names(
            Json("""{"sub":"admin@example.com"}"""), "https://issuer.example.com", new("https://issuer.example.com", "admin@example.com")));
    }

    // The tokens of RFC 8693 §A.2.1, and the act of the token that comes out in §A.2.5. There its end is later than its parents' and its audience is one
    // the authorization server adds; here the policy's audience is given beside the subject's token, and the earlier end holds.
    [Fact]
    public void The_delegation_of_RFC_8693_appendix_A_2_is_allowed()
    {
        const string SubjectToken =
            "eyJhbGciOiJFUzI1NiIsImtpZCI6IjE2In0.eyJhdWQiOiJodHRwczovL2FzLmV4YW1wbGUuY29tIiwiaXNzIjoiaHR0cHM6Ly9vcmlnaW5hbC1pc3N1ZXIuZXhhbXBsZS5uZXQiLCJleHAiOjE0NDE5MTAwNjAsInNjb3BlIjoic3RhdHVzIGZlZWQiLCJzdWIiOiJ1c2VyQGV4YW1wbGUubmV0IiwibWF5X2FjdCI6eyJzdWIiOiJhZG1pbkBleGFtcGxlLm5ldCJ9fQ.4rPRSWihQbpMIgAmAoqaJojAxj-p2X8_fAtAGTXrvMxU-eEZHnXqY0_AOZgLdxw5DyLzua8H_I10MCcckF-Q_g";
        const string ActorToken =
            "eyJhbGciOiJFUzI1NiIsImtpZCI6IjE2In0.eyJhdWQiOiJodHRwczovL2FzLmV4YW1wbGUuY29tIiwiaXNzIjoiaHR0cHM6Ly9vcmlnaW5hbC1pc3N1ZXIuZXhhbXBsZS5uZXQiLCJleHAiOjE0NDE5MTAwNjAsInN1YiI6ImFkbWluQGV4YW1wbGUubmV0In0.7YQ-3zPfhUvzje5oqw8COCvN5uP6NsKik9CVV6cAOf4QKgM-tKfiOwcgZoUuDL2tEs6tqPlcBlMjiSzEjm3yBg";
        var scope = ScopeSet.Of("status", "feed");
        var (one, two) = (ClaimsOf(SubjectToken), ClaimsOf(ActorToken));
        subject = new(new(one.Issuer!, one.Subject!), scope, ["urn:example:cooperation-context"], one.ExpiresAt!.Value)
        {
            MayAct = one.Members.GetProperty("may_act"),
        };
        actor = new(new(two.Issuer!, two.Subject!), scope, two.Audiences, two.ExpiresAt!.Value);

        var allowed = Assert.IsType<DelegationOutcome.Allowed>(Delegation.Check(
            subject, actor, new(null, ["urn:example:cooperation-context"]), limits with { Scope = scope }, one.ExpiresAt.Value.AddMinutes(-1)));

        Assert.Equal("user@example.net", allowed.Subject.Subject);
        Assert.Equal(ActorClaim.TryParse(Json("""{"sub":"admin@example.net"}"""), "https://original-issuer.example.net"), allowed.Actors);
        Assert.Equal((scope, one.ExpiresAt), (allowed.Scope, allowed.ExpiresAt));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"agent\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sub":""}""")]
    [InlineData("""{"sub":7}""")]
    [InlineData("""{"sub":"a","iss":7}""")]
    [InlineData("""{"sub":"a","iss":""}""")]
    [InlineData("""{"sub":"a","act":null}""")]
    [InlineData("""{"sub":"a","act":{"iss":"b"}}""")]
    public void What_is_no_actor_is_refused(string act) => Assert.Null(ActorClaim.TryParse(Json(act), Issuer));

    [Fact]
    public void A_chain_is_read_to_its_limit_and_not_beyond()
    {
        Assert.Equal(ActorClaim.MaxDepth, ActorClaim.TryParse(Json(Print(Chain(ActorClaim.MaxDepth))), Issuer)!.Depth);
        Assert.Null(ActorClaim.TryParse(Json(Print(Chain(ActorClaim.MaxDepth + 1))), Issuer));
    }

    [Fact]
    public void What_is_written_reads_the_same()
    {
        var chain = new ActorClaim(Agent, new(new("https://other.example", "first"), new(Other)));

        Assert.Equal("""{"sub":"agent","act":{"sub":"first","iss":"https://other.example","act":{"sub":"other"}}}""", Print(chain));
        Assert.Equal(chain, ActorClaim.TryParse(Json(Print(chain)), Issuer));
    }

    [Fact]
    public void Any_JSON_gets_an_answer() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            foreach (var text in (byte[][])[bytes, [.. "{\"sub\":"u8, .. bytes, .. "}"u8], [.. "{\"sub\":\"a\",\"act\":"u8, .. bytes, .. "}"u8]])
            {
                if (StrictJson.TryParseElement(text) is { } json)
                {
                    _ = ActorClaim.TryParse(json, Issuer);
                    _ = MayActClaim.Names(json, Issuer, Agent);
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Whatever_is_asked_delegation_only_shrinks()
    {
        var seen = 0;
        var scopes = Gen.SubListOf("a", "b", "c").Select(tokens => ScopeSet.Of(tokens));
        var audiences = Gen.SubListOf("x", "y", "z").Select(names => (IReadOnlyList<string>)[.. names]);
        var parents =
            from name in Gen.Elements("p", "q", "r", "s")
            from scope in scopes
            from audience in audiences
            from minutes in Gen.Choose(-1, 10)
            from depth in Gen.Choose(0, 3)
            select new DelegationParent(new(Issuer, name), scope, audience, Now.AddMinutes(minutes)) { Actors = depth == 0 ? null : Chain(depth) };
        var cases =
            from first in parents
            from second in parents
            from scope in Gen.OneOf(scopes, Gen.Constant(ScopeSet.Empty))
            from all in Gen.Elements(true, false)
            from audience in audiences
            from policy in scopes
            from minutes in Gen.Choose(1, 10)
            from depth in Gen.Choose(0, 4)
            select (Subject: first, Actor: second with { Actors = null }, Wanted: new WantedDelegation(all ? null : scope, audience),
                Limits: new DelegationLimits(policy, TimeSpan.FromMinutes(minutes), depth));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(cases.ToArbitrary(), input =>
        {
            if (Delegation.Check(input.Subject, input.Actor, input.Wanted, input.Limits, Now) is not DelegationOutcome.Allowed allowed)
            {
                return true;
            }

            seen++;
            return allowed.Scope.IsSubsetOf(input.Subject.Scope) && allowed.Scope.IsSubsetOf(input.Actor.Scope)
                && allowed.Scope.IsSubsetOf(input.Limits.Scope) && !allowed.Scope.IsEmpty
                && allowed.Audience.All(input.Subject.Audience.Contains) && allowed.Audience.Count > 0
                && allowed.ExpiresAt <= input.Subject.ExpiresAt && allowed.ExpiresAt <= input.Actor.ExpiresAt
                && allowed.ExpiresAt <= Now + input.Limits.MaxLifetime && allowed.ExpiresAt > Now
                && allowed.Actors.Depth <= input.Limits.MaxDepth && allowed.Subject == input.Subject.Party
                && allowed.Actors.Chain.Append(allowed.Subject).Distinct().Count() == allowed.Actors.Depth + 1;
        }));
        Assert.True(seen > 20, $"Only {seen} cases were allowed.");
    }

    private static ActorClaim? Chain(int depth) =>
        Enumerable.Range(0, depth).Aggregate((ActorClaim?)null, (prior, number) => new(new(Issuer, $"{number}"), prior));

    private static string Print(ActorClaim? chain)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            chain!.WriteTo(writer, Issuer);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static JwtClaims ClaimsOf(string token) => JwtClaims.TryParse(Jws.TryParse(token)!.UnverifiedPayload.Span)!;

    private static JsonElement Json(string text) => StrictJson.TryParseElement(Encoding.UTF8.GetBytes(text))!.Value;

    private DelegationOutcome.Allowed Allowed() =>
        Assert.IsType<DelegationOutcome.Allowed>(Delegation.Check(subject, actor, wanted, limits, Now));

    private void Refused(DelegationDefect defect) =>
        Assert.Equal(new DelegationOutcome.Refused(defect), Delegation.Check(subject, actor, wanted, limits, Now));
}
