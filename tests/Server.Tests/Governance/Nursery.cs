using System.Net;
using Server.Tests.Agents;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Governance;

/// <summary>Makes blueprints and the agents of them.</summary>
internal sealed class Nursery(TestSignet signet, TestUser owner, string key)
{
    public string Key => key;

    public TestUser Owner => owner;

    public static async Task<Nursery> OpenAsync(TestSignet signet)
    {
        var owner = await signet.CreateUserAsync(Role.Owner);
        return new Nursery(signet, owner, await signet.CreateApiKeyAsync(owner));
    }

    public static Dictionary<string, object?> Body(params IEnumerable<(string Name, object? Value)> more)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { ["name"] = TestSignet.NewName("blueprint"), ["capabilities"] = new[] { "documents:read" } };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return body;
    }

    public Task<TestAnswer> TryCreateAsync(params IEnumerable<(string Name, object? Value)> more) =>
        signet.CallAsync(HttpMethod.Post, "/api/v1/agent-blueprints", key, Body(more));

    public async Task<string> CreateAsync(params IEnumerable<(string Name, object? Value)> more)
    {
        var answer = await TryCreateAsync(more);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer["blueprintId"];
    }

    public Task<TestAnswer> ChangeAsync(string blueprint, params IEnumerable<(string Name, object? Value)> fields) =>
        signet.CallAsync(HttpMethod.Patch, $"/api/v1/agent-blueprints/{blueprint}", key, fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal));

    public Task<TestAnswer> TryRegisterAsync(string blueprint, TestSignet? node = null, params IEnumerable<(string Name, object? Value)> more)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { ["email"] = $"{TestSignet.NewName("agent")}@example.test" };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return (node ?? signet).CallAsync(HttpMethod.Post, $"/api/v1/agent-blueprints/{blueprint}/instances", key, body);
    }

    public async Task<string> RegisterAsync(string blueprint, params IEnumerable<(string Name, object? Value)> more)
    {
        var answer = await TryRegisterAsync(blueprint, null, more);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer["agentId"];
    }

    /// <summary>An agent that shows a secret.</summary>
    public async Task<TestClient> ArmAsync(string agent)
    {
        var answer = await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/credentials", key);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return new TestClient(agent, answer["clientSecret"], "");
    }

    public Task<TestAnswer> ApplyAsync(string blueprint) => signet.CallAsync(HttpMethod.Post, $"/api/v1/agent-blueprints/{blueprint}/apply", key);

    public Task<TestAnswer> FindAsync(string agent) => signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent}", key);

    public Task<TestAnswer> SetAsync(string agent, params IEnumerable<(string Name, object? Value)> fields) =>
        signet.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{agent}", key, fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal));

    /// <summary>An agent of no blueprint, owned by somebody.</summary>
    public Task<string> RegisterAloneAsync(params IEnumerable<(string Name, object Value)> more) => new AgentDesk(signet, key).RegisterAsync(more);

    public Task<TestAnswer> TokenAsync(TestClient agent, TestSignet? node = null) =>
        (node ?? signet).PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")]);
}
