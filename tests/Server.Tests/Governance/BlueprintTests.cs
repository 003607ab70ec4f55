using System.Net;
using System.Text.Json;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Governance;

/// <summary>Blueprints: agents made of them, changed by them, counted by them.</summary>
public sealed class BlueprintTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private Nursery nursery = null!;

    public async ValueTask InitializeAsync() => nursery = await Nursery.OpenAsync(signet);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_agent_of_a_blueprint_is_what_it_says_and_found_by_it()
    {
        var blueprint = await nursery.CreateAsync(
            ("agentType", "screener"), ("version", "2.1.0"), ("deploymentEnv", "staging"), ("scopes", new[] { "api:read", "api:pay" }),
            ("approvalScopes", new[] { "api:pay" }), ("tokenAlgorithm", "RS256"), ("tokenSeconds", 300), ("dpopRequired", true), ("monthlyTokens", 7),
            ("lifetimeDays", 30), ("attestationDays", 90), ("labels", Labels(("team", "pay"), ("tier", "1"))), ("description", "Screens."));
        var other = await nursery.RegisterAloneAsync();

        var made = await nursery.TryRegisterAsync(blueprint, null, ("labels", Labels(("team", "mine"), ("region", "eu"))));
        var listed = await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents?blueprint={blueprint}", nursery.Key);

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(
            (blueprint, "screener", "2.1.0", "staging", "RS256", "300", "True", "7", "90", "Screens.", nursery.Owner.Id.ToString()),
            (made["blueprintId"], made["agentType"], made["version"], made["deploymentEnv"], made["tokenAlgorithm"], made["tokenSeconds"], made["dpopRequired"],
                made["monthlyTokens"], made["attestationDays"], made["description"], made["owner"]));
        Assert.Equal(["api:read", "api:pay"], made.Json.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal(["api:pay"], made.Json.GetProperty("approvalScopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal(
            (signet.Clock.GetUtcNow().AddDays(30), signet.Clock.GetUtcNow().AddDays(90)),
            (made.Json.GetProperty("expiresAt").GetDateTimeOffset(), made.Json.GetProperty("attestedUntil").GetDateTimeOffset()));
        // The blueprint's labels win over those of the request.
        Assert.Equal(
            Labels(("region", "eu"), ("team", "pay"), ("tier", "1")).OrderBy(label => label.Key),
            JsonSerializer.Deserialize<Dictionary<string, string>>(made.Json.GetProperty("labels"))!.OrderBy(label => label.Key));
        Assert.Equal([made["agentId"]], listed.Json.GetProperty("agents").EnumerateArray().Select(agent => agent.GetProperty("agentId").GetString()));
        Assert.False((await nursery.FindAsync(other)).Has("blueprintId"));
        Assert.Contains("agent.created", await signet.ActionsAsync(made["agentId"]));
        Assert.Equal(["blueprint.created"], await signet.ActionsAsync(blueprint));
    }

    [Fact]
    public async Task A_change_is_for_agents_to_come_until_it_is_applied()
    {
        var blueprint = await nursery.CreateAsync(("scopes", new[] { "api:read" }), ("labels", Labels(("team", "pay"))));
        var agent = await nursery.RegisterAsync(blueprint, ("labels", Labels(("region", "eu"))));
        var ended = await nursery.RegisterAsync(blueprint);
        await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{ended}", nursery.Key);

        var changed = await nursery.ChangeAsync(
            blueprint, ("scopes", new[] { "api:write" }), ("version", "1.1.0"), ("monthlyTokens", 5), ("labels", Labels(("team", "buy"))), ("lifetimeDays", 1));
        var still = await nursery.FindAsync(agent);
        var applied = await nursery.ApplyAsync(blueprint);
        var now = await nursery.FindAsync(agent);
        var again = await nursery.ApplyAsync(blueprint);

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal("1.0.0", still["version"]);
        Assert.Equal([agent], applied.Json.GetProperty("changed").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(("0", "[]"), (applied["unchanged"], applied.Json.GetProperty("refused").GetRawText()));
        Assert.Equal(("1.1.0", "5", "[\"api:write\"]"), (now["version"], now["monthlyTokens"], now.Json.GetProperty("scopes").GetRawText()));
        Assert.Equal("""{"region":"eu","team":"buy"}""", now.Json.GetProperty("labels").GetRawText());
        // Its end is its own.
        Assert.False(now.Has("expiresAt") && now.Json.GetProperty("expiresAt").ValueKind is not JsonValueKind.Null);
        Assert.Equal(("[]", "1"), (again.Json.GetProperty("changed").GetRawText(), again["unchanged"]));
        Assert.Equal(["blueprint.applied", "blueprint.applied", "blueprint.created", "blueprint.updated"], (await signet.ActionsAsync(blueprint)).Order());
        Assert.Contains("signet_agents_of_blueprints_total", await signet.MetricsAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("agent.updated", await signet.ActionsAsync(ended));
    }

    [Fact]
    public async Task An_agent_that_cannot_be_so_is_named_and_the_others_are_changed()
    {
        var blueprint = await nursery.CreateAsync();
        var full = await nursery.RegisterAsync(blueprint, ("labels", Labels([.. Enumerable.Range(0, 32).Select(number => ($"own{number}", "x"))])));
        var agent = await nursery.RegisterAsync(blueprint);
        await nursery.ChangeAsync(blueprint, ("labels", Labels(("team", "pay"))));

        var applied = await nursery.ApplyAsync(blueprint);

        Assert.Equal([agent], applied.Json.GetProperty("changed").EnumerateArray().Select(id => id.GetString()));
        var refused = Assert.Single(applied.Json.GetProperty("refused").EnumerateArray());
        Assert.Equal(full, refused.GetProperty("agentId").GetString());
        Assert.Contains("labels", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_16_who_register_the_last_agent_of_a_blueprint_on_two_nodes_at_once_one_does_and_a_decommissioned_one_makes_room()
    {
        await using var other = await signet.StartNodeAsync();
        var blueprint = await nursery.CreateAsync(("maxInstances", 2));
        var first = await nursery.RegisterAsync(blueprint);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => nursery.TryRegisterAsync(blueprint, number % 2 == 0 ? signet : other)));
        await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{first}", nursery.Key);
        var again = await nursery.TryRegisterAsync(blueprint);

        Assert.Single(answers, answer => answer.Status is HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.Status is not HttpStatusCode.Created), answer =>
            Assert.Equal((HttpStatusCode.Conflict, "BLUEPRINT_FULL", 2), (answer.Status, answer["code"], answer.Json.GetProperty("details").GetProperty("limit").GetInt32())));
        Assert.Equal(HttpStatusCode.Created, again.Status);
    }

    [Fact]
    public async Task Retiring_is_for_ever_and_races_with_no_registration()
    {
        var blueprint = await nursery.CreateAsync();
        var kept = await nursery.RegisterAsync(blueprint);

        var racing = Enumerable.Range(0, 8).Select(_ => nursery.TryRegisterAsync(blueprint)).ToList();
        var retired = await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agent-blueprints/{blueprint}", nursery.Key);
        var raced = await Task.WhenAll(racing);
        var twice = await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agent-blueprints/{blueprint}", nursery.Key);
        var refused = await nursery.TryRegisterAsync(blueprint);
        await nursery.ChangeAsync(blueprint, ("version", "3.0.0"));
        await nursery.ApplyAsync(blueprint);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (retired.Status, twice.Status));
        Assert.All(raced, answer => Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict]));
        Assert.Equal((HttpStatusCode.Conflict, "BLUEPRINT_RETIRED"), (refused.Status, refused["code"]));
        Assert.Equal(("3.0.0", "active"), ((await nursery.FindAsync(kept))["version"], (await nursery.FindAsync(kept))["status"]));
        Assert.Single(await signet.ActionsAsync(blueprint), action => action == "blueprint.retired");
        var list = await signet.CallAsync(HttpMethod.Get, "/api/v1/agent-blueprints?status=active&limit=200", nursery.Key);
        Assert.DoesNotContain(blueprint, list.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", "")]
    [InlineData("version", "one")]
    [InlineData("capabilities", new[] { "Everything" })]
    [InlineData("scopes", new string[0])]
    [InlineData("approvalScopes", new[] { "api:pay" })]
    [InlineData("tokenAlgorithm", "none")]
    [InlineData("tokenSeconds", 59)]
    [InlineData("monthlyTokens", 0)]
    [InlineData("lifetimeDays", 3651)]
    [InlineData("attestationDays", 367)]
    [InlineData("maxInstances", 0)]
    public async Task What_a_blueprint_cannot_be_is_refused_by_name(string field, object value)
    {
        var blueprint = await nursery.CreateAsync();

        var made = await nursery.TryCreateAsync((field, value));
        var changed = await nursery.ChangeAsync(blueprint, (field, value));

        Assert.All((TestAnswer[])[made, changed], answer =>
        {
            Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (answer.Status, answer["code"]));
            Assert.True(answer.Json.GetProperty("details").TryGetProperty(field, out _), answer.Text);
        });
        Assert.Equal(["blueprint.created"], await signet.ActionsAsync(blueprint));
    }

    [Fact]
    public async Task What_a_blueprint_limits_is_taken_away_by_null()
    {
        var blueprint = await nursery.CreateAsync(("maxInstances", 1), ("attestationDays", 10));
        var agent = await nursery.RegisterAsync(blueprint);

        var freed = await nursery.ChangeAsync(blueprint, ("maxInstances", null), ("attestationDays", null));
        await nursery.ApplyAsync(blueprint);

        Assert.False(freed.Has("maxInstances") && freed.Json.GetProperty("maxInstances").ValueKind is not JsonValueKind.Null);
        Assert.Equal(HttpStatusCode.Created, (await nursery.TryRegisterAsync(blueprint)).Status);
        Assert.DoesNotContain("attestedUntil\":\"", (await nursery.FindAsync(agent)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_tenant_no_longer_allows_is_not_made_of_an_older_blueprint()
    {
        await using var own = await TestSignet.StartAsync();
        var theirs = await Nursery.OpenAsync(own);
        var blueprint = await theirs.CreateAsync(("monthlyTokens", 100));
        await own.CallAsync(HttpMethod.Patch, "/api/v1/tenant/settings", theirs.Key, new Dictionary<string, object> { ["agent_limits"] = new Dictionary<string, int> { ["tokens_a_month"] = 10, ["agents"] = 1 } });

        var tooMany = await theirs.TryRegisterAsync(blueprint);
        await theirs.ChangeAsync(blueprint, ("monthlyTokens", 10));
        var first = await theirs.TryRegisterAsync(blueprint);
        var second = await theirs.TryRegisterAsync(blueprint);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Created), (tooMany.Status, first.Status));
        Assert.Equal((HttpStatusCode.Forbidden, "FREE_TIER_LIMIT_EXCEEDED"), (second.Status, second["code"]));
    }

    [Fact]
    public async Task Blueprints_outlive_the_process_and_are_nothing_to_another_tenant()
    {
        await using var first = await TestSignet.StartAsync();
        var theirs = await Nursery.OpenAsync(first);
        var blueprint = await theirs.CreateAsync(("maxInstances", 1));
        var agent = await theirs.RegisterAsync(blueprint);
        var tenant = await first.CreateTenantAsync();
        var stranger = await first.CreateApiKeyAsync(Role.Owner, tenant.Id);
        await first.StopAsync();
        await using var second = await first.StartNodeAsync();

        var full = await theirs.TryRegisterAsync(blueprint, second);
        var foreign = await second.CallAsync(
            HttpMethod.Post, $"/t/{tenant.Slug}/api/v1/agent-blueprints/{blueprint}/instances", stranger, new Dictionary<string, object> { ["email"] = "a@example.test" });
        var stopped = await second.CallAsync(HttpMethod.Post, $"/t/{tenant.Slug}/api/v1/agents/kill-switch", stranger, new Dictionary<string, object> { ["blueprint"] = blueprint });

        Assert.Equal((HttpStatusCode.Conflict, "BLUEPRINT_FULL"), (full.Status, full["code"]));
        Assert.Equal((HttpStatusCode.NotFound, "BLUEPRINT_NOT_FOUND"), (foreign.Status, foreign["code"]));
        Assert.Equal("[]", stopped.Json.GetProperty("agents").GetRawText());
        Assert.Equal("active", (await second.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent}", theirs.Key))["status"]);
    }

    private static Dictionary<string, string> Labels(params (string Key, string Value)[] labels) => labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);
}
