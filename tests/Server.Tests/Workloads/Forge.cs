using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Server.Tests.Agents;
using Server.Tests.Platform;
using Signet.Jose;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Workloads;

/// <summary>An issuer of workloads' tokens, as a real server: discovery, keys, and what it signs.</summary>
public sealed class Forge : IAsyncDisposable
{
    private readonly SmallApp app;
    private readonly TestSignet signet;

    private Forge(SmallApp app, TestSignet signet, Dictionary<string, Func<string>> pages)
    {
        this.app = app;
        this.signet = signet;
        Key = SigningKey.Generate(JwsAlgorithm.RS256);
        pages["discovery"] = () => new JsonObject { ["issuer"] = ClaimedIssuer ?? Issuer, ["jwks_uri"] = $"{Issuer}/keys" }.ToJsonString();
        pages["keys"] = () =>
        {
            Fetches++;
            return System.Text.Encoding.UTF8.GetString(new Jwks([Key.PublicKey]).ToUtf8Json());
        };
    }

    public string Issuer => app.Address.ToString().TrimEnd('/');

    public string? ClaimedIssuer { get; set; }

    public SigningKey Key { get; set; }

    public int Fetches { get; private set; }

    public static async Task<Forge> OpenAsync(TestSignet signet)
    {
        var pages = new Dictionary<string, Func<string>>(StringComparer.Ordinal);
        var opened = await SmallApp.StartAsync(routes =>
        {
            routes.MapGet("/.well-known/openid-configuration", () => Results.Text(pages["discovery"](), "application/json"));
            routes.MapGet("/keys", () => Results.Text(pages["keys"](), "application/json"));
        });
        return new Forge(opened, signet, pages);
    }

    /// <summary>What a build of a repository is given.</summary>
    public JsonObject Claims()
    {
        var now = signet.Clock.GetUtcNow().ToUnixTimeSeconds();
        return new JsonObject
        {
            ["iss"] = Issuer, ["sub"] = "repo:acme/screener:ref:refs/heads/main", ["aud"] = signet.Issuer, ["repository_id"] = "74", ["ref"] = "refs/heads/main",
            ["iat"] = now, ["nbf"] = now, ["exp"] = now + 300, ["jti"] = AgentDesk.NewId(),
        };
    }

    public string Token(params (string Claim, JsonNode? Value)[] changes)
    {
        var claims = Claims();
        foreach (var (claim, value) in changes)
        {
            claims.Remove(claim);
            if (value is not null)
            {
                claims[claim] = value;
            }
        }

        return AgentDesk.Sign(Key, claims);
    }

    /// <summary>A policy for an agent: tokens of repository 74.</summary>
    public async Task<string> TrustAsync(AgentDesk desk, string agent, params (string Name, object Value)[] more)
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = TestSignet.NewName("policy"), ["issuer"] = Issuer, ["agentId"] = agent,
            ["rules"] = new[] { new { claim = "repository_id", value = "74", pattern = false } },
        };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        body = body.Where(pair => pair.Value is not "").ToDictionary(StringComparer.Ordinal);
        var answer = await signet.CallAsync(HttpMethod.Post, "/api/v1/trust-policies", desk.ApiKey, body);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer["policyId"];
    }

    public static Task<TestAnswer> ExchangeAsync(TestSignet node, string token, params (string Name, string Value)[] more) =>
        node.SendAsync(new HttpRequestMessage(HttpMethod.Post, node.At("/oauth2/token"))
        {
            Content = new FormUrlEncodedContent(
                [
                    new("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), new("subject_token", token),
                    new("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"), .. more.Select(field => KeyValuePair.Create(field.Name, field.Value)),
                ]),
        });

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
