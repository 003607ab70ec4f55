using System.Net;
using Microsoft.AspNetCore.Routing;
using Server.Tests.Approvals;
using Server.Tests.Delegations;
using Server.Tests.Rules;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Governance;

/// <summary>Every door through which an agent comes to a scope asks whether the giver may give it. A new door is on one of these lists, or these tests fail.</summary>
public sealed class ScopeGiftTests(TestSignet signet) : IClassFixture<TestSignet>
{
    private const string Agents = "/api/v1/agents";
    private const string Blueprints = "/api/v1/agent-blueprints";
    private const string Policies = "/api/v1/trust-policies";

    // What makes or arms an agent, or says what agents will be made of.
    private static readonly string[] Gives =
    [
        $"POST {Agents}", $"PATCH {Agents}/{{id}}", $"POST {Agents}/{{id}}/credentials", $"POST {Agents}/{{id}}/credentials/{{credential}}/rotate",
        $"POST {Blueprints}", $"PATCH {Blueprints}/{{id}}", $"POST {Blueprints}/{{id}}/apply", $"POST {Blueprints}/{{id}}/instances",
        $"POST {Policies}", $"PATCH {Policies}/{{id}}",
    ];

    private static readonly string[] GivesNothing =
    [
        // What a bootstrap token gives was asked of whoever made its policy.
        $"POST {Agents}/bootstrap",
        $"DELETE {Agents}/{{id}}", $"DELETE {Agents}/{{id}}/credentials/{{credential}}", $"POST {Agents}/kill-switch", $"POST {Agents}/transfer", $"POST {Agents}/{{id}}/attest",
        // What others read of an agent.
        $"PUT {Agents}/{{id}}/card", $"DELETE {Agents}/{{id}}/card",
        // What an agent may do for a person, the person says.
        $"POST {Agents}/{{id}}/consent-requests", $"DELETE {Agents}/{{id}}/consents/{{consent}}", $"DELETE {Agents}/{{id}}/delegations/{{delegation}}",
        $"DELETE {Agents}/{{id}}/approvals/{{approval}}", $"DELETE {Blueprints}/{{id}}", $"DELETE {Policies}/{{id}}",
    ];

    // Statements that write scopes of agents, or what proves an agent.
    private static readonly (string Namespace, string Name, string Member)[] Writes =
    [
        ("Signet.Server.Agents.Storage", "AgentRows", "InsertAsync"), ("Signet.Server.Agents.Storage", "AgentRows", "UpdateAsync"),
        ("Signet.Server.Agents.Storage", "CredentialRows", "InsertAsync"), ("Signet.Server.Agents.Storage", "CredentialRows", "RotateAsync"),
        ("Signet.Server.Agents.Storage", "CredentialRows", "RotateInVaultAsync"), ("Signet.Server.Agents", "WorkloadCredentials", "GiveAsync"),
        ("Signet.Server.Workloads.Storage", "TrustPolicyRows", "InsertAsync"), ("Signet.Server.Workloads.Storage", "TrustPolicyRows", "UpdateAsync"),
        ("Signet.Server.Governance.Storage", "BlueprintRows", "InsertAsync"), ("Signet.Server.Governance.Storage", "BlueprintRows", "UpdateAsync"),
    ];

    // Those that ask for others.
    private static readonly (string Namespace, string Name, string Member)[] Asks =
    [
        ("Signet.Server.Agents", "AgentScopes", "MayGive"), ("Signet.Server.Agents", "ManageCredentials", "RefuseAgentAsync"),
        ("Signet.Server.Agents", "WorkloadCredentials", "RefuseAsync"), ("Signet.Server.Governance", "BlueprintRules", "RefuseRights"),
    ];

    // It writes an agent back with the scopes it had; and it is the one who gives a credential for those that asked, which are found by that.
    private static readonly string[] Harmless = ["Signet.Server.Agents.AttestAgent", "Signet.Server.Agents.WorkloadCredentials"];

    [Fact]
    public void Whoever_writes_a_scope_asks_first()
    {
        var writers = House.All.Where(piece => Writes.Any(write => piece.Uses.Contains(write))).ToList();

        Assert.True(writers.Count >= 9, $"Only {writers.Count} were found.");
        Rule.Holds(writers.Where(piece => !Asks.Any(ask => piece.Uses.Contains(ask))).Select(piece => piece.FullName).Except(Harmless));
        Assert.All(Asks.Skip(1), ask =>
            Assert.Contains(House.All, piece => (piece.Namespace, piece.Name) == (ask.Namespace, ask.Name) && Asks.Any(other => other != ask && piece.Uses.Contains(other))));
    }

