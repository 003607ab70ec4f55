using System.Net;
using Signet.Server.Agents;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>Agents, from their registration to their end, over HTTP.</summary>
public sealed class AgentTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private TestUser owner = null!;
    private string key = null!;

    public async ValueTask InitializeAsync()
    {
        owner = await signet.CreateUserAsync(Role.Owner, withPassword: false);
        key = await signet.CreateApiKeyAsync(owner);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_registered_agent_gets_a_token_that_holds_until_it_is_revoked()
    {
        var agent = await RegisterAsync();
        var answer = await signet.PostAsync("/api/v1/token", agent, [("grant_type", "client_credentials")]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("3600", answer["expires_in"]);
        Assert.Equal("agents:read", answer["scope"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        var token = answer["access_token"];
        Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}", token)).Status);
        Assert.True(await IsActiveAsync(agent, token));

        Assert.Equal(HttpStatusCode.OK, (await signet.PostAsync("/api/v1/token/revoke", agent, [("token", token)])).Status);

        Assert.False(await IsActiveAsync(agent, token));
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}", token)).Status);
        Assert.Equal(["agent.created", "credential.generated", "token.introspected", "token.introspected", "token.issued", "token.revoked"], (await signet.ActionsAsync(agent.Id)).Order());
    }

    [Fact]
    public async Task A2_From_registered_to_revoked_on_two_nodes_each_step_on_the_other()
    {
        await using var other = await signet.StartNodeAsync();
        var agent = await RegisterAsync();
        var token = (await other.PostAsync("/api/v1/token", agent, [("grant_type", "client_credentials")]))["access_token"];
        foreach (var node in (TestSignet[])[signet, other])
        {
            Assert.Equal(HttpStatusCode.OK, (await node.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}", token)).Status);
            Assert.Equal("True", (await node.PostAsync("/api/v1/token/introspect", agent, [("token", token)]))["active"]);
        }

        Assert.Equal(HttpStatusCode.OK, (await other.PostAsync("/api/v1/token/revoke", agent, [("token", token)])).Status);

        foreach (var node in (TestSignet[])[signet, other])
        {
            Assert.Equal("False", (await node.PostAsync("/api/v1/token/introspect", agent, [("token", token)]))["active"]);
            Assert.Equal(HttpStatusCode.Unauthorized, (await node.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}", token)).Status);
        }
    }

    [Fact]
    public async Task A3_The_token_endpoint_wants_a_form_and_one_proof()
    {
        var agent = await RegisterAsync();

        var json = await signet.CallAsync(HttpMethod.Post, "/api/v1/token", body: new { grant_type = "client_credentials" });
        var twice = await signet.PostAsync("/api/v1/token", agent, [("grant_type", "client_credentials"), ("client_id", agent.Id), ("client_secret", agent.Secret!)]);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (json.Status, json["error"]));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (twice.Status, twice["error"]));
    }

    [Theory]
    [InlineData("wrong secret")]
    [InlineData("unknown")]
    [InlineData("suspended")]
    [InlineData("decommissioned")]
    [InlineData("expired credential")]
    [InlineData("revoked credential")]
    public async Task A4_Whoever_may_not_have_a_token_hears_the_same(string cause)
    {
        var agent = await RegisterAsync();
        var model = await signet.PostAsync("/oauth2/token", agent with { Secret = (await RegisterAsync()).Secret }, [("grant_type", "client_credentials")]);
        switch (cause)
        {
            case "wrong secret":
                agent = agent with { Secret = "sgt_as_nothing" };
                break;
            case "unknown":
                agent = agent with { Id = Guid.CreateVersion7().ToString() };
                break;
            case "suspended":
                await PatchAsync(agent, new { status = "suspended" });
                break;
            case "decommissioned":
                Assert.Equal(HttpStatusCode.NoContent, (await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent.Id}", key)).Status);
                break;
            case "expired credential":
                var soon = await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent.Id}/credentials", key, new Dictionary<string, object> { ["expiresAt"] = signet.Clock.GetUtcNow().AddMinutes(1) });
                agent = agent with { Secret = soon["clientSecret"] };
                signet.Clock.Advance(TimeSpan.FromMinutes(2));
                break;
            default:
                await RevokeAllAsync(agent);
                break;
        }

        var answer = await signet.PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")]);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal((model.Status, model.Text), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData(null, "api:read api:write")]
    [InlineData("api:read", "api:read")]
    [InlineData("api:write api:read api:write", "api:write api:read")]
    [InlineData("api:read admin", null)]
    public async Task A5_Scopes_are_those_of_the_agent_or_fewer(string? asked, string? granted)
    {
        var agent = await RegisterAsync("api:read", "api:write");

        var answer = await signet.PostAsync("/oauth2/token", agent, asked is null ? [("grant_type", "client_credentials")] : [("grant_type", "client_credentials"), ("scope", asked)]);

        Assert.Equal(granted ?? "invalid_scope", answer[granted is null ? "error" : "scope"]);
    }

    [Theory]
    [InlineData("active", "suspended", HttpStatusCode.OK)]
    [InlineData("suspended", "active", HttpStatusCode.OK)]
    [InlineData("active", "decommissioned", HttpStatusCode.OK)]
    [InlineData("suspended", "decommissioned", HttpStatusCode.OK)]
    [InlineData("active", "active", HttpStatusCode.OK)]
    [InlineData("decommissioned", "active", HttpStatusCode.Conflict)]
    [InlineData("decommissioned", "suspended", HttpStatusCode.Conflict)]
    [InlineData("decommissioned", "decommissioned", HttpStatusCode.Conflict)]
    public async Task A8_The_states_follow_their_table(string from, string to, HttpStatusCode expected)
    {
        var agent = await RegisterAsync();
        await PatchAsync(agent, new { status = from });

        Assert.Equal(expected, (await PatchAsync(agent, new { status = to })).Status);
    }

    [Fact]
    public async Task A8_A_suspended_agents_tokens_stay_dead_when_it_comes_back()
    {
        var agent = await RegisterAsync();
        var old = await TokenAsync(agent);

        await PatchAsync(agent, new { status = "suspended" });
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", old)).Status);
        await PatchAsync(agent, new { status = "active" });

        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", await TokenAsync(agent))).Status);
    }

    [Fact]
    public async Task Revoking_a_credential_ends_its_tokens_and_no_others()
    {
        var agent = await RegisterAsync();
        var first = await TokenAsync(agent);
        var other = await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent.Id}/credentials", key);
        var second = await TokenAsync(agent with { Secret = other["clientSecret"] });

        Assert.Equal(HttpStatusCode.NoContent, (await signet.CallAsync(
            HttpMethod.Delete, $"/api/v1/agents/{agent.Id}/credentials/{other.Json.GetProperty("credential").GetProperty("credentialId").GetString()}", key)).Status);

        Assert.True(await IsActiveAsync(agent, first));
        Assert.False(await IsActiveAsync(agent, second));
    }

    [Theory]
    [InlineData(0, HttpStatusCode.Unauthorized)]
    [InlineData(600, HttpStatusCode.OK)]
    public async Task Rotating_signs_nobody_out_and_the_old_secret_holds_as_long_as_was_said(int grace, HttpStatusCode old)
    {
        var agent = await RegisterAsync();
        var token = await TokenAsync(agent);
        var credential = (await CredentialsAsync(agent)).Single();

        var rotated = await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent.Id}/credentials/{credential}/rotate", key, new Dictionary<string, object> { ["graceSeconds"] = grace });

        Assert.Equal(HttpStatusCode.OK, rotated.Status);
        var renewed = agent with { Secret = rotated["clientSecret"] };
        Assert.True(await IsActiveAsync(renewed, token));
        Assert.Equal(old, (await signet.PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")])).Status);
        signet.Clock.Advance(TimeSpan.FromSeconds(grace + 1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")])).Status);
        Assert.Equal(HttpStatusCode.OK, (await signet.PostAsync("/oauth2/token", renewed, [("grant_type", "client_credentials")])).Status);
    }

    [Fact]
    public async Task The_kill_switch_stops_every_agent_of_an_owner_and_nobody_elses()
    {
        var mine = await RegisterAsync();
        var token = await TokenAsync(mine);
        var somebody = await signet.CreateUserAsync(Role.Owner, withPassword: false);
        var theirs = await signet.RegisterAgentAsync(await signet.CreateApiKeyAsync(somebody));

        var answer = await signet.CallAsync(HttpMethod.Post, "/api/v1/agents/kill-switch", key, new { owner = owner.Id });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await signet.PostAsync("/oauth2/token", theirs, [("grant_type", "client_credentials")])).Status);
    }

    [Fact]
    public async Task Of_sixteen_that_want_one_address_one_gets_it()
    {
        var email = $"{TestSignet.NewName("agent")}@example.test";

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => signet.CallAsync(HttpMethod.Post, "/api/v1/agents", key, TestSignet.AgentBody(email))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer =>
            Assert.Equal((HttpStatusCode.Conflict, "AGENT_ALREADY_EXISTS"), (answer.Status, answer["code"])));
    }

    [Theory]
    [InlineData("email", "nobody")]
    [InlineData("version", "one")]
    [InlineData("owner", "stranger@example.test")]
    [InlineData("sponsor", "stranger@example.test")]
    [InlineData("tokenAlgorithm", "HS256")]
    [InlineData("tokenSeconds", 7200)]
    [InlineData("expiresAt", "2020-01-01T00:00:00Z")]
    public async Task What_an_agent_can_not_be_is_named(string field, object value)
    {
        var body = TestSignet.AgentBody($"{TestSignet.NewName("agent")}@example.test");
        body[field] = value;

        var answer = await signet.CallAsync(HttpMethod.Post, "/api/v1/agents", key, body);

        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (answer.Status, answer["code"]));
        Assert.True(answer.Json.GetProperty("details").TryGetProperty(field, out _), answer.Text);
    }

    [Fact]
    public async Task An_agent_changes_its_own_credentials_and_nobody_elses()
    {
        var agent = await RegisterAsync(AgentScopes.Write);
        var other = await RegisterAsync();
        var token = await TokenAsync(agent);

        Assert.Equal(HttpStatusCode.Created, (await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent.Id}/credentials", token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{other.Id}/credentials", token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", token)).Status);
    }

    /// <summary>Every way in which somebody could come to hold what they may not do: by making, changing, arming or re-arming an agent.</summary>
    [Theory]
    [InlineData(AgentScopes.ReadAudit)]
    [InlineData(AgentScopes.ReadTokens)]
    public async Task Nobody_gives_an_agent_what_they_may_not_do_themselves(string scope)
    {
        var limited = await signet.CreateApiKeyAsync(owner, [Permission.ReadAgents, Permission.ManageOwnAgent, Permission.ManageAgents]);
        var strong = await RegisterAsync(scope);
        var weak = await RegisterAsync();
        var credential = (await CredentialsAsync(strong)).Single();

        TestAnswer[] answers =
        [
            await signet.CallAsync(HttpMethod.Post, "/api/v1/agents", limited, TestSignet.AgentBody($"{TestSignet.NewName("agent")}@example.test", scope)),
            await signet.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{weak.Id}", limited, new { scopes = new[] { scope } }),
            await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{strong.Id}/credentials", limited),
            await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{strong.Id}/credentials/{credential}/rotate", limited),
        ];

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Forbidden, "AGENTS_BEYOND_YOURS"), (answer.Status, answer["code"])));
        Assert.Equal(HttpStatusCode.Created, (await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{weak.Id}/credentials", limited)).Status);
    }

    [Fact]
    public async Task At_our_api_tokens_of_applications_and_people_prove_nobody()
    {
        var client = await signet.CreateClientAsync(wish => wish with { AsksConsent = false, Scopes = ["openid", AgentScopes.ReadAudit, AgentScopes.Admin] });
        var person = await signet.CreateUserAsync(Role.Owner);
        string[] tokens =
        [
            (await signet.ClientCredentialsAsync(client))["access_token"],
            (await signet.ObtainTokensAsync(client, person, $"openid {AgentScopes.ReadAudit} {AgentScopes.Admin}"))["access_token"],
        ];

        foreach (var token in tokens)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, "/api/v1/audit", token)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", token)).Status);
        }

        var agent = await RegisterAsync(AgentScopes.ReadAudit);
        Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, "/api/v1/audit", await TokenAsync(agent))).Status);
    }

    [Fact]
    public async Task An_agent_hears_of_its_own_tokens_and_of_others_only_with_the_scope()
    {
        var one = await RegisterAsync();
        var token = await TokenAsync(one);

        Assert.True(await IsActiveAsync(one, token));
        Assert.False(await IsActiveAsync(await RegisterAsync(), token));
        Assert.True(await IsActiveAsync(await RegisterAsync(AgentScopes.ReadTokens), token));
    }

    [Fact]
    public async Task The_kill_switch_wants_to_be_told_whose_agents()
    {
        var agent = await RegisterAsync();

        var nobody = await signet.CallAsync(HttpMethod.Post, "/api/v1/agents/kill-switch", key, new { ownr = owner.Id });
        var both = await signet.CallAsync(HttpMethod.Post, "/api/v1/agents/kill-switch", key, new { owner = owner.Id, all = true });

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (nobody.Status, both.Status));
        Assert.Equal(HttpStatusCode.OK, (await signet.PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")])).Status);
    }

    [Fact]
    public async Task An_end_is_taken_away_by_null_and_stays_where_it_is_not_named()
    {
        var agent = await RegisterAsync();
        var end = signet.Clock.GetUtcNow().AddDays(90);

        var set = await PatchAsync(agent, new Dictionary<string, object?> { ["expiresAt"] = end });
        var other = await PatchAsync(agent, new { version = "1.1.0" });
        var taken = await PatchAsync(agent, new Dictionary<string, object?> { ["expiresAt"] = null });
        var wild = await PatchAsync(agent, new Dictionary<string, object?> { ["expiresAt"] = "some day" });

        Assert.Equal(set["expiresAt"], other["expiresAt"]);
        Assert.NotEqual("", set["expiresAt"]);
        Assert.Equal(HttpStatusCode.OK, taken.Status);
        Assert.DoesNotContain("20", taken.Has("expiresAt") ? taken["expiresAt"] : "", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, wild.Status);
    }

    [Fact]
    public async Task All_agents_of_a_person_go_to_another_with_one_call_and_of_sixteen_calls_with_one()
    {
        var heir = await signet.CreateUserAsync(withPassword: false);
        var living = await RegisterAsync();
        var dead = await RegisterAsync();
        await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{dead.Id}", key);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            signet.CallAsync(HttpMethod.Post, "/api/v1/agents/transfer", key, new { from = owner.Email, to = heir.Id })));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers.SelectMany(answer => answer.Json.GetProperty("agents").EnumerateArray()), id => id.GetString() == living.Id);
        Assert.Equal(heir.Id.ToString(), (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{living.Id}", key))["owner"]);
        Assert.Equal(owner.Id.ToString(), (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{dead.Id}", key))["owner"]);
        Assert.Single(await signet.ActionsAsync(living.Id), action => action == "agent.transferred");
    }

    [Theory]
    [InlineData("from", "nobody at all")]
    [InlineData("to", "stranger@example.test")]
    [InlineData("to", "myself")]
    [InlineData("to", "deactivated")]
    [InlineData("to", "foreign")]
    public async Task A_transfer_names_who_gives_and_somebody_who_can_take(string field, string value)
    {
        var gone = await signet.CreateUserAsync(withPassword: false);
        var foreign = await signet.CreateUserAsync(Role.User, (await signet.CreateTenantAsync()).Id, withPassword: false);
        await signet.CallAsync(HttpMethod.Post, $"/api/v1/users/{gone.Id}/deactivate", key);
        var named = value switch { "myself" => owner.Email, "deactivated" => gone.Email, "foreign" => foreign.Id.ToString(), _ => value };
        var body = new Dictionary<string, object> { ["from"] = owner.Email, ["to"] = gone.Email, [field] = named };

        var answer = await signet.CallAsync(HttpMethod.Post, "/api/v1/agents/transfer", key, body);

        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (answer.Status, answer["code"]));
        Assert.True(answer.Json.GetProperty("details").TryGetProperty(field, out _), answer.Text);
    }

    // Names in camel case, as they are on the wire: a dictionary's keys are written as they stand.
    private Task<TestClient> RegisterAsync(params string[] scopes) => signet.RegisterAgentAsync(key, scopes);

    private async Task<string> TokenAsync(TestClient agent) => (await signet.PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")]))["access_token"];

    private async Task<bool> IsActiveAsync(TestClient agent, string token) =>
        (await signet.PostAsync("/api/v1/token/introspect", agent, [("token", token)]))["active"] == "True";

    private Task<TestAnswer> PatchAsync(TestClient agent, object body) => signet.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{agent.Id}", key, body);

    private async Task<List<string>> CredentialsAsync(TestClient agent) =>
        [.. (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}/credentials", key)).Json.GetProperty("credentials").EnumerateArray()
            .Select(credential => credential.GetProperty("credentialId").GetString()!)];

    private async Task RevokeAllAsync(TestClient agent)
    {
        foreach (var credential in await CredentialsAsync(agent))
        {
            await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent.Id}/credentials/{credential}", key);
        }
    }
}
