using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Server.Tests.Delegations;
using Signet.Jose;
using Signet.Platform.Data;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.OAuth;

/// <summary>From a refusal of our own API to a token that does: what a client that knows nothing but an address finds out by itself.</summary>
public sealed partial class ProtectedResourceTests(TestSignet signet) : IClassFixture<TestSignet>
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_gets_from_the_first_refusal_to_a_call(bool behindPath)
    {
        var (tenant, pathBase) = behindPath && await signet.CreateTenantAsync() is var made ? (made.Id, $"/t/{made.Slug}") : (TenantId.Default, "");
        var agent = await (await Fleet.OfAsync(signet, tenant, pathBase)).RegisterAsync("agents:read");
        var address = $"{signet.Issuer}{pathBase}/api/v1/agents";

        // RFC 9728 §5.1: the refusal says where the metadata is, and RFC 6750 §3 what scope would do.
        var refused = await signet.CallAsync(HttpMethod.Get, address);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        var challenge = refused.Headers["WWW-Authenticate"];
        Assert.StartsWith("Bearer scope=\"agents:read\", resource_metadata=\"", challenge, StringComparison.Ordinal);
        Assert.Contains("DPoP scope=\"agents:read\", algs=\"", challenge, StringComparison.Ordinal);
        Assert.DoesNotContain("error", challenge, StringComparison.Ordinal);
        var location = ResourceMetadata().Match(challenge).Groups["url"].Value;
        Assert.Equal($"{signet.Issuer}{WellKnown}{pathBase}/api/v1", location);

        // RFC 9728 §3.3: the resource is the one the well-known part was put into, and the call lies in it.
        var resource = await signet.CallAsync(HttpMethod.Get, location);
        Assert.Equal($"{signet.Issuer}{pathBase}/api/v1", resource["resource"]);
        Assert.StartsWith(resource["resource"], address, StringComparison.Ordinal);
        var issuer = Assert.Single(resource.Json.GetProperty("authorization_servers").EnumerateArray()).GetString()!;

        // RFC 8414 §3.1: between host and path; §3.3: the issuer is the one asked for.
        var server = await signet.CallAsync(HttpMethod.Get, $"{signet.Issuer}/.well-known/oauth-authorization-server{pathBase}");
        Assert.Equal(issuer, server["issuer"]);
        Assert.Contains(server.Json.GetProperty("protected_resources").EnumerateArray(), one => one.GetString() == resource["resource"]);

        // RFC 8707 §2.
        var token = await signet.PostAsync(server["token_endpoint"], agent, [("grant_type", "client_credentials"), ("scope", "agents:read"), ("resource", resource["resource"])]);
        Assert.True(token.Status == HttpStatusCode.OK, token.Text);

        Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, address, token["access_token"])).Status);
        // It is for the management API and nothing else of ours.
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Post, $"{pathBase}/access/v1/evaluation", token["access_token"], new { })).Status);
    }

    [Theory]
    [InlineData("https://elsewhere.example/api/v1")]
    [InlineData("{issuer}/api")]
    [InlineData("{issuer}/api/v1/")]
    [InlineData("{issuer}/API/v1")]
    public async Task A_token_for_another_resource_is_not_valid_here(string resource)
    {
        var agent = await (await Fleet.OfAsync(signet)).RegisterAsync("agents:read");
        var token = await signet.ClientCredentialsAsync(agent, ("resource", resource.Replace("{issuer}", signet.Issuer, StringComparison.Ordinal)));

        var answer = await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", token["access_token"]);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.StartsWith("Bearer error=\"invalid_token\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("sgt_ak_nobodys")]
    public async Task What_does_not_hold_is_called_invalid_and_the_way_is_named_again(string shown)
    {
        var challenge = (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", shown)).Headers["WWW-Authenticate"];

        Assert.StartsWith("Bearer error=\"invalid_token\", ", challenge, StringComparison.Ordinal);
        Assert.Contains($"resource_metadata=\"{signet.Issuer}{WellKnown}/api/v1\"", challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_allows_less_is_told_what_scope_would_do()
    {
        var agent = await (await Fleet.OfAsync(signet)).RegisterAsync("agents:read");
        var token = (await signet.ClientCredentialsAsync(agent))["access_token"];

        var answer = await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent.Id}", token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.StartsWith("Bearer error=\"insufficient_scope\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Contains("scope=\"agents:admin\", resource_metadata=", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whom_no_scope_would_help_is_named_none()
    {
        var agent = await (await Fleet.OfAsync(signet)).RegisterAsync("agents:read");
        var token = (await signet.ClientCredentialsAsync(agent))["access_token"];
        var auditor = await signet.CreateApiKeyAsync(Role.Auditor);

        var byToken = await signet.CallAsync(HttpMethod.Get, "/api/v1/users", token);
        var byKey = await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent.Id}", auditor);

        Assert.Equal((HttpStatusCode.Forbidden, false), (byToken.Status, byToken.Headers.ContainsKey("WWW-Authenticate")));
        Assert.Equal((HttpStatusCode.Forbidden, false), (byKey.Status, byKey.Headers.ContainsKey("WWW-Authenticate")));
    }

    [Fact]
    public async Task The_metadata_says_what_is_true_and_is_signed()
    {
        var answer = await signet.CallAsync(HttpMethod.Get, $"{WellKnown}/api/v1");

        Assert.Equal(("public, max-age=3600", "*"), (answer.Headers["Cache-Control"], answer.Headers["Access-Control-Allow-Origin"]));
        Assert.Equal(
            ["agents:admin", "agents:read", "agents:write", "audit:read", "tokens:read"],
            answer.Json.GetProperty("scopes_supported").EnumerateArray().Select(scope => scope.GetString()).Order());
        Assert.Equal("""["header"]""", answer.Json.GetProperty("bearer_methods_supported").GetRawText());
        Assert.Contains(answer.Json.GetProperty("dpop_signing_alg_values_supported").EnumerateArray(), name => name.GetString() == "ES256");
        Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, answer["resource_documentation"])).Status);
        // RFC 9728 §2.2.
        var keys = Jwks.TryParse(System.Text.Encoding.UTF8.GetBytes((await signet.CallAsync(HttpMethod.Get, "/oauth2/jwks")).Text));
        var valid = Assert.IsType<JwsVerification.Valid>(Jws.Verify(answer["signed_metadata"], keys!, JwsExpectations.OfType("resource-metadata+jwt")));
        using var claims = JsonDocument.Parse(valid.Payload);
        Assert.Equal(signet.Issuer, claims.RootElement.GetProperty("iss").GetString());
        Assert.False(claims.RootElement.TryGetProperty("signed_metadata", out _));
        foreach (var member in answer.Json.EnumerateObject().Where(member => member.Name != "signed_metadata"))
        {
            Assert.True(JsonElement.DeepEquals(member.Value, claims.RootElement.GetProperty(member.Name)), member.Name);
        }
    }

    [Fact]
    public async Task All_of_the_api_is_a_resource_too()
    {
        var answer = await signet.CallAsync(HttpMethod.Get, WellKnown);
        var refused = await signet.CallAsync(HttpMethod.Post, "/access/v1/evaluation", body: new { });

        Assert.Equal(signet.Issuer, answer["resource"]);
        Assert.Contains($"resource_metadata=\"{signet.Issuer}{WellKnown}\"", refused.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_header_changes_what_is_named()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, signet.At("/api/v1/agents"));
        request.Headers.Add("X-Forwarded-Host", "127.0.0.1:1");

        var answer = await signet.SendAsync(request);

        Assert.Contains($"resource_metadata=\"{signet.Issuer}{WellKnown}/api/v1\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/openid-configuration")]
    public async Task A_tenant_that_is_not_behind_the_path_or_not_active_has_no_document_there(string document)
    {
        var (byHost, stopped) = (await signet.CreateTenantAsync(Signet.Server.Tenants.TenantAddress.Host), await signet.CreateTenantAsync());
        Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, $"{document}/t/{stopped.Slug}")).Status);
        await signet.MoveTenantAsync(stopped, Signet.Server.Tenants.TenantState.Suspended);

        foreach (var slug in (string[])[byHost.Slug, stopped.Slug, "nobody", "a%20b"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(HttpMethod.Get, $"{document}/t/{slug}")).Status);
        }
    }

    [GeneratedRegex("resource_metadata=\"(?<url>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ResourceMetadata();
}
