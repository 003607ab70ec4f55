using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Signet.Jose;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>Access tokens that somebody else made, or that ours became: our API and introspection say the same of all of them.</summary>
public sealed class TokenAttackTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Theory]
    [InlineData("alg none")]
    [InlineData("HS256 with the public key")]
    [InlineData("wrong kid")]
    [InlineData("another key under our kid")]
    [InlineData("key of its own in the header")]
    [InlineData("tampered payload")]
    [InlineData("expired")]
    [InlineData("not yet")]
    [InlineData("issued in the future")]
    [InlineData("no jti")]
    [InlineData("another issuer")]
    [InlineData("an identity token's type")]
    [InlineData("no type")]
    [InlineData("oversized")]
    public async Task A6_A_token_that_is_not_as_we_made_it_proves_nobody(string attack)
    {
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        var agent = await signet.RegisterAgentAsync(key, "agents:read", "tokens:read");
        var token = (await signet.PostAsync("/api/v1/token", agent, [("grant_type", "client_credentials")]))["access_token"];
        // The server's own: it is not ours to dispose of.
        var ours = await signet.FindSigningKeyAsync("ES256");
        Assert.True(await IsGoodAsync(agent, token));
        Assert.True(await IsGoodAsync(agent, Sign(ours, Claims(token))));

        Assert.False(await IsGoodAsync(agent, Forge(attack, token, ours)));
    }

    [Fact]
    public async Task A6_A_token_for_another_api_is_none_at_ours_and_introspection_says_for_whom_it_is()
    {
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        var agent = await signet.RegisterAgentAsync(key, "agents:read", "tokens:read");
        var token = (await signet.PostAsync("/api/v1/token", agent, [("grant_type", "client_credentials")]))["access_token"];
        var elsewhere = Sign(await signet.FindSigningKeyAsync("ES256"), With(token, "aud", "https://elsewhere.example"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents?limit=1", elsewhere)).Status);
        Assert.Equal("https://elsewhere.example", (await signet.PostAsync("/api/v1/token/introspect", agent, [("token", elsewhere)]))["aud"]);
    }

    private async Task<bool> IsGoodAsync(TestClient agent, string token)
    {
        var call = await signet.CallAsync(HttpMethod.Get, "/api/v1/agents?limit=1", token);
        var said = await signet.PostAsync("/api/v1/token/introspect", agent, [("token", token)]);
        // The largest forms are refused before they are read; nobody is told more of the others than that they do not hold.
        var active = said.Status is HttpStatusCode.OK && said["active"] == "True";
        Assert.Equal(call.Status is HttpStatusCode.OK, active);
        Assert.True(active || call.Status is HttpStatusCode.Unauthorized or HttpStatusCode.RequestHeaderFieldsTooLarge, call.Text);
        Assert.True(active || said.Text == """{"active":false}""" || said.Status is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.BadRequest, said.Text);
        return active;
    }

    private string Forge(string attack, string token, SigningKey ours)
    {
        using var other = SigningKey.Generate(JwsAlgorithm.ES256);
        var parts = token.Split('.');
        var now = signet.Clock.GetUtcNow().ToUnixTimeSeconds();
        return attack switch
        {
            "alg none" => $"{ForgedJwt.Part("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}.",
            "HS256 with the public key" => ForgedJwt.Hmac($$"""{"alg":"HS256","kid":"{{ours.Kid}}","typ":"at+jwt"}""", parts[1], ours.PublicKey.ToUtf8Json()),
            "wrong kid" => ForgedJwt.Signed(ours, """{"alg":"ES256","kid":"nobody","typ":"at+jwt"}""", parts[1]),
            "another key under our kid" => ForgedJwt.Signed(other, $$"""{"alg":"ES256","kid":"{{ours.Kid}}","typ":"at+jwt"}""", parts[1]),
            "key of its own in the header" => ForgedJwt.Signed(other, $$"""{"alg":"ES256","jwk":{{Encoding.UTF8.GetString(other.PublicKey.ToUtf8Json())}},"kid":"{{other.Kid}}","typ":"at+jwt"}""", parts[1]),
            "tampered payload" => $"{parts[0]}.{ForgedJwt.Part(With(token, "scope", "agents:admin").ToJsonString())}.{parts[2]}",
            "expired" => Sign(ours, With(token, "exp", now - 120)),
            "not yet" => Sign(ours, With(token, "nbf", now + 600)),
            "issued in the future" => Sign(ours, With(token, "iat", now + 600)),
            "no jti" => Sign(ours, With(token, "jti", null)),
            "another issuer" => Sign(ours, With(token, "iss", "https://elsewhere.example")),
            "an identity token's type" => Sign(ours, Claims(token), "JWT"),
            "no type" => ForgedJwt.Signed(ours, $$"""{"alg":"ES256","kid":"{{ours.Kid}}"}""", parts[1]),
            _ => Sign(ours, With(token, "filler", new string('x', 40_000))),
        };
    }

    private static JsonObject Claims(string token) => JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();

    private static JsonObject With(string token, string name, JsonNode? value)
    {
        var claims = Claims(token);
        claims.Remove(name);
        if (value is not null)
        {
            claims[name] = value;
        }

        return claims;
    }

    private static string Sign(SigningKey key, JsonObject claims, string type = "at+jwt") => Jws.SignCompact(key, type, Encoding.UTF8.GetBytes(claims.ToJsonString()));
}
