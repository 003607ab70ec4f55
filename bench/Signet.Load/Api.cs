using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Signet.Load;

/// <summary>The calls the load makes. Anything but the answer that is wanted ends the run: refusals are fast, and measuring them flatters.</summary>
internal sealed class Api : IDisposable
{
    private readonly HttpClient http;
    private readonly string key;

    /// <param name="host">The name the server is known by; every node answers to it, whatever its port.</param>
    public Api(string origin, string host, string key, int connections)
    {
        http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseCookies = false })
        {
            BaseAddress = new Uri(origin),
            DefaultRequestHeaders = { Host = new Uri(host).Authority },
        };
        this.key = key;
    }

    public async Task<string> RegisterAsync(string email, params string[] scopes)
    {
        using var agent = await SendAsync(HttpMethod.Post, "/api/v1/agents", new
        {
            email, agentType = "custom", version = "1.0.0", capabilities = new[] { "documents:read" }, deploymentEnv = "production",
            scopes = scopes.Length > 0 ? scopes : ["documents:read"],
        });
        return agent.RootElement.GetProperty("agentId").GetString()!;
    }

    public async Task<(string Id, string Secret)> AddSecretAsync(string agent)
    {
        using var made = await SendAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/credentials");
        return (agent, made.RootElement.GetProperty("clientSecret").GetString()!);
    }

    /// <summary>How many agents are there, of those the load made; counted a page at a time.</summary>
    public async Task<int> CountAsync(string search)
    {
        var count = 0;
        for (string? before = null; ;)
        {
            using var page = await SendAsync(HttpMethod.Get, $"/api/v1/agents?limit=200&search={search}{(before is null ? "" : $"&before={before}")}");
            count += page.RootElement.GetProperty("agents").GetArrayLength();
            before = page.RootElement.TryGetProperty("next", out var next) ? next.GetString() : null;
            if (before is null)
            {
                return count;
            }
        }
    }

    public async Task<JsonDocument> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text) : throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {text}");
    }

    /// <summary>The token; null where the agent is refused one.</summary>
    public async Task<string?> TokenAsync((string Id, string Secret) agent)
    {
        using var answer = await http.SendAsync(Form("/api/v1/token", agent, [new("grant_type", "client_credentials")]));
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        using var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return token.RootElement.GetProperty("access_token").GetString();
    }

    public async Task<bool> IsActiveAsync((string Id, string Secret) watcher, string token)
    {
        using var answer = await http.SendAsync(Form("/api/v1/token/introspect", watcher, [new("token", token)]));
        answer.EnsureSuccessStatusCode();
        using var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return said.RootElement.GetProperty("active").GetBoolean();
    }

    /// <summary>Whether our own API accepts an agent's token.</summary>
    public async Task<bool> IsAcceptedAsync(string token, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        return answer.IsSuccessStatusCode;
    }

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage Form(string path, (string Id, string Secret) client, IEnumerable<KeyValuePair<string, string>> fields) => new(HttpMethod.Post, path)
    {
        Content = new FormUrlEncodedContent(fields),
        Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client.Id}:{client.Secret}"))) },
    };
}
