using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Server.Tests.Agents;
using Server.Tests.Workloads;
using Signet.Jose;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Approvals;

/// <summary>Approvals asked by an agent with keys: its assertion, and the DPoP key that asks and must fetch.</summary>
public sealed class ApprovalKeyTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Fact]
    public async Task The_key_that_asked_must_fetch_and_the_token_is_bound_to_it()
    {
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        using var thief = SigningKey.Generate(JwsAlgorithm.ES256);
        var desk = await AgentDesk.OpenAsync(signet);
        var person = await signet.CreateUserAsync();
        var agent = await desk.RegisterWithKeyAsync(null, ("dpopRequired", true), ("scopes", new[] { "api:pay" }), ("approvalScopes", new[] { "api:pay" }));
        (string, string)[] wish = [("scope", "openid api:pay"), ("login_hint", person.Email)];
        Assert.Equal("invalid_dpop_proof", (await SendAsync("/oauth2/bc-authorize", wish, null))["error"]);
        var asked = await SendAsync("/oauth2/bc-authorize", wish, key);
        Assert.True(asked.Status == HttpStatusCode.OK, asked.Text);
        var id = (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}/approvals", desk.ApiKey)).Json.GetProperty("approvals")[0].GetProperty("approvalId").GetString();
        var browser = await signet.SignInAsync(person);
        await browser.SubmitAsync(await browser.GetAsync($"/account/approvals/{id}"), ("decision", "allow"));
        (string, string)[] poll = [("grant_type", Desk.Ciba), ("auth_req_id", asked["auth_req_id"])];

        Assert.Equal("invalid_dpop_proof", (await SendAsync("/oauth2/token", poll, thief))["error"]);
        var token = await SendAsync("/oauth2/token", poll, key);

        Assert.Equal((HttpStatusCode.OK, "DPoP"), (token.Status, token["token_type"]));

        Task<TestAnswer> SendAsync(string path, (string, string)[] fields, SigningKey? by) =>
            AgentDesk.ShowAsync(signet, path, desk.Assertion(agent), fields, by is null ? null : Proof(by, path));
    }

    [Fact]
    public async Task A_workload_gets_no_scope_that_needs_approval()
    {
        await using var forge = await Forge.OpenAsync(signet);
        var desk = await AgentDesk.OpenAsync(signet);
        var agent = await desk.RegisterAsync(("scopes", new[] { "api:read", "api:pay" }), ("approvalScopes", new[] { "api:pay" }));
        await forge.TrustAsync(desk, agent);

        var refused = await Forge.ExchangeAsync(signet, forge.Token(), ("scope", "api:pay"));
        var usual = await Forge.ExchangeAsync(signet, forge.Token());

        Assert.Equal("invalid_scope", refused["error"]);
        Assert.Contains("approves", refused["error_description"], StringComparison.Ordinal);
        Assert.True(usual.Status == HttpStatusCode.OK, usual.Text);
        Assert.Equal("api:read", usual["scope"]);
    }

    private string Proof(SigningKey by, string path)
    {
        var header = new JsonObject { ["alg"] = by.Algorithm.Name, ["typ"] = "dpop+jwt", ["jwk"] = JsonNode.Parse(by.PublicKey.ToUtf8Json()) };
        var claims = new JsonObject { ["jti"] = AgentDesk.NewId(), ["htm"] = "POST", ["htu"] = signet.Issuer + path, ["iat"] = signet.Clock.GetUtcNow().ToUnixTimeSeconds() };
        var input = $"{Encode(header)}.{Encode(claims)}";
        return $"{input}.{StrictBase64Url.Encode(by.Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    private static string Encode(JsonObject part) => StrictBase64Url.Encode(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
