using System.Diagnostics;
using System.Net;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Governance;

/// <summary>The kill switch of a blueprint, on two nodes.</summary>
public sealed class BlueprintStopTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Fact]
    public async Task It_stops_the_agents_of_the_blueprint_on_every_node_and_no_other()
    {
        await using var other = await signet.StartNodeAsync();
        var nursery = await Nursery.OpenAsync(signet);
        var blueprint = await nursery.CreateAsync(("scopes", new[] { "agents:read" }));
        var one = await nursery.ArmAsync(await nursery.RegisterAsync(blueprint));
        var two = await nursery.ArmAsync(await nursery.RegisterAsync(blueprint));
        var alone = await nursery.ArmAsync(await nursery.RegisterAloneAsync());
        string[] tokens = [(await nursery.TokenAsync(one))["access_token"], (await nursery.TokenAsync(two, other))["access_token"]];
        var spared = (await nursery.TokenAsync(alone, other))["access_token"];
        Assert.All(await Task.WhenAll(tokens.Select(token => UseAsync(other, token))), status => Assert.Equal(HttpStatusCode.OK, status));

        var watch = Stopwatch.StartNew();
        var stopped = await StopAsync(nursery.Key, ("blueprint", blueprint));
        await Until.TrueAsync(async () => (await Task.WhenAll(tokens.Select(token => UseAsync(other, token)))).All(status => status is HttpStatusCode.Unauthorized), CancellationToken.None);

        Assert.Equal(new[] { one.Id, two.Id }.Order(), stopped.Json.GetProperty("agents").EnumerateArray().Select(id => id.GetString()).Order());
        Assert.Equal(HttpStatusCode.OK, await UseAsync(other, spared));
        Assert.Equal(HttpStatusCode.Unauthorized, (await nursery.TokenAsync(one, other)).Status);
        Assert.Equal(["agent.kill_switch"], (await signet.ActionsAsync(blueprint)).Where(action => action.StartsWith("agent.", StringComparison.Ordinal)));
        TestContext.Current.TestOutputHelper?.WriteLine($"stopped on the other node after {watch.ElapsedMilliseconds} ms");

        // What came back has no old tokens.
        await nursery.SetAsync(one.Id, ("status", "active"));
        Assert.Equal(HttpStatusCode.OK, (await nursery.TokenAsync(one)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, await UseAsync(other, tokens[0]));
    }

    [Fact]
    public async Task Of_16_who_stop_at_once_one_does_and_no_agent_that_was_being_registered_slips_past()
    {
        var nursery = await Nursery.OpenAsync(signet);
        var blueprint = await nursery.CreateAsync();
        await nursery.RegisterAsync(blueprint);

        var registering = Enumerable.Range(0, 8).Select(_ => nursery.TryRegisterAsync(blueprint)).ToList();
        var stopping = Enumerable.Range(0, 16).Select(_ => StopAsync(nursery.Key, ("blueprint", blueprint))).ToList();
        var registered = (await Task.WhenAll(registering)).Select(answer => answer["agentId"]).ToList();
        var stopped = (await Task.WhenAll(stopping)).SelectMany(answer => answer.Json.GetProperty("agents").EnumerateArray().Select(id => id.GetString())).ToList();
        var last = await StopAsync(nursery.Key, ("blueprint", blueprint));

        // Nobody was stopped twice, and whoever is registered is stopped by now.
        Assert.Equal(stopped.Count, stopped.Distinct().Count());
        Assert.Equal(9, stopped.Count + last.Json.GetProperty("agents").GetArrayLength());
        Assert.All(registered, id => Assert.True(stopped.Contains(id) || last.Text.Contains(id, StringComparison.Ordinal)));
        Assert.Single(await signet.ActionsAsync(registered[0]), action => action == "agent.suspended");
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public async Task Who_says_not_one_thing_stops_nothing(bool blueprint, bool owner, bool all)
    {
        var nursery = await Nursery.OpenAsync(signet);
        var made = await nursery.CreateAsync();
        var agent = await nursery.RegisterAsync(made);
        List<(string, object)> fields = [];
        if (blueprint)
        {
            fields.Add(("blueprint", made));
        }

        if (owner)
        {
            fields.Add(("owner", nursery.Owner.Id.ToString()));
        }

        if (all)
        {
            fields.Add(("all", true));
        }

        var answer = await StopAsync(nursery.Key, [.. fields]);

        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (answer.Status, answer["code"]));
        Assert.Equal("active", (await nursery.FindAsync(agent))["status"]);
    }

    private Task<TestAnswer> StopAsync(string key, params IEnumerable<(string Name, object Value)> fields) =>
        signet.CallAsync(HttpMethod.Post, "/api/v1/agents/kill-switch", key, fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal));

    private static async Task<HttpStatusCode> UseAsync(TestSignet node, string token) => (await node.CallAsync(HttpMethod.Get, "/api/v1/agents", token)).Status;
}
