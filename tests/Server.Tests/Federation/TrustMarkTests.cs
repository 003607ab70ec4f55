using System.Net;
using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.TrustMarks;
using Signet.Server.Federation;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Federation;

/// <summary>Trust marks from the type to the status of one that was revoked long ago, as an operator and as everybody else sees them.</summary>
public sealed class TrustMarkTests : IAsyncLifetime
{
    private const string Types = "/api/v1/trustmarktypes";
    private const string Marks = "/api/v1/trustmarks";
    private const string Member = "https://federation.example/marks/member";
    private const string Subject = "https://op.campus.example";

    private TestSignet signet = null!;
    private Anchor anchor = null!;

    public async ValueTask InitializeAsync()
    {
        signet = await TestSignet.StartAsync();
        anchor = await Anchor.StartAsync(signet);
    }

    public ValueTask DisposeAsync() => signet.DisposeAsync();

    [Fact]
    public async Task A_mark_is_issued_served_listed_and_believed()
    {
        var type = await MakeAsync(("logo_uri", "https://federation.example/logo.svg"), ("ref", "https://federation.example/member"));
        var issued = await IssueAsync(("additional_claims", new Dictionary<string, object> { ["level"] = 3 }));
        var configuration = await anchor.ConfigurationAsync();
        var served = await ServedAsync();
        var mark = TrustMark.TryParse(served, FederationRules.Standard, out var fault);

        Assert.True(mark is not null, fault?.Detail);
        Assert.Equal(issued.GetProperty("mark").GetString(), served);
        Assert.Equal((anchor.Id, Subject, Member), (mark.Issuer, mark.Subject.Value, mark.Type));
        Assert.Equal("https://federation.example/logo.svg", mark.LogoUri);
        Assert.Equal(3, mark.Claims.GetProperty("level").GetInt32());
        // OIDFed §3: whole seconds.
        Assert.All((string[])["iat", "exp"], name => Assert.DoesNotContain('.', mark.Claims.GetProperty(name).GetRawText()));
        Assert.Equal([anchor.Id], configuration.TrustMarkIssuers[Member]);
        Assert.Equal([Subject], await ListAsync(Member));
        Assert.Equal([Subject], await ListAsync(Member, Subject));
        Assert.Empty(await ListAsync(Member, "https://other.example"));
        Assert.Equal("active", await StatusAsync(served));
        Assert.Equal(type, issued.GetProperty("tmt_id").GetString());
    }

