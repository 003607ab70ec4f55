using System.Net;
using System.Net.Http.Json;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Delegations;

/// <summary>Agents of one owner, and what they say to the token endpoint.</summary>
internal sealed class Fleet(TestSignet signet, string key, TestUser owner, string pathBase = "")
{
    public const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    public const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";
    public const string Jwt = "urn:ietf:params:oauth:token-type:jwt";

    public string Key => key;

    public TestUser Owner => owner;

    public static async Task<Fleet> OfAsync(TestSignet signet, Signet.Platform.Data.TenantId? tenant = null, string pathBase = "")
    {
        var owner = await signet.CreateUserAsync(Signet.Server.Permissions.Role.Owner, tenant);
        return new Fleet(signet, await signet.CreateApiKeyAsync(owner, tenant: tenant), owner, pathBase);
    }

    public async Task<TestClient> RegisterAsync(string scopes = "api:read api:write", params IEnumerable<(string Name, object Value)> more)
    {
        var body = TestSignet.AgentBody($"{TestSignet.NewName("agent")}@example.test", scopes.Split(' '));
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        var agent = await signet.CallAsync(HttpMethod.Post, $"{pathBase}/api/v1/agents", key, body);
        Assert.True(agent.Status == HttpStatusCode.Created, agent.Text);
        var credential = await signet.CallAsync(HttpMethod.Post, $"{pathBase}/api/v1/agents/{agent["agentId"]}/credentials", key);
        return new TestClient(agent["agentId"], credential["clientSecret"], "");
    }

    public async Task<string> TokenAsync(TestClient agent, params IEnumerable<(string Name, string Value)> more)
    {
        var answer = await signet.PostAsync($"{pathBase}/oauth2/token", agent, [("grant_type", "client_credentials"), .. more]);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer["access_token"];
    }

    public Task<TestAnswer> ExchangeAsync(TestClient actor, string subject, params IEnumerable<(string Name, string Value)> more) =>
        ExchangeAsync(actor, subject, AccessToken, more);

    public Task<TestAnswer> ExchangeAsync(TestClient actor, string subject, string type, IEnumerable<(string Name, string Value)> more) =>
        signet.PostAsync($"{pathBase}/oauth2/token", actor, [("grant_type", Exchange), ("subject_token", subject), ("subject_token_type", type), .. more]);

    public async Task<string> ActAsync(TestClient actor, string subject, params IEnumerable<(string Name, string Value)> more)
    {
        var answer = await ExchangeAsync(actor, subject, more);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer["access_token"];
    }

    /// <summary>A JSON call of an agent that shows its secret.</summary>
    public Task<TestAnswer> CallAsync(HttpMethod method, string path, TestClient agent, object? body = null)
    {
        var request = new HttpRequestMessage(method, signet.At(pathBase + path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = TestSignet.BasicOf(agent.Id, agent.Secret!);
        return signet.SendAsync(request);
    }

    public Task<TestAnswer> DelegateAsync(TestClient from, TestClient to, string scopes = "api:read", int seconds = 3600) =>
        CallAsync(HttpMethod.Post, "/oauth2/token/delegate", from, Offer(to, scopes, seconds));

    public static Dictionary<string, object> Offer(TestClient to, string scopes = "api:read", int seconds = 3600) =>
        new() { ["delegateeAgentId"] = to.Id, ["scopes"] = scopes.Split(' '), ["ttlSeconds"] = seconds };

    public async Task<bool> IsActiveAsync(TestClient agent, string token, TestSignet? node = null) =>
        (await IntrospectAsync(agent, token, node))["active"] == "True";

    public Task<TestAnswer> IntrospectAsync(TestClient agent, string token, TestSignet? node = null) =>
        (node ?? signet).PostAsync($"{pathBase}/oauth2/introspect", agent, [("token", token)]);

    public Task<TestAnswer> PatchAsync(TestClient agent, object body) => signet.CallAsync(HttpMethod.Patch, $"{pathBase}/api/v1/agents/{agent.Id}", key, body);

    public async Task RevokeCredentialsAsync(TestClient agent)
    {
        var list = await signet.CallAsync(HttpMethod.Get, $"{pathBase}/api/v1/agents/{agent.Id}/credentials", key);
        foreach (var credential in list.Json.GetProperty("credentials").EnumerateArray())
        {
            await signet.CallAsync(HttpMethod.Delete, $"{pathBase}/api/v1/agents/{agent.Id}/credentials/{credential.GetProperty("credentialId").GetString()}", key);
        }
    }
}
