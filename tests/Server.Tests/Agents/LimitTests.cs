using System.Net;
using Signet.Platform.Cache;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>What a tenant allows its agents. The counter is AG-A7.</summary>
public sealed class LimitTests
{
    private static readonly (string, string)[] Grant = [("grant_type", "client_credentials")];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A7_Of_200_requests_at_once_on_two_nodes_100_below_the_limit_100_succeed_though_Redis_is_emptied()
    {
        await using var redis = await RedisProcess.StartNewAsync(Ct);
        Assert.True(RedisAddress.TryParse(redis.Url, out var address));
        await using var one = await TestSignet.StartAsync(configure: settings => settings with { Redis = address });
        await using var two = await one.StartNodeAsync();
        var key = await one.CreateApiKeyAsync(Role.Owner);
        var agent = await one.RegisterAgentAsync(key);
        await LimitAsync(one, key, ("tokens_a_month", 10_000));
        await SetCountAsync(one, agent, 9_900);

        var requests = Enumerable.Range(0, 200).Select(number => (number % 2 == 0 ? one : two).PostAsync("/api/v1/token", agent, Grant)).ToList();
        await redis.KillAsync();
        await redis.StartAsync(Ct);
        var answers = await Task.WhenAll(requests);

        Assert.Equal(100, answers.Count(answer => answer.Status is HttpStatusCode.OK));
        Assert.All(
            answers.Where(answer => answer.Status is not HttpStatusCode.OK),
            answer => Assert.Equal((HttpStatusCode.Forbidden, "token_limit_exceeded"), (answer.Status, answer["error"])));
        Assert.Equal((10_000, 10_000), await UsageAsync(one, key, agent));
    }

