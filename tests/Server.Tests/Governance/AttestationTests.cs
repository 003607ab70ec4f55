using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Governance;

/// <summary>A person says every so often that an agent is still wanted. Each test has a clock of its own to move.</summary>
public sealed class AttestationTests : IAsyncLifetime
{
    private TestSignet signet = null!;
    private Nursery nursery = null!;

    public async ValueTask InitializeAsync() => nursery = await Nursery.OpenAsync(signet = await TestSignet.StartAsync());

    public async ValueTask DisposeAsync() => await signet.DisposeAsync();

    [Fact]
    public async Task An_agent_nobody_attested_holds_no_longer_than_its_date_whether_the_job_comes_or_not()
    {
        // No scheduler: only the date speaks.
        await using var still = await TestSignet.StartAsync(configure: settings => settings with { Roles = Signet.Server.Settings.Roles.Web });
        var own = await Nursery.OpenAsync(still);
        var agent = await own.ArmAsync(await own.RegisterAloneAsync(("attestationDays", 10), ("tokenSeconds", 3600)));
        still.Clock.Advance(TimeSpan.FromDays(10) - TimeSpan.FromSeconds(2));
        var token = (await own.TokenAsync(agent))["access_token"];
        Assert.Equal(HttpStatusCode.OK, (await still.CallAsync(HttpMethod.Get, "/api/v1/agents", token)).Status);

        still.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.Unauthorized, (await still.CallAsync(HttpMethod.Get, "/api/v1/agents", token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await own.TokenAsync(agent)).Status);
        Assert.Equal("active", (await own.FindAsync(agent.Id))["status"]);

        // Too late: it stops as the job would have stopped it, and its tokens do not come back.
        var late = await AttestAsync(agent.Id, own.Key, still);
        Assert.Equal((HttpStatusCode.OK, "suspended"), (late.Status, late["status"]));
        await own.SetAsync(agent.Id, ("status", "active"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await still.CallAsync(HttpMethod.Get, "/api/v1/agents", token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await own.TokenAsync(agent)).Status);
    }

    [Fact]
    public async Task Its_people_are_told_once_before_and_it_is_suspended_at_the_date()
    {
        var agent = await nursery.RegisterAloneAsync(("attestationDays", 20));
        signet.Clock.Advance(TimeSpan.FromDays(9));
        await RoundAsync();
        Assert.DoesNotContain("agent.attestation_due", await signet.ActionsAsync(agent));

        // Half of twenty days is sooner than two weeks.
        signet.Clock.Advance(TimeSpan.FromDays(2));
        await RoundAsync();
        await RoundAsync();
        Assert.Single(await signet.ActionsAsync(agent), action => action == "agent.attestation_due");

        signet.Clock.Advance(TimeSpan.FromDays(10));
        await RoundAsync();

        Assert.Equal("suspended", (await nursery.FindAsync(agent))["status"]);
        Assert.Equal(["agent.created", "agent.attestation_due", "agent.suspended"], await signet.ActionsAsync(agent));
        Assert.Contains("signet_agents_suspended_by_rule_total{reason=\"attestation_overdue\"} 1", await signet.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attesting_does_not_resume_and_who_is_not_attested_is_not_resumed()
    {
        var agent = await nursery.RegisterAloneAsync(("attestationDays", 10));
        signet.Clock.Advance(TimeSpan.FromDays(11));
        await RoundAsync();

        var early = await nursery.SetAsync(agent, ("status", "active"));
        var attested = await AttestAsync(agent, nursery.Key);
        var between = (await nursery.FindAsync(agent))["status"];
        var resumed = await nursery.SetAsync(agent, ("status", "active"));

        Assert.Equal((HttpStatusCode.Conflict, "AGENTS_ATTESTATION_OVERDUE"), (early.Status, early["code"]));
        Assert.Equal((HttpStatusCode.OK, "suspended"), (attested.Status, attested["status"]));
        Assert.Equal(signet.Clock.GetUtcNow().AddDays(10), attested.Json.GetProperty("attestedUntil").GetDateTimeOffset());
        Assert.Equal(("suspended", "active"), (between, resumed["status"]));
    }

    [Fact]
    public async Task Owner_sponsor_and_who_manages_agents_attest_and_nobody_else()
    {
        var (owner, sponsor, stranger) = (await signet.CreateUserAsync(), await signet.CreateUserAsync(), await signet.CreateUserAsync());
        var agent = await nursery.RegisterAloneAsync(("attestationDays", 10), ("owner", owner.Email), ("sponsor", sponsor.Email));
        foreach (var person in (TestUser[])[owner, sponsor, nursery.Owner])
        {
            signet.Clock.Advance(TimeSpan.FromDays(1));
            var answer = await AttestAsync(agent, await signet.CreateApiKeyAsync(person));
            Assert.Equal((HttpStatusCode.OK, signet.Clock.GetUtcNow().AddDays(10)), (answer.Status, answer.Json.GetProperty("attestedUntil").GetDateTimeOffset()));
        }

        var refused = await AttestAsync(agent, await signet.CreateApiKeyAsync(stranger));
        // An auditor sees the agent and answers for nothing.
        var auditor = await AttestAsync(agent, await signet.CreateApiKeyAsync(Role.Auditor));
        var nobody = await AttestAsync(agent, null);

        Assert.Equal(
            (HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized), (refused.Status, auditor.Status, nobody.Status));
        Assert.Equal(3, (await signet.ActionsAsync(agent)).Count(action => action == "agent.attested"));
    }

    [Fact]
    public async Task No_agent_attests_itself_or_another_or_loosens_what_is_asked_of_people()
    {
        var admin = await nursery.ArmAsync(await nursery.RegisterAloneAsync(("attestationDays", 10), ("scopes", new[] { "agents:admin" })));
        var other = await nursery.RegisterAloneAsync(("attestationDays", 10), ("scopes", new[] { "agents:read" }));
        var blueprint = await nursery.CreateAsync(("attestationDays", 10), ("scopes", new[] { "agents:read" }));
        var token = (await nursery.TokenAsync(admin))["access_token"];

        TestAnswer[] attested = [await AttestAsync(admin.Id, token), await AttestAsync(other, token)];
        List<TestAnswer> loosened = [];
        foreach (var path in (string[])[$"agents/{admin.Id}", $"agents/{other}", $"agent-blueprints/{blueprint}"])
        {
            foreach (var days in (int?[])[null, 11])
            {
                loosened.Add(await signet.CallAsync(HttpMethod.Patch, $"/api/v1/{path}", token, new Dictionary<string, object?> { ["attestationDays"] = days }));
            }
        }

        var tightened = await signet.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{other}", token, new Dictionary<string, object?> { ["attestationDays"] = 9 });

        Assert.All(attested, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Status));
        Assert.All(loosened, answer => Assert.Equal((HttpStatusCode.Forbidden, "AGENTS_ATTESTED_BY_PEOPLE"), (answer.Status, answer["code"])));
        Assert.Equal((HttpStatusCode.OK, "9"), (tightened.Status, tightened["attestationDays"]));
    }

    [Fact]
    public async Task A_new_interval_makes_no_attestation_hold_longer()
    {
        var agent = await nursery.RegisterAloneAsync(("attestationDays", 10));
        var end = signet.Clock.GetUtcNow().AddDays(10);

        var longer = await nursery.SetAsync(agent, ("attestationDays", 100));
        var shorter = await nursery.SetAsync(agent, ("attestationDays", 1));
        var none = await nursery.SetAsync(agent, ("attestationDays", null));
        var anew = await nursery.SetAsync(agent, ("attestationDays", 5));

        Assert.Equal(end, longer.Json.GetProperty("attestedUntil").GetDateTimeOffset());
        Assert.Equal(signet.Clock.GetUtcNow().AddDays(1), shorter.Json.GetProperty("attestedUntil").GetDateTimeOffset());
        Assert.DoesNotContain("attestedUntil\":\"", none.Text, StringComparison.Ordinal);
        Assert.Equal(signet.Clock.GetUtcNow().AddDays(5), anew.Json.GetProperty("attestedUntil").GetDateTimeOffset());
    }

    [Fact]
    public async Task Of_16_who_attest_at_once_one_is_on_record_and_what_needs_none_says_so()
    {
        var agent = await nursery.RegisterAloneAsync(("attestationDays", 10));
        var free = await nursery.RegisterAloneAsync();
        var gone = await nursery.RegisterAloneAsync(("attestationDays", 10));
        await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{gone}", nursery.Key);
        signet.Clock.Advance(TimeSpan.FromDays(1));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => AttestAsync(agent, nursery.Key)));
        var needless = await AttestAsync(free, nursery.Key);
        var ended = await AttestAsync(gone, nursery.Key);

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(await signet.ActionsAsync(agent), action => action == "agent.attested");
        Assert.Equal((HttpStatusCode.Conflict, "AGENTS_NOT_ATTESTED"), (needless.Status, needless["code"]));
        Assert.Equal((HttpStatusCode.Conflict, "AGENTS_DECOMMISSIONED"), (ended.Status, ended["code"]));
    }

