using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Signet.Server;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Tenants;

/// <summary>Each tenant has its own address, its own people and its own end; none sees another.</summary>
public sealed partial class TenantTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Fact]
    public async Task A_tenant_answers_behind_its_path()
    {
        var tenant = await signet.CreateTenantAsync();

        var answer = await signet.CallAsync(HttpMethod.Get, $"/t/{tenant.Slug}/.well-known/openid-configuration");

        Assert.Equal($"{signet.Issuer}/t/{tenant.Slug}", answer["issuer"]);
        Assert.Equal($"{signet.Issuer}/t/{tenant.Slug}/oauth2/token", answer["token_endpoint"]);
    }

    [Fact]
    public async Task A_tenant_answers_at_its_host()
    {
        var tenant = await signet.CreateTenantAsync(TenantAddress.Host);
        var origin = signet.Issuer.Replace("localhost", $"{tenant.Slug}.localhost");

        var answer = await signet.CallAsync(HttpMethod.Get, $"{origin}/.well-known/openid-configuration");

        Assert.Equal(origin, answer["issuer"]);
    }

    [Theory]
    [InlineData("X-Forwarded-Host", "other.localhost")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("Host", "evil.example")]
    public async Task The_issuer_of_a_path_is_the_stored_one_whatever_the_request_says(string name, string value)
    {
        var tenant = await signet.CreateTenantAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, signet.At($"/t/{tenant.Slug}/.well-known/openid-configuration"));
        request.Headers.TryAddWithoutValidation(name, value);

        var answer = await signet.SendAsync(request);

        Assert.Equal(tenant.Origin, answer["issuer"]);
    }

    [Fact]
    public async Task The_whole_code_flow_runs_in_a_tenant()
    {
        var tenant = await signet.CreateTenantAsync();
        var client = await signet.CreateClientAsync(tenant: tenant.Id);
        var user = await signet.CreateUserAsync(tenant: tenant.Id);
        var path = $"/t/{tenant.Slug}";

        var code = await signet.AuthorizeAsync(client, user, pathBase: path);

        Assert.Equal(tenant.Origin, code.Answer.Parameter("iss"));
        var tokens = await signet.PostAsync($"{path}/oauth2/token", client,
            [("grant_type", "authorization_code"), ("code", code.Code), ("redirect_uri", client.RedirectUri), ("code_verifier", code.Verifier)]);
        Assert.Equal(HttpStatusCode.OK, tokens.Status);
        Assert.Equal(HttpStatusCode.OK, (await signet.UserInfoAsync(tokens["access_token"], path)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.UserInfoAsync(tokens["access_token"])).Status);
    }

    [Fact]
    public async Task People_and_applications_of_one_tenant_are_nobody_in_another()
    {
        var tenant = await signet.CreateTenantAsync();
        var client = await signet.CreateClientAsync(tenant: tenant.Id);
        var user = await signet.CreateUserAsync(tenant: tenant.Id);

        var login = await signet.NewBrowser().PostJsonAsync("/v1/auth/login", new { email = user.Email, password = user.Password });
        var token = await signet.ClientCredentialsAsync(client);

        Assert.Equal(HttpStatusCode.Unauthorized, login.Status);
        Assert.Equal("invalid_client", token["error"]);
    }

    [Fact]
    public async Task A_session_of_one_tenant_is_none_in_another()
    {
        var tenant = await signet.CreateTenantAsync();
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(tenant: tenant.Id), $"/t/{tenant.Slug}");

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/t/{tenant.Slug}/v1/auth/session")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/v1/auth/session")).Status);
    }

    [Theory]
    [InlineData("GET", "/.well-known/openid-configuration")]
    [InlineData("GET", "/oauth2/jwks")]
    [InlineData("POST", "/oauth2/token")]
    [InlineData("GET", "/oauth2/userinfo")]
    [InlineData("GET", "/sign-in")]
    [InlineData("POST", "/v1/auth/login")]
    [InlineData("GET", "/v1/auth/session")]
    [InlineData("GET", "/api/v1/users")]
    public async Task A_suspended_tenant_refuses_everything_until_it_is_back(string method, string path)
    {
        var tenant = await signet.CreateTenantAsync();

        await signet.MoveTenantAsync(tenant, TenantState.Suspended);
        var suspended = await signet.CallAsync(new HttpMethod(method), $"/t/{tenant.Slug}{path}");
        await signet.MoveTenantAsync(tenant, TenantState.Active);
        var back = await signet.CallAsync(new HttpMethod(method), $"/t/{tenant.Slug}{path}");

        Assert.Equal(HttpStatusCode.Forbidden, suspended.Status);
        Assert.NotEqual(HttpStatusCode.Forbidden, back.Status);
    }

    [Theory]
    [InlineData("/t/nobody/oauth2/jwks")]
    [InlineData("/t/../oauth2/x")]
    [InlineData("/t//oauth2/jwks")]
    [InlineData("/t/UPPER/oauth2/jwks")]
    public async Task Where_there_is_no_tenant_there_is_nothing(string path)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(HttpMethod.Get, path)).Status);
    }

    [Fact]
    public async Task No_owner_outside_the_default_tenant_administers_the_platform()
    {
        var tenant = await signet.CreateTenantAsync();
        var key = await signet.CreateApiKeyAsync(Role.Owner, tenant.Id);

        foreach (var endpoint in Endpoints().Where(endpoint => RolePermissions.IsPlatform(endpoint.Metadata.GetMetadata<Requirement>()?.Permission ?? Permission.ManageOwnAccount)))
        {
            var answer = await signet.CallAsync(MethodOf(endpoint), $"/t/{tenant.Slug}{PathOf(endpoint, Guid.CreateVersion7().ToString())}", key, "{}");

            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        }
    }

    /// <summary>Security class 24: every management endpoint that takes an id, asked by an owner for what is another tenant's, from the table of routes.</summary>
    [Fact]
    public async Task No_endpoint_gives_an_owner_what_is_another_tenants()
    {
        var tenant = await signet.CreateTenantAsync();
        var attacker = await signet.CreateApiKeyAsync(Role.Owner, tenant.Id);
        var victim = await signet.CreateUserAsync(withPassword: false);
        var ids = new Dictionary<string, string>
        {
            ["users"] = victim.Id.ToString(),
            ["clients"] = (await signet.CreateClientAsync()).Id,
            ["agents"] = await RegisterAgentAsync(victim),
            ["api-keys"] = await SomeIdAsync("select api_key_id::text from api_keys limit 1"),
            ["keys"] = await SomeIdAsync("select kid from signing_keys limit 1"),
            ["audit"] = await SomeIdAsync("select id::text from audit_events limit 1"),
            ["trust-policies"] = (await signet.CallAsync(HttpMethod.Post, "/api/v1/trust-policies", await signet.CreateApiKeyAsync(Role.Owner), new Dictionary<string, object>
            {
                ["name"] = "builds", ["issuer"] = "https://issuer.example", ["agentId"] = await RegisterAgentAsync(victim),
                ["rules"] = new[] { new { claim = "sub", value = "a" } },
            }))["policyId"],
            ["agent-blueprints"] = (await signet.CallAsync(HttpMethod.Post, "/api/v1/agent-blueprints", await signet.CreateApiKeyAsync(Role.Owner), new Dictionary<string, object>
            {
                ["name"] = "screeners", ["capabilities"] = new[] { "documents:read" },
            }))["blueprintId"],
            ["certificate-authorities"] = (await signet.CallAsync(HttpMethod.Post, "/api/v1/certificate-authorities", await signet.CreateApiKeyAsync(Role.Owner), new
            {
                name = "mesh", pem = TestCertificates.MakeRoot(signet.Clock.GetUtcNow()).ExportCertificatePem(),
            }))["authorityId"],
            ["webhooks"] = (await signet.CreateWebhookAsync("https://receiver.example/hook")).Id,
            ["subordinates"] = Guid.CreateVersion7().ToString(),
            ["trustmarktypes"] = Guid.CreateVersion7().ToString(),
            ["trustmarks"] = Guid.CreateVersion7().ToString(),
            ["trust-mark-requests"] = Guid.CreateVersion7().ToString(),
            ["sessions"] = Guid.CreateVersion7().ToString(),
        };
        var asked = 0;

        foreach (var endpoint in Endpoints().Where(endpoint => endpoint.RoutePattern.Parameters.Count > 0))
        {
            var permission = endpoint.Metadata.GetMetadata<Requirement>()?.Permission;
            if (permission is null || RolePermissions.IsPlatform(permission.Value))
            {
                continue;
            }

            var kind = endpoint.RoutePattern.RawText!.Split('/').First(ids.ContainsKey);
            var path = PathOf(endpoint, ids[kind]);
            var answer = await signet.CallAsync(MethodOf(endpoint), $"/t/{tenant.Slug}{path}", attacker, MethodOf(endpoint) == HttpMethod.Get ? null : BodyOf(path));

            Assert.True(answer.Status == HttpStatusCode.NotFound, $"{MethodOf(endpoint)} {path}: {(int)answer.Status} {answer.Text}");
            asked++;
        }

        Assert.True(asked >= 18, $"Only {asked} endpoints were asked.");
        Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, $"/api/v1/users/{victim.Id}", await signet.CreateApiKeyAsync(Role.Auditor))).Status);
    }

    private IEnumerable<RouteEndpoint> Endpoints() =>
        signet.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<RouteFamily>() == RouteFamily.Management);

    private static HttpMethod MethodOf(RouteEndpoint endpoint) => new(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]);

    private static string PathOf(RouteEndpoint endpoint, string id) => "/" + Parameter().Replace(endpoint.RoutePattern.RawText!, id).TrimStart('/');

    private static object BodyOf(string path) => path switch
    {
        _ when path.EndsWith("/role", StringComparison.Ordinal) => new { role = "user" },
        _ when path.EndsWith("/card/", StringComparison.Ordinal) => AgentCards.CardDesk.Body(),
        _ when path.EndsWith("/revoke", StringComparison.Ordinal) => new { reason = "compromised" },
        _ when path.EndsWith("/delegations", StringComparison.Ordinal) => new { issuer = "https://issuer.example" },
        _ when path.EndsWith("/drop", StringComparison.Ordinal) => new { reason = "attack" },
        _ when path.EndsWith("/consent-requests", StringComparison.Ordinal) => new { scopes = new[] { "agents:read" } },
        _ when path.EndsWith("/instances", StringComparison.Ordinal) => new { email = "agent@example.test" },
        _ => "{}",
    };

    private async Task<string> RegisterAgentAsync(TestUser owner) => (await signet.CallAsync(
        HttpMethod.Post, "/api/v1/agents", await signet.CreateApiKeyAsync(Role.Owner), new Dictionary<string, object>
        {
            ["email"] = $"{TestSignet.NewName("agent")}@example.test", ["agentType"] = "custom", ["version"] = "1.0.0",
            ["capabilities"] = new[] { "documents:read" }, ["deploymentEnv"] = "production", ["owner"] = owner.Email,
        }))["agentId"];

    private async Task<string> SomeIdAsync(string sql)
    {
        await signet.ClientCredentialsAsync(await signet.CreateClientAsync());
        await signet.CreateApiKeyAsync(Role.User);
        return await signet.Database.Db().InTenantAsync(
            Signet.Platform.Data.TenantId.Default, tx => tx.GetAsync<string>(sql, null, CancellationToken.None), CancellationToken.None);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