    [Fact]
    public async Task A7_The_month_begins_anew_in_UTC_and_not_before()
    {
        await using var signet = await TestSignet.StartAsync();
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        signet.Clock.Set(new DateTimeOffset(2030, 1, 31, 23, 59, 50, TimeSpan.Zero));
        var agent = await signet.RegisterAgentAsync(key);
        await LimitAsync(signet, key, ("tokens_a_month", 1));

        var first = await signet.PostAsync("/oauth2/token", agent, Grant);
        signet.Clock.Advance(TimeSpan.FromSeconds(9));
        var second = await signet.PostAsync("/oauth2/token", agent, Grant);
        signet.Clock.Advance(TimeSpan.FromSeconds(1));
        var next = await signet.PostAsync("/oauth2/token", agent, Grant);
        var after = await signet.PostAsync("/oauth2/token", agent, Grant);

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden],
            [first.Status, second.Status, next.Status, after.Status]);
    }

    [Fact]
    public async Task An_agents_budget_holds_beside_the_tenants_limit_and_counts_what_came_before_it_and_outlives_the_process()
    {
        await using var first = await TestSignet.StartAsync();
        var key = await first.CreateApiKeyAsync(Role.Owner);
        var agent = await first.RegisterAgentAsync(key);
        await first.PostAsync("/oauth2/token", agent, Grant);
        Assert.Equal((1, null), await UsageAsync(first, key, agent));
        await first.PostAsync("/oauth2/token", agent, Grant);

        var set = await first.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{agent.Id}", key, new Dictionary<string, object?> { ["monthlyTokens"] = 3 });
        await first.StopAsync();
        await using var second = await first.StartNodeAsync();
        var third = await second.PostAsync("/oauth2/token", agent, Grant);
        var fourth = await second.PostAsync("/oauth2/token", agent, Grant);
        await second.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{agent.Id}", key, new Dictionary<string, object?> { ["monthlyTokens"] = null });
        var freed = await second.PostAsync("/oauth2/token", agent, Grant);

        Assert.Equal("3", set["monthlyTokens"]);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.OK], [third.Status, fourth.Status, freed.Status]);
        Assert.Equal((4, null), await UsageAsync(second, key, agent));
        Assert.Contains("token.refused", await second.ActionsAsync(agent.Id));
    }

    [Fact]
    public async Task A_budget_is_at_most_the_tenants()
    {
        await using var signet = await TestSignet.StartAsync();
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        var agent = await signet.RegisterAgentAsync(key);
        await LimitAsync(signet, key, ("tokens_a_month", 10));

        var refused = await signet.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{agent.Id}", key, new Dictionary<string, object> { ["monthlyTokens"] = 11 });

        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (refused.Status, refused["code"]));
    }

    [Fact]
    public async Task Of_16_who_register_the_last_agent_at_once_one_does_and_a_decommissioned_one_makes_room()
    {
        await using var signet = await TestSignet.StartAsync();
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        var agent = await signet.RegisterAgentAsync(key);
        await LimitAsync(signet, key, ("agents", 2));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => RegisterAsync(signet, key)));
        await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent.Id}", key);
        var again = await RegisterAsync(signet, key);

        Assert.Single(answers, answer => answer.Status is HttpStatusCode.Created);
        var refused = answers.First(answer => answer.Status is not HttpStatusCode.Created);
        Assert.Equal((HttpStatusCode.Forbidden, "FREE_TIER_LIMIT_EXCEEDED"), (refused.Status, refused["code"]));
        Assert.Equal(2, refused.Json.GetProperty("details").GetProperty("limit").GetInt32());
        Assert.Equal(HttpStatusCode.Created, again.Status);
    }

    [Fact]
    public async Task A_client_that_asks_too_often_is_told_when_to_come_back_and_no_other_is()
    {
        await using var signet = await TestSignet.StartAsync();
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        var agent = await signet.RegisterAgentAsync(key);
        var other = await signet.RegisterAgentAsync(key);
        await LimitAsync(signet, key, ("requests_a_minute", 2));
        await signet.PostAsync("/oauth2/token", agent, Grant);
        await signet.PostAsync("/oauth2/token", agent, Grant);

        var refused = await signet.PostAsync("/oauth2/token", agent, Grant);

        Assert.Equal((HttpStatusCode.TooManyRequests, "temporarily_unavailable"), (refused.Status, refused["error"]));
        Assert.True(int.Parse(refused.Headers["Retry-After"]) is > 0 and <= 60);
        Assert.Equal(("2", "0"), (refused.Headers["RateLimit-Limit"], refused.Headers["RateLimit-Remaining"]));
        Assert.Equal(HttpStatusCode.OK, (await signet.PostAsync("/oauth2/token", other, Grant)).Status);
    }

    [Fact]
    public async Task The_limits_of_one_tenant_are_nothing_to_another_and_what_they_cannot_be_is_refused()
    {
        await using var signet = await TestSignet.StartAsync();
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        await LimitAsync(signet, key, ("agents", 1));
        var tenant = await signet.CreateTenantAsync();
        var foreign = await signet.CreateApiKeyAsync(Role.Owner, tenant.Id);

        var settings = await signet.CallAsync(HttpMethod.Get, $"/t/{tenant.Slug}/api/v1/tenant/settings", foreign);
        var refused = await signet.CallAsync(HttpMethod.Patch, "/api/v1/tenant/settings", key, new { AgentLimits = new { Agents = 0 } });

        Assert.Equal("{}", settings.Json.GetProperty("agent_limits").GetRawText());
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("agent_limits.agents", refused.Text, StringComparison.Ordinal);
    }

    private static Task<TestAnswer> RegisterAsync(TestSignet signet, string key) =>
        signet.CallAsync(HttpMethod.Post, "/api/v1/agents", key, TestSignet.AgentBody($"{TestSignet.NewName("agent")}@example.test"));

    private static async Task LimitAsync(TestSignet signet, string key, params (string Name, int Value)[] limits)
    {
        var body = new Dictionary<string, object> { ["agent_limits"] = limits.ToDictionary(limit => limit.Name, limit => limit.Value) };
        var answer = await signet.CallAsync(HttpMethod.Patch, "/api/v1/tenant/settings", key, body);
        Assert.True(answer.Status is HttpStatusCode.OK, answer.Text);
    }

    private static async Task<(long Tokens, int? Limit)> UsageAsync(TestSignet signet, string key, TestClient agent)
    {
        var usage = (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}", key)).Json.GetProperty("usage");
        return (usage.GetProperty("tokens").GetInt64(), usage.TryGetProperty("limit", out var limit) && limit.ValueKind is System.Text.Json.JsonValueKind.Number ? limit.GetInt32() : null);
    }

    private static Task<int> SetCountAsync(TestSignet signet, TestClient agent, long tokens) => signet.Database.Db(signet.Clock).AsSystemAsync(tx => tx.ExecuteAsync("""
        insert into agent_token_counts (tenant_id, agent_id, month, tokens)
        select tenant_id, agent_id, date_trunc('month', @now at time zone 'UTC')::date, @tokens from agents where agent_id = @id
        """, new { now = tx.Now, tokens, id = Guid.Parse(agent.Id) }, Ct), Ct);
}