    [Fact]
    public async Task A_person_attests_in_their_account_and_finds_there_what_waits()
    {
        var owner = await signet.CreateUserAsync();
        var agent = await nursery.RegisterAloneAsync(("attestationDays", 10), ("owner", owner.Email));
        var foreign = await nursery.RegisterAloneAsync(("attestationDays", 10));
        var browser = await signet.SignInAsync(owner);

        var page = await browser.GetAsync("/account/agents");
        var (_, hidden) = TestBrowser.FormIn(page);
        signet.Clock.Advance(TimeSpan.FromMinutes(5));
        var done = await browser.PostFormAsync($"/account/agents/{agent}/attest", hidden);
        var refused = await browser.PostFormAsync($"/account/agents/{foreign}/attest", hidden);

        Assert.Contains($"/account/agents/{agent}/attest", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(foreign, page.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Found, HttpStatusCode.NotFound), (done.Status, refused.Status));
        Assert.EndsWith("?done=attested", done.Location, StringComparison.Ordinal);
        Assert.Contains("agent.attested", await signet.ActionsAsync(agent));
        Assert.DoesNotContain("agent.attested", await signet.ActionsAsync(foreign));
    }

    private Task<TestAnswer> AttestAsync(string agent, string? key, TestSignet? node = null) =>
        (node ?? signet).CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/attest", key);

    private Task RoundAsync() => signet.GovernAsync();
}