    [Fact]
    public void Scopes_of_agents_are_written_by_these_alone()
    {
        var statements = House.All
            .Where(piece => piece.Literals.Any(text =>
                (text.Contains("insert into agents ", StringComparison.Ordinal) || text.Contains("update agents", StringComparison.Ordinal)
                    || text.Contains("agent_blueprints", StringComparison.Ordinal) || text.Contains("trust_policies", StringComparison.Ordinal))
                && text.Contains("scopes", StringComparison.Ordinal) && !text.TrimStart().StartsWith("select", StringComparison.Ordinal)))
            .Select(piece => piece.FullName);

        Assert.Equal(
            ["Signet.Server.Agents.Storage.AgentRows", "Signet.Server.Governance.Storage.BlueprintRows", "Signet.Server.Workloads.Storage.TrustPolicyRows"], statements.Order());
    }

    [Fact]
    public void Every_route_that_changes_agents_is_known_to_give_scopes_or_not_to()
    {
        var found = signet.Endpoints
            .SelectMany(endpoint => Methods(endpoint).Select(method => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}"))
            .Where(route => !route.StartsWith("GET ", StringComparison.Ordinal))
            .Where(route => ((string[])[Agents, Blueprints, Policies]).Any(prefix => route.Contains($" {prefix}", StringComparison.Ordinal)));

        Assert.Equal(Gives.Concat(GivesNothing).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    /// <summary>A key that manages agents and may not read the record; an agent that manages agents and may pay only when a person approves.</summary>
    [Theory]
    [InlineData(false, "audit:read")]
    [InlineData(false, "tokens:read")]
    [InlineData(true, "api:pay")]
    [InlineData(true, "audit:read")]
    [InlineData(true, "api:others")]
    public async Task No_route_gives_what_the_giver_may_not_give(bool byAgent, string scope)
    {
        var owner = await signet.CreateUserAsync(Role.Owner);
        var all = await signet.CreateApiKeyAsync(owner);
        var nursery = await Nursery.OpenAsync(signet);
        var giver = byAgent
            ? (await nursery.TokenAsync(await nursery.ArmAsync(await nursery.RegisterAloneAsync(
                ("scopes", new[] { "agents:admin", "api:read", "api:pay", "audit:read" }), ("approvalScopes", new[] { "api:pay", "audit:read" })))))["access_token"]
            : await signet.CreateApiKeyAsync(owner, [Permission.ReadAgents, Permission.ManageOwnAgent, Permission.ManageAgents]);
        var (strong, weak) = (await RegisterAsync(all, scope), await RegisterAsync(all, "agents:read"));
        var credential = (await signet.CallAsync(HttpMethod.Post, $"{Agents}/{strong}/credentials", all)).Json.GetProperty("credential").GetProperty("credentialId").GetString()!;
        var blueprint = await MakeAsync(all, Blueprints, "blueprintId", Nursery.Body(("scopes", new[] { "agents:read" })));
        var strongBlueprint = await MakeAsync(all, Blueprints, "blueprintId", Nursery.Body(("scopes", new[] { scope })));
        var policy = await MakeAsync(all, Policies, "policyId", Policy("agents:read", owner));
        var scopes = new Dictionary<string, object> { ["scopes"] = new[] { scope } };
        var agent = new Dictionary<string, object>(TestSignet.AgentBody($"{TestSignet.NewName("agent")}@example.test", scope)) { ["owner"] = owner.Email };

        var cases = new Dictionary<string, (string Path, object? Body)>
        {
            [Gives[0]] = (Agents, agent),
            [Gives[1]] = ($"{Agents}/{weak}", scopes),
            [Gives[2]] = ($"{Agents}/{strong}/credentials", null),
            [Gives[3]] = ($"{Agents}/{strong}/credentials/{credential}/rotate", null),
            [Gives[4]] = (Blueprints, Nursery.Body(("scopes", new[] { scope }))),
            [Gives[5]] = ($"{Blueprints}/{blueprint}", scopes),
            [Gives[6]] = ($"{Blueprints}/{strongBlueprint}/apply", null),
            [Gives[7]] = ($"{Blueprints}/{strongBlueprint}/instances", new Dictionary<string, object> { ["email"] = $"{TestSignet.NewName("agent")}@example.test", ["owner"] = owner.Email }),
            [Gives[8]] = (Policies, Policy(scope, owner)),
            [Gives[9]] = ($"{Policies}/{policy}", scopes),
        };
        Assert.Equal(Gives, cases.Keys);
        foreach (var (route, (path, body)) in cases)
        {
            var answer = await signet.CallAsync(new HttpMethod(route.Split(' ')[0]), path, giver, body);
            Assert.True(answer.Status == HttpStatusCode.Forbidden && answer["code"].EndsWith("_BEYOND_YOURS", StringComparison.Ordinal), $"{route}: {(int)answer.Status} {answer.Text}");
        }

        // A policy for the strong agent arms it as a secret would.
        var armed = await signet.CallAsync(HttpMethod.Post, Policies, giver, new Dictionary<string, object>
        {
            ["name"] = "builds", ["issuer"] = "https://issuer.example", ["agentId"] = strong, ["rules"] = new[] { new { claim = "sub", value = "a" } },
        });
        Assert.Equal((HttpStatusCode.Forbidden, "AGENTS_BEYOND_YOURS"), (armed.Status, armed["code"]));
        // The giver is not refused for what it is, but for what it gives.
        agent["scopes"] = new[] { "agents:read", "api:read" };
        Assert.Equal(HttpStatusCode.Created, (await signet.CallAsync(HttpMethod.Post, Agents, giver, agent)).Status);
    }

    [Fact]
    public async Task One_approval_does_not_do_for_ever()
    {
        var fleet = await Fleet.OfAsync(signet);
        var chief = await fleet.RegisterAsync("agents:read agents:admin", ("approvalScopes", new[] { "agents:admin" }));
        var desk = new Desk(signet, fleet, chief, fleet.Owner);
        var asked = await desk.AskAsync(("scope", "openid agents:admin"));
        await desk.DecideAsync("allow", fleet.Owner);
        var token = (await desk.PollAsync(asked))["access_token"];
        var body = new Dictionary<string, object>(TestSignet.AgentBody($"{TestSignet.NewName("agent")}@example.test", "agents:admin")) { ["owner"] = fleet.Owner.Email };

        var free = await signet.CallAsync(HttpMethod.Post, Agents, token, body);
        body["scopes"] = new[] { "agents:write" };
        var narrower = await signet.CallAsync(HttpMethod.Post, Agents, token, body);
        body["scopes"] = new[] { "agents:admin" };
        body["approvalScopes"] = new[] { "agents:admin" };
        var onApproval = await signet.CallAsync(HttpMethod.Post, Agents, token, body);

        Assert.Equal((HttpStatusCode.Forbidden, "AGENTS_BEYOND_YOURS"), (free.Status, free["code"]));
        Assert.Equal((HttpStatusCode.Forbidden, "AGENTS_BEYOND_YOURS"), (narrower.Status, narrower["code"]));
        Assert.True(onApproval.Status == HttpStatusCode.Created, onApproval.Text);
    }

    [Fact]
    public async Task No_agent_frees_agents_to_come_of_asking()
    {
        var nursery = await Nursery.OpenAsync(signet);
        var blueprint = await nursery.CreateAsync(("scopes", new[] { "agents:read", "api:pay" }), ("approvalScopes", new[] { "api:pay" }));
        var token = (await nursery.TokenAsync(await nursery.ArmAsync(await nursery.RegisterAloneAsync(("scopes", new[] { "agents:admin" })))))["access_token"];

        var freed = await signet.CallAsync(HttpMethod.Patch, $"{Blueprints}/{blueprint}", token, new Dictionary<string, object> { ["approvalScopes"] = Array.Empty<string>() });
        var taken = await signet.CallAsync(
            HttpMethod.Patch, $"{Blueprints}/{blueprint}", token, new Dictionary<string, object> { ["scopes"] = new[] { "agents:read" }, ["approvalScopes"] = Array.Empty<string>() });
        var renamed = await signet.CallAsync(HttpMethod.Patch, $"{Blueprints}/{blueprint}", token, new Dictionary<string, object> { ["name"] = "Others" });

        Assert.All((TestAnswer[])[freed, taken], answer => Assert.Equal((HttpStatusCode.Forbidden, "BLUEPRINTS_BEYOND_YOURS"), (answer.Status, answer["code"])));
        Assert.Equal((HttpStatusCode.OK, "Others"), (renamed.Status, renamed["name"]));
    }

    private static Dictionary<string, object> Policy(string scope, TestUser owner) => new()
    {
        ["name"] = "builds", ["issuer"] = "https://issuer.example", ["scopes"] = new[] { scope }, ["rules"] = new[] { new { claim = "sub", value = "a" } },
        ["bootstrap"] = new Dictionary<string, object> { ["capabilities"] = new[] { "documents:read" }, ["owner"] = owner.Email },
    };

    private Task<string> RegisterAsync(string key, string scope) =>
        MakeAsync(key, Agents, "agentId", TestSignet.AgentBody($"{TestSignet.NewName("agent")}@example.test", scope));

    private async Task<string> MakeAsync(string key, string path, string id, object body)
    {
        var answer = await signet.CallAsync(HttpMethod.Post, path, key, body);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer[id];
    }

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];
}
