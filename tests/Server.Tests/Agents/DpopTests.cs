using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Signet.Jose;
using Signet.OAuth.Dpop;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>Tokens bound to a key of whoever asked for them (RFC 9449), over HTTP.</summary>
public sealed class DpopTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private readonly SigningKey key = SigningKey.Generate(JwsAlgorithm.ES256);
    private AgentDesk desk = null!;

    public async ValueTask InitializeAsync() => desk = await AgentDesk.OpenAsync(signet);

    public ValueTask DisposeAsync()
    {
        key.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_proof_binds_the_token_to_its_key()
    {
        var agent = await desk.RegisterWithKeyAsync();

        var answer = await BoundAsync(agent);
        var token = answer["access_token"];
        var seen = await AgentDesk.ShowAsync(signet, "/oauth2/introspect", desk.Assertion(agent), [("token", token)]);

        Assert.Equal("DPoP", answer["token_type"]);
        Assert.Equal(("True", "DPoP"), (seen["active"], seen["token_type"]));
        Assert.Equal(key.PublicKey.Thumbprint, seen.Json.GetProperty("cnf").GetProperty("jkt").GetString());
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(agent, token)).Status);
    }

    [Fact]
    public async Task A_token_without_proof_stays_a_bearer_token_and_does_not_pass_for_a_bound_one()
    {
        var agent = await desk.RegisterWithKeyAsync();
        var answer = await AgentDesk.AskTokenAsync(signet, desk.Assertion(agent));

        Assert.Equal("Bearer", answer["token_type"]);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(agent, answer["access_token"], scheme: "Bearer", proof: "")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(agent, answer["access_token"])).Status);
    }

    [Theory]
    [InlineData("as Bearer")]
    [InlineData("as Bearer with proof")]
    [InlineData("without proof")]
    [InlineData("two proofs")]
    [InlineData("another key")]
    [InlineData("another method")]
    [InlineData("another address")]
    [InlineData("another host")]
    [InlineData("without ath")]
    [InlineData("another token's ath")]
    [InlineData("too old")]
    [InlineData("from the future")]
    [InlineData("used before")]
    [InlineData("private key")]
    [InlineData("another type")]
    [InlineData("HS256")]
    [InlineData("without jti")]
    public async Task Our_api_refuses_a_bound_token(string attack)
    {
        var agent = await desk.RegisterWithKeyAsync();
        var token = (await BoundAsync(agent))["access_token"];
        var path = $"/api/v1/agents/{agent.Id}";
        var good = ProofClaims("GET", path, token);
        using var other = SigningKey.Generate(JwsAlgorithm.ES256);
        var proof = attack switch
        {
            "without proof" or "as Bearer" => "",
            "another key" => Proof(good, other),
            "another method" => Proof(ProofClaims("POST", path, token)),
            "another address" => Proof(ProofClaims("GET", "/api/v1/agents", token)),
            "another host" => Proof(With(good, "htu", $"https://elsewhere.example{path}")),
            "without ath" => Proof(With(good, "ath", null)),
            "another token's ath" => Proof(With(good, "ath", DpopProof.HashOf("eyother"))),
            "too old" => Proof(With(good, "iat", signet.Clock.GetUtcNow().ToUnixTimeSeconds() - 91)),
            "from the future" => Proof(With(good, "iat", signet.Clock.GetUtcNow().ToUnixTimeSeconds() + 31)),
            "private key" => Proof(good, jwk: JsonNode.Parse(key.ExportPrivate())),
            "another type" => Proof(good, type: "JWT"),
            "HS256" => $"{Encode($$"""{"alg":"HS256","typ":"dpop+jwt","jwk":{{Encoding.UTF8.GetString(key.PublicKey.ToUtf8Json())}}}""")}.{Encode(good.ToJsonString())}.{Encode("none")}",
            "without jti" => Proof(With(good, "jti", null)),
            _ => Proof(good),
        };
        if (attack is "used before")
        {
            Assert.Equal(HttpStatusCode.OK, (await CallAsync(agent, token, proof: proof)).Status);
        }

        var answer = await CallAsync(
            agent, token, attack.StartsWith("as Bearer", StringComparison.Ordinal) ? "Bearer" : "DPoP", proof, attack is "two proofs" ? Proof(ProofClaims("GET", path, token)) : null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        if (!attack.StartsWith("as Bearer", StringComparison.Ordinal))
        {
            Assert.StartsWith("DPoP error=\"invalid_token\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("another address", "dpop_wrong_uri")]
    [InlineData("another method", "dpop_wrong_method")]
    [InlineData("too old", "dpop_too_old")]
    [InlineData("used before", "dpop_replayed")]
    [InlineData("no proof", "dpop_malformed")]
    public async Task The_token_endpoint_refuses_a_proof_that_is_not_for_it(string attack, string reason)
    {
        var agent = await desk.RegisterWithKeyAsync();
        var claims = ProofClaims("POST", "/oauth2/token");
        var proof = attack switch
        {
            "another address" => Proof(ProofClaims("POST", "/oauth2/revoke")),
            "another method" => Proof(ProofClaims("GET", "/oauth2/token")),
            "too old" => Proof(With(claims, "iat", signet.Clock.GetUtcNow().ToUnixTimeSeconds() - 91)),
            "no proof" => "nothing",
            _ => Proof(claims),
        };
        if (attack is "used before")
        {
            Assert.Equal(HttpStatusCode.OK, (await AgentDesk.AskTokenAsync(signet, desk.Assertion(agent), proof: proof)).Status);
        }

        var answer = await AgentDesk.AskTokenAsync(signet, desk.Assertion(agent), proof: proof);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_dpop_proof"), (answer.Status, answer["error"]));
        Assert.Equal(reason, await desk.ReasonAsync(agent.Id));
    }

    [Fact]
    public async Task An_agent_that_requires_it_gets_no_bearer_token()
    {
        var agent = await desk.RegisterWithKeyAsync(null, ("dpopRequired", true));

        var without = await AgentDesk.AskTokenAsync(signet, desk.Assertion(agent));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_dpop_proof"), (without.Status, without["error"]));
        Assert.Equal("dpop_required", await desk.ReasonAsync(agent.Id));
        Assert.Equal("DPoP", (await BoundAsync(agent))["token_type"]);
        var eased = await signet.CallAsync(
            HttpMethod.Patch, $"/api/v1/agents/{agent.Id}", desk.ApiKey, new Dictionary<string, object>(StringComparer.Ordinal) { ["dpopRequired"] = false });
        Assert.Equal("False", eased["dpopRequired"]);
        Assert.Equal(HttpStatusCode.OK, (await AgentDesk.AskTokenAsync(signet, desk.Assertion(agent))).Status);
    }

    [Fact]
    public async Task Of_sixteen_that_show_one_proof_on_two_nodes_one_is_let_in()
    {
        var agent = await desk.RegisterWithKeyAsync();
        var token = (await BoundAsync(agent))["access_token"];
        var proof = Proof(ProofClaims("GET", $"/api/v1/agents/{agent.Id}", token));
        await using var second = await signet.StartNodeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => CallAsync(agent, token, proof: proof, node: n % 2 == 0 ? signet : second)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.Status));
    }

    [Fact]
    public async Task A_public_applications_tokens_stay_with_the_key_they_were_given_to()
    {
        var app = await signet.CreatePublicClientAsync();
        var person = await signet.CreateUserAsync();
        var code = await signet.AuthorizeAsync(app, person);
        var tokens = await PostAsync(app, Proof(ProofClaims("POST", "/oauth2/token")),
            ("grant_type", "authorization_code"), ("code", code.Code), ("redirect_uri", app.RedirectUri), ("code_verifier", code.Verifier));
        Assert.True(tokens.Status == HttpStatusCode.OK, tokens.Text);
        Assert.Equal("DPoP", tokens["token_type"]);

        var access = tokens["access_token"];
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.UserInfoAsync(access)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(signet, "/oauth2/userinfo", access, "DPoP", Proof(ProofClaims("GET", "/oauth2/userinfo", access)))).Status);

        using var thief = SigningKey.Generate(JwsAlgorithm.ES256);
        (string, string)[] refresh = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"])];
        Assert.Equal("invalid_grant", (await PostAsync(app, null, refresh))["error"]);
        Assert.Equal("invalid_grant", (await PostAsync(app, Proof(ProofClaims("POST", "/oauth2/token"), thief), refresh))["error"]);
        // Neither has used it up.
        Assert.Equal("DPoP", (await PostAsync(app, Proof(ProofClaims("POST", "/oauth2/token")), refresh))["token_type"]);
    }

    [Fact]
    public async Task Discovery_names_the_algorithms_of_proofs()
    {
        var document = (await signet.CallAsync(HttpMethod.Get, "/.well-known/openid-configuration")).Json;

        Assert.Contains("ES256", document.GetProperty("dpop_signing_alg_values_supported").EnumerateArray().Select(name => name.GetString()));
    }

    private async Task<TestAnswer> BoundAsync(KeyedAgent agent)
    {
        var answer = await AgentDesk.AskTokenAsync(signet, desk.Assertion(agent), proof: Proof(ProofClaims("POST", "/oauth2/token")));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer;
    }

    private Task<TestAnswer> CallAsync(
        KeyedAgent agent, string token, string scheme = "DPoP", string? proof = null, string? second = null, TestSignet? node = null)
    {
        var path = $"/api/v1/agents/{agent.Id}";
        return SendAsync(node ?? signet, path, token, scheme, proof ?? Proof(ProofClaims("GET", path, token)), second);
    }

    private static Task<TestAnswer> SendAsync(TestSignet node, string path, string token, string scheme, string proof, string? second = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, node.At(path));
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, token);
        foreach (var shown in (string?[])[proof, second])
        {
            if (!string.IsNullOrEmpty(shown))
            {
                request.Headers.Add("DPoP", shown);
            }
        }

        return node.SendAsync(request);
    }

    private Task<TestAnswer> PostAsync(TestClient app, string? proof, params IEnumerable<(string Name, string Value)> fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, signet.At("/oauth2/token"))
        {
            Content = new FormUrlEncodedContent(fields.Append(("client_id", app.Id)).Select(field => KeyValuePair.Create(field.Item1, field.Item2))),
        };
        if (proof is not null)
        {
            request.Headers.Add("DPoP", proof);
        }

        return signet.SendAsync(request);
    }

    private JsonObject ProofClaims(string method, string path, string? token = null)
    {
        var claims = new JsonObject { ["jti"] = AgentDesk.NewId(), ["htm"] = method, ["htu"] = signet.Issuer + path, ["iat"] = signet.Clock.GetUtcNow().ToUnixTimeSeconds() };
        return token is null ? claims : With(claims, "ath", DpopProof.HashOf(token));
    }

    private string Proof(JsonObject claims, SigningKey? by = null, JsonNode? jwk = null, string type = "dpop+jwt")
    {
        by ??= key;
        var header = new JsonObject { ["alg"] = by.Algorithm.Name, ["typ"] = type, ["jwk"] = jwk ?? JsonNode.Parse(by.PublicKey.ToUtf8Json()) };
        var input = $"{Encode(header.ToJsonString())}.{Encode(claims.ToJsonString())}";
        return $"{input}.{StrictBase64Url.Encode(by.Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    private static JsonObject With(JsonObject claims, string name, JsonNode? value)
    {
        var changed = (JsonObject)claims.DeepClone();
        changed.Remove(name);
        if (value is not null)
        {
            changed[name] = value;
        }

        return changed;
    }

    private static string Encode(string text) => StrictBase64Url.Encode(Encoding.UTF8.GetBytes(text));
}
