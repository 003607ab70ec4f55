using System.Net;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>What agents are filed under.</summary>
public sealed class LabelTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Fact]
    public async Task A_list_shows_the_agents_that_have_all_labels_asked_for()
    {
        var desk = await AgentDesk.OpenAsync(signet);
        var both = await desk.RegisterAsync(("labels", new Dictionary<string, string> { ["team"] = "pay", ["url"] = "a:b" }));
        await desk.RegisterAsync(("labels", new Dictionary<string, string> { ["team"] = "pay" }));

        var found = await signet.CallAsync(HttpMethod.Get, "/api/v1/agents?label=team:pay&label=url:a:b", desk.ApiKey);

        Assert.Equal([both], found.Json.GetProperty("agents").EnumerateArray().Select(agent => agent.GetProperty("agentId").GetString()));
    }

    [Fact]
    public async Task A_change_of_labels_replaces_all_and_one_without_leaves_them()
    {
        var desk = await AgentDesk.OpenAsync(signet);
        var id = await desk.RegisterAsync(("labels", new Dictionary<string, string> { ["team"] = "pay" }));

        await signet.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{id}", desk.ApiKey, new { labels = new Dictionary<string, string> { ["tier"] = "" } });
        await signet.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{id}", desk.ApiKey, new { description = "x" });

        Assert.Equal("""{"tier":""}""", (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{id}", desk.ApiKey)).Json.GetProperty("labels").GetRawText());
    }

    [Theory]
    [InlineData("Team", "x")]
    [InlineData("a:b", "x")]
    [InlineData("", "x")]
    [InlineData("team", null)]
    [InlineData("team", "a\nb")]
    public async Task A_label_out_of_shape_is_refused_by_name(string name, string? value)
    {
        var desk = await AgentDesk.OpenAsync(signet);
        var id = await desk.RegisterAsync();

        var answer = await signet.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{id}", desk.ApiKey, new { labels = new Dictionary<string, string?> { [name] = value } });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("labels", answer.Text, StringComparison.Ordinal);
    }
}
