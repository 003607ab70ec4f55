using System.Net;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Approvals;

/// <summary>An agent asks, a person answers on a page, and one token comes of it (CIBA, poll mode).</summary>
public sealed class ApprovalTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private Desk desk = null!;

    public async ValueTask InitializeAsync() => desk = await Desk.OpenAsync(signet);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_person_allows_and_the_agent_gets_one_token_for_it()
    {
        var asked = await desk.TryAskAsync(("authorization_details", Desk.Details), ("requested_expiry", "300"));
        Assert.Equal((HttpStatusCode.OK, "300", "5"), (asked.Status, asked["expires_in"], asked["interval"]));
        Assert.Equal("authorization_pending", (await desk.PollAsync(asked["auth_req_id"]))["error"]);
        var browser = await signet.SignInAsync(desk.Person);
        var list = await browser.GetAsync("/account/approvals");
        var id = await desk.NewestAsync();
        Assert.Contains($"/account/approvals/{id}\"", list.Text, StringComparison.Ordinal);
        var page = await browser.GetAsync($"/account/approvals/{id}");
        Assert.Contains("&lt;Merchant&gt; A", page.Text, StringComparison.Ordinal);
        var text = WebUtility.HtmlDecode(page.Text);
        foreach (var shown in (string[])["Order 4711", "payment_initiation", "instructed amount › currency", "EUR", "123.50", "creditor name", "initiate, status", "api:pay", "answers for it"])
        {
            Assert.Contains(shown, text, StringComparison.Ordinal);
        }

        var done = await browser.FollowAsync(await browser.SubmitAsync(page, ("decision", "allow")));

        Assert.Contains("The agent may do it once", done.Text, StringComparison.Ordinal);
        var token = await desk.PollAsync(asked["auth_req_id"]);
        Assert.True(token.Status == HttpStatusCode.OK, token.Text);
        Assert.Equal(("api:pay", "300"), (token["scope"], token["expires_in"]));
        Assert.True(token.Has("id_token"));
        var claims = (await desk.Fleet.IntrospectAsync(desk.Agent, token["access_token"])).Json;
        Assert.Equal(
            (desk.Person.Id.ToString(), desk.Agent.Id, "payment_initiation"),
            (claims.GetProperty("sub").GetString(), claims.GetProperty("act").GetProperty("sub").GetString(), claims.GetProperty("authorization_details")[0].GetProperty("type").GetString()));
        Assert.Equal("invalid_grant", (await desk.PollAsync(asked["auth_req_id"]))["error"]);
        Assert.Equal("used", await desk.StatusAsync());
        Assert.Equal(
            ["approval.granted", "approval.requested", "delegation.token_issued"],
            (await signet.ActionsAsync(desk.Agent.Id)).Where(action => action.StartsWith("approval.", StringComparison.Ordinal) || action.StartsWith("delegation.", StringComparison.Ordinal)).Order());
        Assert.Contains("""signet_approvals_total{outcome="requested"}""", await signet.MetricsAsync(), StringComparison.Ordinal);
        // Before the person it proves nothing.
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.UserInfoAsync(token["access_token"])).Status);
    }

    [Fact]
    public async Task Without_a_hint_the_owner_is_asked()
    {
        var request = await desk.AskAsync(("login_hint", ""));

        await desk.DecideAsync("allow", desk.Fleet.Owner);

        Assert.Equal(HttpStatusCode.OK, (await desk.PollAsync(request)).Status);
    }

    [Fact]
    public async Task What_was_denied_gives_nothing_and_is_answered_once()
    {
        var request = await desk.AskAsync();
        var browser = await signet.SignInAsync(desk.Person);
        var page = await browser.GetAsync($"/account/approvals/{await desk.NewestAsync()}");

        await browser.SubmitAsync(page, ("decision", "deny"));

        Assert.Equal("access_denied", (await desk.PollAsync(request))["error"]);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(page, ("decision", "allow"))).Status);
        Assert.Contains("approval.denied", await signet.ActionsAsync(desk.Agent.Id));
    }

    [Fact]
    public async Task Of_sixteen_answers_one_counts_and_of_sixteen_polls_one_gets_the_token()
    {
        var request = await desk.AskAsync();
        var browser = await signet.SignInAsync(desk.Person);
        var page = await browser.GetAsync($"/account/approvals/{await desk.NewestAsync()}");

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(at => browser.SubmitAsync(page, ("decision", at % 2 == 0 ? "allow" : "deny"))));
        var polls = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => desk.PollAsync(request)));

        var winner = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Found);
        Assert.Equal(15, answers.Count(answer => answer.Status == HttpStatusCode.NotFound));
        if (winner.Location!.EndsWith("allowed", StringComparison.Ordinal))
        {
            Assert.Single(polls, poll => poll.Status == HttpStatusCode.OK);
            Assert.Equal(15, polls.Count(poll => poll.Status == HttpStatusCode.BadRequest && poll["error"] == "invalid_grant"));
        }
        else
        {
            Assert.All(polls, poll => Assert.Equal("access_denied", poll["error"]));
        }
    }

    [Fact]
    public async Task Of_sixteen_polls_on_two_nodes_one_gets_the_token()
    {
        await using var other = await signet.StartNodeAsync();
        var request = await desk.AskAsync();
        await desk.DecideAsync("allow");

        var polls = await Task.WhenAll(Enumerable.Range(0, 16).Select(at =>
            (at % 2 == 0 ? signet : other).PostAsync("/oauth2/token", desk.Agent, [("grant_type", Desk.Ciba), ("auth_req_id", request)])));

        Assert.Single(polls, poll => poll.Status == HttpStatusCode.OK);
        Assert.Equal(15, polls.Count(poll => poll.Status == HttpStatusCode.BadRequest && poll["error"] == "invalid_grant"));
    }

    [Fact]
    public async Task Who_polls_too_often_waits_longer()
    {
        var request = await desk.AskAsync();
        Assert.Equal("authorization_pending", (await desk.PollAsync(request))["error"]);
        Assert.Equal("slow_down", (await desk.PollAsync(request))["error"]);
        signet.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("slow_down", (await desk.PollAsync(request))["error"]);
        signet.Clock.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal("authorization_pending", (await desk.PollAsync(request))["error"]);

        await desk.DecideAsync("allow");

        Assert.Equal(HttpStatusCode.OK, (await desk.PollAsync(request)).Status);
    }

    [Theory]
    [InlineData(false, "unanswered")]
    [InlineData(true, "unused")]
    public async Task What_ran_out_gives_nothing_and_is_on_record_once(bool allowed, string because)
    {
        var request = await desk.AskAsync(("requested_expiry", "60"));
        if (allowed)
        {
            await desk.DecideAsync("allow");
        }

        signet.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal("expired_token", (await desk.PollAsync(request))["error"]);
        var browser = await signet.SignInAsync(desk.Person);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/account/approvals/{await desk.NewestAsync()}")).Status);
        await signet.RunScheduledAsync("approvals.expire");
        await signet.RunScheduledAsync("approvals.expire");
        Assert.Single(await signet.ActionsAsync(desk.Agent.Id), action => action == "approval.expired");
        var record = await signet.CallAsync(HttpMethod.Get, $"/api/v1/audit?action=approval.expired&target={desk.Agent.Id}", desk.Fleet.Key);
        var entry = await signet.CallAsync(HttpMethod.Get, $"/api/v1/audit/{record.Json.GetProperty("entries")[0].GetProperty("id").GetString()}", desk.Fleet.Key);
        Assert.Contains($"\"{because}\"", entry.Text, StringComparison.Ordinal);
        Assert.Equal("expired", await desk.StatusAsync());
    }

    [Fact]
    public async Task After_a_month_it_is_forgotten()
    {
        await desk.AskAsync();
        signet.Clock.Advance(TimeSpan.FromDays(31));

        await signet.RunScheduledAsync("approvals.expire");
        await signet.RunScheduledAsync("approvals.expire");

        Assert.Equal(0, (await desk.ListAsync()).Json.GetProperty("approvals").GetArrayLength());
    }

    [Fact]
    public async Task A_question_outlives_the_process_it_was_put_to()
    {
        await using var first = await TestSignet.StartAsync();
        var other = await Desk.OpenAsync(first);
        var request = await other.AskAsync();
        await other.DecideAsync("allow");
        await first.StopAsync();

        await using var second = await first.StartNodeAsync();

        var answer = await second.PostAsync("/oauth2/token", other.Agent, [("grant_type", Desk.Ciba), ("auth_req_id", request)]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }
}
