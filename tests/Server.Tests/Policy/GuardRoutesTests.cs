using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Policy;

/// <summary>The policy has its say about every call to our own API that an agent's access token speaks for.</summary>
public sealed class GuardRoutesTests
{
    [Fact]
    public async Task An_agent_may_do_what_its_scopes_and_the_policy_both_allow()
    {
        using var file = new PolicyFile("""{"GET /api/v1/agents": ["agents:read"]}""");
        await using var signet = await TestSignet.StartAsync(configure: settings => settings with { PolicyFolder = file.Folder });
        var key = await signet.CreateApiKeyAsync(await signet.CreateUserAsync(Role.Owner, withPassword: false));
        var (agent, token) = await RegisterAsync(signet, key, "agents:read");
        var (_, strong) = await RegisterAsync(signet, key, "agents:admin");

        Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", token)).Status);
        // A wider scope has the narrower one in it.
        Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", strong)).Status);

        var denied = await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent}", token);

        Assert.Equal((HttpStatusCode.Forbidden, "POLICY_DENIED"), (denied.Status, denied["code"]));
        Assert.Contains("no_rule", denied["detail"], StringComparison.Ordinal);
        Assert.Contains("policy.evaluated", await signet.ActionsAsync("scopes"));
        // People and keys have roles and permissions, and no scopes for a policy to weigh.
        Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent}", key)).Status);
    }

    private static async Task<(string Id, string Token)> RegisterAsync(TestSignet signet, string key, string scope)
    {
        var client = await signet.RegisterAgentAsync(key, scope);
        return (client.Id, (await signet.PostAsync("/oauth2/token", client, [("grant_type", "client_credentials")]))["access_token"]);
    }
}