    [Fact]
    public async Task The_same_type_twice_is_a_conflict_and_of_sixteen_at_once_one_is_made()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => anchor.CallAsync(HttpMethod.Post, Types, new Dictionary<string, object> { ["tmtype"] = Member })));

        Assert.Single(made, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(made.Where(answer => answer.Status != HttpStatusCode.Created), answer =>
            Assert.Equal((HttpStatusCode.Conflict, "trust_mark_types.already_exists"), (answer.Status, answer["code"])));
    }

    [Fact]
    public async Task Of_sixteen_who_issue_one_mark_one_does()
    {
        await MakeAsync();

        var issued = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => anchor.CallAsync(HttpMethod.Post, Marks, Body())));

        Assert.Single(issued, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(issued.Where(answer => answer.Status != HttpStatusCode.Created), answer => Assert.Equal("trust_marks.already_exists", answer["code"]));
    }

    [Fact]
    public async Task Point_12_2_a_revoked_mark_is_served_as_nothing_and_not_as_the_word_revoked()
    {
        await MakeAsync();
        var mark = await IssueAsync();

        await ActAsync(mark, "revoke", new Dictionary<string, object> { ["reason"] = "left" });

        var answer = await signet.CallAsync(HttpMethod.Get, MarkPath());
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (answer.Status, answer["error"]));
        Assert.Empty(await ListAsync(Member));
        Assert.Equal("revoked", await StatusAsync(mark.GetProperty("mark").GetString()!));
        Assert.Equal("trust_marks.revoked", (await anchor.CallAsync(HttpMethod.Post, $"{Marks}/{IdOf(mark)}/renew"))["code"]);
        Assert.Equal("trust_marks.revoked", (await anchor.CallAsync(HttpMethod.Post, $"{Marks}/{IdOf(mark)}/activate"))["code"]);
    }

    [Fact]
    public async Task A_status_is_of_one_jwt_and_stays_right_after_another_mark_is_issued()
    {
        await MakeAsync();
        var first = await IssueAsync();
        await ActAsync(first, "revoke", new Dictionary<string, object>());
        var second = await IssueAsync();

        Assert.Equal("revoked", await StatusAsync(first.GetProperty("mark").GetString()!));
        Assert.Equal("active", await StatusAsync(second.GetProperty("mark").GetString()!));
    }

    [Fact]
    public async Task A_suspended_mark_comes_back_as_it_was()
    {
        await MakeAsync();
        var mark = await IssueAsync();
        var jwt = mark.GetProperty("mark").GetString()!;

        await ActAsync(mark, "suspend", new Dictionary<string, object> { ["reason"] = "under review" });
        var status = await StatusAsync(jwt);
        var served = (await signet.CallAsync(HttpMethod.Get, MarkPath())).Status;
        var renewed = await anchor.CallAsync(HttpMethod.Post, $"{Marks}/{IdOf(mark)}/renew");
        await ActAsync(mark, "activate", null);

        Assert.Equal(("suspended", HttpStatusCode.NotFound, "trust_marks.suspended"), (status, served, renewed["code"]));
        Assert.Equal("active", await StatusAsync(jwt));
        Assert.Equal(jwt, await ServedAsync());
    }

    [Fact]
    public async Task New_claims_revoke_what_was_signed_before_and_no_claims_given_change_none()
    {
        await MakeAsync();
        var mark = await IssueAsync(("additional_claims", new Dictionary<string, object> { ["level"] = 3 }));
        var old = mark.GetProperty("mark").GetString()!;

        var untouched = await anchor.CallAsync(HttpMethod.Put, $"{Marks}/{IdOf(mark)}", new Dictionary<string, object> { ["autorenew"] = false });
        var changed = await anchor.CallAsync(HttpMethod.Put, $"{Marks}/{IdOf(mark)}", new Dictionary<string, object> { ["additional_claims"] = new Dictionary<string, object> { ["level"] = 4 } });

        Assert.Equal((3, old), (untouched.Json.GetProperty("additional_claims").GetProperty("level").GetInt32(), untouched["mark"]));
        Assert.Equal(4, changed.Json.GetProperty("additional_claims").GetProperty("level").GetInt32());
        Assert.Equal("revoked", await StatusAsync(old));
        Assert.Equal("active", await StatusAsync(changed["mark"]));
    }

    [Fact]
    public async Task Claims_are_held_to_what_the_type_says()
    {
        await MakeAsync(("claims", new Dictionary<string, object> { ["level"] = new Dictionary<string, object> { ["kind"] = "number", ["required"] = true } }));

        var missing = await anchor.CallAsync(HttpMethod.Post, Marks, Body());
        var wrong = await anchor.CallAsync(HttpMethod.Post, Marks, Body(("additional_claims", new Dictionary<string, object> { ["level"] = "high" })));
        var unknown = await anchor.CallAsync(HttpMethod.Post, Marks, Body(("additional_claims", new Dictionary<string, object> { ["level"] = 1, ["more"] = 2 })));
        var right = await anchor.CallAsync(HttpMethod.Post, Marks, Body(("additional_claims", new Dictionary<string, object> { ["level"] = 1 })));

        Assert.All((TestAnswer[])[missing, wrong, unknown], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.Status));
        Assert.Equal(HttpStatusCode.Created, right.Status);
    }

    [Fact]
    public async Task An_inactive_type_issues_serves_and_lists_nothing()
    {
        var type = await MakeAsync();
        var mark = await IssueAsync();

        await anchor.CallAsync(HttpMethod.Patch, $"{Types}/{type}", new Dictionary<string, object> { ["active"] = false });

        Assert.Equal("trust_mark_types.inactive", (await anchor.CallAsync(HttpMethod.Post, Marks, Body(("domain", "https://rp.campus.example"))))["code"]);
        Assert.Equal("trust_mark_types.inactive", (await anchor.CallAsync(HttpMethod.Post, $"{Marks}/{IdOf(mark)}/renew"))["code"]);
        Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(HttpMethod.Get, MarkPath())).Status);
        Assert.Empty(await ListAsync(Member));
        Assert.Empty((await anchor.ConfigurationAsync()).TrustMarkIssuers);
    }

    [Fact]
    public async Task Marks_that_renew_themselves_are_signed_before_they_end_and_of_the_others_somebody_is_told_once()
    {
        await MakeAsync(("valid_for", 240), ("renewal_time", 48));
        var mark = await IssueAsync();
        var other = await IssueAsync(("domain", "https://rp.campus.example"), ("autorenew", false));
        var old = mark.GetProperty("mark").GetString()!;

        await RenewAsync();
        Assert.Equal(old, await ServedAsync());
        signet.Clock.Advance(TimeSpan.FromHours(193));
        await RenewAsync();
        var renewed = await ServedAsync();
        await RenewAsync();
        var told = await anchor.CallAsync(HttpMethod.Get, "/api/v1/audit?action=trust_mark.expiring");

        Assert.Equal(renewed, await ServedAsync());
        Assert.Contains(IdOf(other), Assert.Single(told.Json.GetProperty("entries").EnumerateArray()).GetRawText(), StringComparison.Ordinal);
        Assert.NotEqual(old, await ServedAsync());
        // Whoever shows the old one has until its end to fetch the new one.
        Assert.Equal("active", await StatusAsync(old));
        signet.Clock.Advance(TimeSpan.FromHours(48));
        Assert.Equal("expired", await StatusAsync(old));
        Assert.Equal("expired", await StatusAsync(other.GetProperty("mark").GetString()!));
        Assert.Equal([Subject], await ListAsync(Member));
    }

    [Fact]
    public async Task Marks_of_a_key_that_was_revoked_are_invalid_and_signed_anew()
    {
        await MakeAsync();
        var mark = await IssueAsync(("autorenew", false));
        var old = mark.GetProperty("mark").GetString()!;
        var kid = KidOf(old);

        var revoked = await anchor.CallAsync(HttpMethod.Post, $"/api/v1/federation/keys/{kid}/revoke", new Dictionary<string, object> { ["reason"] = "compromised" });
        Assert.True((int)revoked.Status < 300, revoked.Text);
        var status = await StatusAsync(old);
        var served = (await signet.CallAsync(HttpMethod.Get, MarkPath())).Status;
        await RenewAsync();
        var now = await ServedAsync();

        Assert.Equal(("invalid", HttpStatusCode.NotFound), (status, served));
        Assert.NotEqual(kid, KidOf(now));
        Assert.Equal(mark.GetProperty("expire_at").GetDateTimeOffset(), TrustMark.TryParse(now, FederationRules.Standard, out _)!.ExpiresAt);
    }

    [Fact]
    public async Task A_type_of_ours_is_delegated_and_our_own_marks_show_our_leave()
    {
        var type = await MakeAsync(("owner", anchor.Id.Value), ("issuers", new[] { "https://issuer.example" }));
        var delegated = await anchor.CallAsync(HttpMethod.Post, $"{Types}/{type}/delegations", new Dictionary<string, object> { ["issuer"] = "https://issuer.example" });
        await IssueAsync();
        var configuration = await anchor.ConfigurationAsync();
        var owner = configuration.TrustMarkOwners[Member];
        var now = signet.Clock.GetUtcNow();
        var own = TrustMark.TryParse(await ServedAsync(), FederationRules.Standard, out _)!;
        var leave = TrustMarkDelegation.TryParse(delegated["delegation"], FederationRules.Standard, out var fault);

        Assert.True(leave is not null, fault?.Detail);
        Assert.Null(leave.FindFault(owner, EntityId.Parse("https://issuer.example"), Member, now, FederationRules.Standard));
        Assert.NotNull(own.Delegation);
        Assert.Null(TrustMarkDelegation.TryParse(own.Delegation, FederationRules.Standard, out _)!.FindFault(owner, anchor.Id, Member, now, FederationRules.Standard));
        Assert.Equal(HttpStatusCode.NoContent, (await anchor.CallAsync(HttpMethod.Delete, $"{Types}/{type}/delegations?issuer=https://issuer.example")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await anchor.CallAsync(HttpMethod.Delete, $"{Types}/{type}/delegations?issuer=https://issuer.example")).Status);
    }

    [Fact]
    public async Task A_type_of_anothers_is_issued_with_their_leave_alone()
    {
        using var theirs = Signet.Jose.SigningKey.Generate(Signet.Jose.JwsAlgorithm.ES256);
        var jwks = JsonElement.Parse($$"""{"keys":[{{System.Text.Encoding.UTF8.GetString(theirs.PublicKey.ToUtf8Json())}}]}""");
        var now = signet.Clock.GetUtcNow();
        string Leave(EntityId issuer) => new TrustMarkDelegationDraft
        {
            Owner = EntityId.Parse("https://owner.example"), Issuer = issuer, Type = Member, IssuedAt = now, ExpiresAt = now.AddDays(30),
        }.Sign(theirs);
        var type = await MakeAsync(("owner", "https://owner.example"), ("owner_jwks", jwks));

        var without = await anchor.CallAsync(HttpMethod.Post, Marks, Body());
        var forOthers = await anchor.CallAsync(HttpMethod.Patch, $"{Types}/{type}", new Dictionary<string, object> { ["delegation"] = Leave(EntityId.Parse("https://issuer.example")) });
        var forUs = await anchor.CallAsync(HttpMethod.Patch, $"{Types}/{type}", new Dictionary<string, object> { ["delegation"] = Leave(anchor.Id) });
        await IssueAsync();

        Assert.Equal("trust_mark_types.not_ours", without["code"]);
        Assert.Equal(HttpStatusCode.BadRequest, forOthers.Status);
        Assert.Equal(HttpStatusCode.OK, forUs.Status);
        Assert.Equal("https://owner.example", (await anchor.ConfigurationAsync()).TrustMarkOwners[Member].Owner.Value);
        Assert.NotNull(TrustMark.TryParse(await ServedAsync(), FederationRules.Standard, out _)!.Delegation);
    }

    [Fact]
    public async Task Marks_about_ourselves_and_those_of_others_stand_in_the_configuration()
    {
        using var theirs = Signet.Jose.SigningKey.Generate(Signet.Jose.JwsAlgorithm.ES256);
        var now = signet.Clock.GetUtcNow();
        string Mark(EntityId subject) => new TrustMarkDraft
        {
            Issuer = EntityId.Parse("https://issuer.example"), Subject = subject, Type = "https://issuer.example/good", IssuedAt = now, ExpiresAt = now.AddDays(30),
        }.Sign(theirs);
        await MakeAsync();
        await IssueAsync(("domain", anchor.Id.Value));

        var about = await anchor.CallAsync(HttpMethod.Post, "/api/v1/federation/own-trust-marks", new Dictionary<string, object> { ["trust_mark"] = Mark(anchor.Id) });
        var others = await anchor.CallAsync(HttpMethod.Post, "/api/v1/federation/own-trust-marks", new Dictionary<string, object> { ["trust_mark"] = Mark(EntityId.Parse(Subject)) });
        var shown = (await anchor.ConfigurationAsync()).TrustMarks;
        var removed = await anchor.CallAsync(HttpMethod.Delete, "/api/v1/federation/own-trust-marks?type=https://issuer.example/good&issuer=https://issuer.example");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.NoContent), (about.Status, others.Status, removed.Status));
        Assert.Equal(["https://issuer.example/good", Member], shown.Select(entry => entry.Type));
        Assert.Equal([Member], (await anchor.ConfigurationAsync()).TrustMarks.Select(entry => entry.Type));
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_answered_in_the_words_of_the_federation()
    {
        await MakeAsync();

        TestAnswer[] wrong =
        [
            await signet.CallAsync(HttpMethod.Get, "/trust_mark"), await signet.CallAsync(HttpMethod.Get, $"/trust_mark?sub={Uri.EscapeDataString(Subject)}"),
            await signet.CallAsync(HttpMethod.Get, $"/trust_mark?trust_mark_type={Uri.EscapeDataString(Member)}&sub=a%00b"), await signet.CallAsync(HttpMethod.Get, "/trust_mark_list"),
            await signet.CallAsync(HttpMethod.Get, $"/trust_mark_list?trust_mark_type={new string('x', 2049)}"), await signet.PostAsync("/trust_mark_status", null, []),
        ];
        var unknown = await signet.PostAsync("/trust_mark_status", null, [("trust_mark", "a.b.c")]);
        var notAForm = await signet.CallAsync(HttpMethod.Post, "/trust_mark_status", null, new Dictionary<string, object> { ["trust_mark"] = "a.b.c" });

        Assert.All(wrong, answer => Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer["error"])));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (unknown.Status, unknown["error"]));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, notAForm.Status);
        Assert.Empty(await ListAsync("https://federation.example/marks/unknown"));
    }

    private Task RenewAsync() => signet.RunScheduledAsync(RenewMarks.Job);

    private async Task<string> MakeAsync(params (string Name, object Value)[] more)
    {
        var body = new Dictionary<string, object> { ["tmtype"] = Member };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        var answer = await anchor.CallAsync(HttpMethod.Post, Types, body);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer["id"];
    }

    private async Task<JsonElement> IssueAsync(params (string Name, object Value)[] more)
    {
        var answer = await anchor.CallAsync(HttpMethod.Post, Marks, Body(more));
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer.Json;
    }

    private async Task ActAsync(JsonElement mark, string act, object? body)
    {
        var answer = await anchor.CallAsync(HttpMethod.Post, $"{Marks}/{IdOf(mark)}/{act}", body);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
    }

    private async Task<string> ServedAsync()
    {
        var answer = await signet.CallAsync(HttpMethod.Get, MarkPath());
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal("application/trust-mark+jwt", answer.Headers["Content-Type"]);
        return answer.Text;
    }

    private async Task<IReadOnlyList<string>> ListAsync(string type, string? subject = null)
    {
        var answer = await signet.CallAsync(
            HttpMethod.Get, $"/trust_mark_list?trust_mark_type={Uri.EscapeDataString(type)}{(subject is null ? "" : $"&sub={Uri.EscapeDataString(subject)}")}");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return [.. answer.Json.EnumerateArray().Select(item => item.GetString()!)];
    }

    /// <summary>The status in an answer that verifies and is about this very mark.</summary>
    private async Task<string> StatusAsync(string jwt)
    {
        var answer = await signet.PostAsync("/trust_mark_status", null, [("trust_mark", jwt)]);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal("application/trust-mark-status-response+jwt", answer.Headers["Content-Type"]);
        var mark = TrustMark.TryParse(jwt, FederationRules.Standard, out _)!;
        var keys = (await anchor.ConfigurationAsync()).Keys!;
        var status = TrustMarkStatus.TryRead(answer.Text, mark, keys, signet.Clock.GetUtcNow(), FederationRules.Standard, out var fault);
        Assert.True(status is not null, fault?.Detail);
        return status.Status;
    }

    private static string MarkPath() => $"/trust_mark?trust_mark_type={Uri.EscapeDataString(Member)}&sub={Uri.EscapeDataString(Subject)}";

    private static string KidOf(string jwt) => Signet.Jose.Jws.TryParse(jwt)!.Header.Kid!;

    private static string IdOf(JsonElement mark) => mark.GetProperty("id").GetString()!;

    private static Dictionary<string, object> Body(params (string Name, object Value)[] more)
    {
        var body = new Dictionary<string, object> { ["tmtype"] = Member, ["domain"] = Subject };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return body;
    }
}
