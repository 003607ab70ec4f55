using Xunit;

namespace Signet.Testing;

public sealed partial class TestSignet
{
    /// <summary>What an agent is registered with, as the API wants it.</summary>
    public static Dictionary<string, object> AgentBody(string email, params IReadOnlyList<string> scopes)
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["email"] = email, ["agentType"] = "custom", ["version"] = "1.0.0",
            ["capabilities"] = new[] { "documents:read" }, ["deploymentEnv"] = "production",
        };
        if (scopes.Count > 0)
        {
            body["scopes"] = scopes;
        }

        return body;
    }

    /// <summary>An agent with one secret, both made over the API.</summary>
    public async Task<TestClient> RegisterAgentAsync(string apiKey, params IReadOnlyList<string> scopes)
    {
        var agent = await CallAsync(HttpMethod.Post, "/api/v1/agents", apiKey, AgentBody($"{NewName("agent")}@example.test", scopes));
        Assert.True(agent.Status == System.Net.HttpStatusCode.Created, agent.Text);
        var credential = await CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent["agentId"]}/credentials", apiKey);
        Assert.True(credential.Status == System.Net.HttpStatusCode.Created, credential.Text);
        return new TestClient(agent["agentId"], credential["clientSecret"], "");
    }
}
