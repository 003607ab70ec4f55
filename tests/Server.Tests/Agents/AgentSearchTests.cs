using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>What agents are found by.</summary>
public sealed class AgentSearchTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Fact]
    public async Task Beginnings_of_the_words_of_its_address_find_it_and_nothing_else_does()
    {
        var desk = await AgentDesk.OpenAsync(signet);
        var id = await RegisterAsync(desk, "Scout-0017.reinvoicing@fleet.example");
        await RegisterAsync(desk, "other-0018@elsewhere.example");

        foreach (var search in (string[])["scout", "SCOUT 0017", "sc", "reinvoi", "scout-0017@", "fleet.example scout"])
        {
            Assert.Equal([id], await FindAsync(desk, $"search={Uri.EscapeDataString(search)}"));
        }

        foreach (var search in (string[])["cout", "scout 0018", "scout-0017@fleet.example", "scout' or '1'='1", "scout%"])
        {
            Assert.True((await FindAsync(desk, $"search={Uri.EscapeDataString(search)}")).Count == (search == "scout%" ? 1 : 0), search);
        }
    }

    [Fact]
    public async Task The_whole_address_and_the_id_find_one()
    {
        var desk = await AgentDesk.OpenAsync(signet);
        var id = await RegisterAsync(desk, "whole@fleet.example");
        await RegisterAsync(desk, "whole@fleet.example.org");

        Assert.Equal([id], await FindAsync(desk, "search=WHOLE@fleet.example"));
        Assert.Equal([id], await FindAsync(desk, $"search={id}"));
    }

    [Fact]
    public async Task Pages_of_a_search_show_each_once_newest_first_and_filters_narrow_it()
    {
        var desk = await AgentDesk.OpenAsync(signet);
        var ids = new List<string>();
        for (var number = 0; number < 5; number++)
        {
            ids.Add(await RegisterAsync(desk, $"pager-{number}@fleet.example", ("labels", new Dictionary<string, string> { ["half"] = number % 2 == 0 ? "even" : "odd" })));
        }

        var first = await FindAsync(desk, "search=pager&limit=3");
        var second = await FindAsync(desk, $"search=pager&limit=3&before={first[^1]}");

        // Of one millisecond, by their ids.
        Assert.Equal(ids.OrderDescending(StringComparer.Ordinal), [.. first, .. second]);
        Assert.Equal(new[] { ids[1], ids[3] }.OrderDescending(StringComparer.Ordinal), await FindAsync(desk, "search=pager&label=half:odd"));
        Assert.Empty(await FindAsync(desk, "search=pager&status=suspended"));
        Assert.Empty(await FindAsync(desk, "search=half"));
    }

    [Fact]
    public async Task Its_rows_follow_its_labels()
    {
        var desk = await AgentDesk.OpenAsync(signet);
        var id = await RegisterAsync(desk, "mover@fleet.example", ("labels", new Dictionary<string, string> { ["team"] = "pay" }));
        var before = await CountAsync(desk, id);

        await signet.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{id}", desk.ApiKey, new { labels = new Dictionary<string, string>() });

        Assert.Empty(await FindAsync(desk, "label=team:pay"));
        Assert.Equal([id], await FindAsync(desk, "search=mover"));
        Assert.Equal(before - 1, await CountAsync(desk, id));
    }

    private Task<long> CountAsync(AgentDesk desk, string id) => signet.Database.Db(signet.Clock).AsSystemAsync(tx => tx.ScalarAsync<long>(
        "select count(*) from agent_search_terms where agent_id = @id", new { id = Guid.Parse(id) }, CancellationToken.None), CancellationToken.None);

    private static Task<string> RegisterAsync(AgentDesk desk, string email, params (string Name, object Value)[] more) => desk.RegisterAsync([("email", email), .. more]);

    private async Task<List<string?>> FindAsync(AgentDesk desk, string query) =>
        [.. (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents?{query}", desk.ApiKey)).Json.GetProperty("agents").EnumerateArray().Select(agent => agent.GetProperty("agentId").GetString())];
}
