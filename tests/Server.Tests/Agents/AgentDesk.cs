using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Signet.Jose;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>An agent with a key of its own.</summary>
public sealed record KeyedAgent(string Id, SigningKey Key, string Credential);

/// <summary>Makes agents and keys of theirs, and what they sign.</summary>
public sealed class AgentDesk(TestSignet signet, string key)
{
    private static int lastId;

    public string ApiKey => key;

    public static async Task<AgentDesk> OpenAsync(TestSignet signet) => new(signet, await signet.CreateApiKeyAsync(Role.Owner));

    public static string NewId() => $"id-{Interlocked.Increment(ref lastId)}";

    /// <summary>Names of the body as they are on the wire.</summary>
    public async Task<string> RegisterAsync(params IEnumerable<(string Name, object Value)> more)
    {
        var body = TestSignet.AgentBody($"{TestSignet.NewName("agent")}@example.test");
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        var answer = await signet.CallAsync(HttpMethod.Post, "/api/v1/agents", key, body);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer["agentId"];
    }

    public async Task<KeyedAgent> RegisterWithKeyAsync(JwsAlgorithm? algorithm = null, params (string Name, object Value)[] more)
    {
        var own = SigningKey.Generate(algorithm ?? JwsAlgorithm.ES256);
        var id = await RegisterAsync(more);
        var answer = await GiveAsync(id, ("kind", "private_key_jwt"), ("jwk", JsonNode.Parse(own.PublicKey.ToUtf8Json())!));
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return new KeyedAgent(id, own, answer.Json.GetProperty("credential").GetProperty("credentialId").GetString()!);
    }

    public Task<TestAnswer> GiveAsync(string agent, params IEnumerable<(string Name, object Value)> wish) => signet.CallAsync(
        HttpMethod.Post, $"/api/v1/agents/{agent}/credentials", key, wish.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal));

    public Task<TestAnswer> RevokeAsync(KeyedAgent agent) =>
        signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent.Id}/credentials/{agent.Credential}", key);

    public async Task<JsonElement> CredentialAsync(string agent) =>
        (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent}/credentials", key)).Json.GetProperty("credentials")[0];

    /// <summary>The claims of an assertion that is good.</summary>
    public JsonObject Claims(string agent)
    {
        var now = signet.Clock.GetUtcNow().ToUnixTimeSeconds();
        return new JsonObject { ["iss"] = agent, ["sub"] = agent, ["aud"] = signet.Issuer, ["exp"] = now + 60, ["iat"] = now, ["jti"] = NewId() };
    }

    public string Assertion(KeyedAgent agent) => Sign(agent.Key, Claims(agent.Id));

    public static string Sign(SigningKey key, JsonObject claims, string type = "JWT") =>
        Jws.SignCompact(key, type, Encoding.UTF8.GetBytes(claims.ToJsonString()));

    /// <summary>A form that shows an assertion, to this node.</summary>
    public static Task<TestAnswer> ShowAsync(
        TestSignet node, string path, string assertion, IEnumerable<(string Name, string Value)> fields, string? proof = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, node.At(path))
        {
            Content = new FormUrlEncodedContent(fields
                .Append(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")).Append(("client_assertion", assertion))
                .Select(field => KeyValuePair.Create(field.Item1, field.Item2))),
        };
        if (proof is not null)
        {
            request.Headers.Add("DPoP", proof);
        }

        return node.SendAsync(request);
    }

    public static Task<TestAnswer> AskTokenAsync(TestSignet node, string assertion, string path = "/oauth2/token", string? proof = null) =>
        ShowAsync(node, path, assertion, [("grant_type", "client_credentials")], proof);

    /// <summary>Why the last attempt was refused, as the record has it.</summary>
    public async Task<string?> ReasonAsync(string agent) => (await signet.Database.Db(signet.Clock).InTenantAsync(
        Signet.Platform.Data.TenantId.Default,
        tx => tx.ListAsync<string>(
            """
            select coalesce(substring(convert_from(content, 'UTF8') from '"reason":"([a-z_]+)"'), '') from audit_events
             where tenant_id = @tenant and target_id = @agent and action in ('auth.failed', 'token.refused', 'trust_policy.refused') order by id desc limit 1
            """,
            new { tenant = tx.Tenant, agent }, CancellationToken.None), CancellationToken.None)).FirstOrDefault();
}
