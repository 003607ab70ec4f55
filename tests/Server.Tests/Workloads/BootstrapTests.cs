using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Server.Tests.Agents;
using Signet.Jose;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Workloads;

/// <summary>Workloads that nobody knows yet, and that register themselves with what a policy gave them for that.</summary>
public sealed class BootstrapTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private AgentDesk desk = null!;
    private Forge forge = null!;

    public async ValueTask InitializeAsync() => (desk, forge) = (await AgentDesk.OpenAsync(signet), await Forge.OpenAsync(signet));

    public ValueTask DisposeAsync() => forge.DisposeAsync();

    [Fact]
    public async Task A_bootstrap_token_registers_one_agent_and_does_nothing_else()
    {
        await forge.TrustAsync(
            desk, "", ("bootstrap", new Dictionary<string, object> { ["capabilities"] = new[] { "documents:read" } }), ("scopes", new[] { "agents:read" }));
        using var own = SigningKey.Generate(JwsAlgorithm.ES256);
        var token = (await Forge.ExchangeAsync(signet, forge.Token()))["access_token"];

        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Post, "/api/v1/agents", token, TestSignet.AgentBody("x@example.test"))).Status);
        // What is refused for what it says leaves the token good.
        Assert.Equal(HttpStatusCode.BadRequest, (await BootstrapAsync(token, "no address", own)).Status);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => BootstrapAsync(token, $"{TestSignet.NewName("build")}@example.test", own)));

        var made = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer != made), answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.Status));
        Assert.Equal(["agents:read"], made.Json.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        var agent = new KeyedAgent(made["agentId"], own, "");
        Assert.Equal(HttpStatusCode.OK, (await AgentDesk.AskTokenAsync(signet, desk.Assertion(agent))).Status);
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("expired")]
    [InlineData("unknown")]
    public async Task A_bootstrap_token_that_is_over_registers_nothing(string cause)
    {
        var policy = await forge.TrustAsync(desk, "", ("bootstrap", new Dictionary<string, object> { ["capabilities"] = new[] { "documents:read" } }));
        using var own = SigningKey.Generate(JwsAlgorithm.ES256);
        var token = (await Forge.ExchangeAsync(signet, forge.Token()))["access_token"];
        switch (cause)
        {
            case "disabled":
                await ChangeAsync(policy, """{"enabled":false}""");
                break;
            case "expired":
                signet.Clock.Advance(TimeSpan.FromMinutes(11));
                break;
            default:
                token = Signet.OAuth.TokenFormat.BootstrapToken.Make();
                break;
        }

        var answer = await BootstrapAsync(token, $"{TestSignet.NewName("build")}@example.test", own);

        Assert.Equal((HttpStatusCode.Unauthorized, "UNAUTHORIZED"), (answer.Status, answer["code"]));
    }

    private Task<TestAnswer> ChangeAsync(string policy, string body) => signet.CallAsync(HttpMethod.Patch, $"/api/v1/trust-policies/{policy}", desk.ApiKey, body);

    private Task<TestAnswer> BootstrapAsync(string token, string email, SigningKey own) =>
        signet.SendAsync(new HttpRequestMessage(HttpMethod.Post, signet.At("/api/v1/agents/bootstrap"))
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
            Content = JsonContent.Create(new JsonObject { ["email"] = email, ["jwk"] = JsonNode.Parse(own.PublicKey.ToUtf8Json()) }),
        });
}
