using System.Net;
using System.Text.Json;
using Server.Tests.Agents;
using Signet.Jose;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.AgentCards;

/// <summary>Identifiers of agents and of tenants, and what they resolve to.</summary>
public sealed class DidTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private AgentDesk agents = null!;
    private CardDesk cards = null!;

    public async ValueTask InitializeAsync()
    {
        agents = await AgentDesk.OpenAsync(signet);
        cards = new CardDesk(signet, agents.ApiKey);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_agents_identifier_resolves_to_its_registered_keys_and_where_it_is_reached()
    {
        var agent = await agents.RegisterWithKeyAsync();
        await cards.SetAsync(agent.Id, CardDesk.Body());
        var did = (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}/card", agents.ApiKey))["did"];

        var answer = await CardDesk.GetAsync(signet, AddressOf(did), null);

        Assert.Equal((HttpStatusCode.OK, "application/did+ld+json"), (answer.Status, answer.Headers["Content-Type"]));
        Assert.Equal(("public, max-age=60", "*"), (answer.Headers["Cache-Control"], answer.Headers["Access-Control-Allow-Origin"]));
        Assert.Equal((did, signet.Issuer), (answer["id"], ServiceOf((await TenantAsync()).Json, "issuer")));
        Assert.Equal((await TenantAsync())["id"], answer["controller"]);
        var method = Assert.Single(answer.Json.GetProperty("verificationMethod").EnumerateArray());
        Assert.Equal(($"{did}#{agent.Key.PublicKey.Thumbprint}", "JsonWebKey2020", did), (Text(method, "id"), Text(method, "type"), Text(method, "controller")));
        Assert.Equal(Text(method, "id"), Assert.Single(answer.Json.GetProperty("authentication").EnumerateArray()).GetString());
        Assert.Equal(Text(method, "id"), Assert.Single(answer.Json.GetProperty("assertionMethod").EnumerateArray()).GetString());
        Assert.Equal("https://screener.example/a2a", ServiceOf(answer.Json, "a2a-1"));
        Assert.Equal($"{signet.Issuer}/agents/{agent.Id}/.well-known/agent-card.json", ServiceOf(answer.Json, "agent-card"));
        // What the agent signs is verified with what its identifier resolves to, and there is no private half in it.
        var key = Jwk.TryParse(method.GetProperty("publicKeyJwk"), out _)!;
        Assert.IsType<JwsVerification.Valid>(Jws.Verify(agents.Assertion(agent), new Jwks([key]), JwsExpectations.OfType("JWT")));
        Assert.False(method.GetProperty("publicKeyJwk").TryGetProperty("d", out _));
    }

    [Fact]
    public async Task A_key_that_holds_no_longer_is_not_in_it()
    {
        var agent = await agents.RegisterWithKeyAsync();
        var second = SigningKey.Generate(JwsAlgorithm.ES256);
        await agents.GiveAsync(
            agent.Id, ("kind", "private_key_jwt"), ("jwk", JsonDocument.Parse(second.PublicKey.ToUtf8Json()).RootElement),
            ("expiresAt", signet.Clock.GetUtcNow().AddMinutes(5)));
        await cards.SetAsync(agent.Id, CardDesk.Body());
        Assert.Equal(2, (await cards.ResolveAsync(agent.Id)).Json.GetProperty("verificationMethod").GetArrayLength());

        await agents.RevokeAsync(agent);

        Assert.Equal(1, (await cards.ResolveAsync(agent.Id)).Json.GetProperty("verificationMethod").GetArrayLength());
        signet.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False((await cards.ResolveAsync(agent.Id)).Has("verificationMethod"));
    }

    [Fact]
    public async Task A_tenants_identifier_resolves_to_the_keys_it_signs_with()
    {
        var tenant = await signet.CreateTenantAsync();
        var desk = new CardDesk(signet, await signet.CreateApiKeyAsync(Role.Owner, tenant.Id), $"/t/{tenant.Slug}");
        var card = await desk.ReadAsync(await desk.PublishAsync());
        var did = $"did:web:localhost%3A{new Uri(signet.Issuer).Port}:t:{tenant.Slug}";

        var answer = await CardDesk.GetAsync(signet, AddressOf(did), null);

        Assert.Equal((HttpStatusCode.OK, did), (answer.Status, answer["id"]));
        Assert.Contains(
            answer.Json.GetProperty("verificationMethod").EnumerateArray(),
            method => method.GetProperty("publicKeyJwk").GetProperty("kid").GetString() == KidOf(card));
        Assert.Equal($"did:web:localhost%3A{new Uri(signet.Issuer).Port}", (await TenantAsync())["id"]);
    }

    // did:web §3.2, read anew.
    private static string AddressOf(string did)
    {
        var parts = did.Split(':')[2..];
        var path = parts.Length == 1 ? "/.well-known" : "/" + string.Join('/', parts[1..].Select(Uri.UnescapeDataString));
        return $"http://{Uri.UnescapeDataString(parts[0])}{path}/did.json";
    }

    private Task<TestAnswer> TenantAsync() => CardDesk.GetAsync(signet, "/.well-known/did.json", null);

    private static string? KidOf(TestAnswer card) => JsonDocument
        .Parse(System.Buffers.Text.Base64Url.DecodeFromChars(card.Json.GetProperty("signatures")[0].GetProperty("protected").GetString()))
        .RootElement.GetProperty("kid").GetString();

    private static string? ServiceOf(JsonElement document, string name) => document.GetProperty("service").EnumerateArray()
        .Single(service => Text(service, "id").EndsWith($"#{name}", StringComparison.Ordinal)).GetProperty("serviceEndpoint").GetString();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
