using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.OAuth;

/// <summary>Secrets that somebody found, brought to where they are ended.</summary>
public sealed class LeakedSecretTests(TestSignet signet) : IClassFixture<TestSignet>
{
    private const string Path = "/api/v1/leaked-secrets";
    private static readonly (string, string)[] Grant = [("grant_type", "client_credentials")];

    [Fact]
    public async Task Of_16_who_bring_one_agents_secret_one_ends_it_with_its_tokens_and_all_hear_the_same()
    {
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        var agent = await signet.RegisterAgentAsync(key);
        var token = (await signet.PostAsync("/oauth2/token", agent, Grant))["access_token"];

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => BringAsync(agent.Secret!)));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.NoContent, ""), (answer.Status, answer.Text)));
        Assert.Single(await signet.ActionsAsync(agent.Id), "credential.leaked");
        Assert.Single(await signet.ActionsAsync(agent.Id), "credential.revoked");
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.PostAsync("/oauth2/token", agent, Grant)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}", token)).Status);
    }

    [Fact]
    public async Task An_access_token_ends_and_its_agent_goes_on()
    {
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        var agent = await signet.RegisterAgentAsync(key);
        var token = (await signet.PostAsync("/oauth2/token", agent, Grant))["access_token"];

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => BringAsync(token)));

        Assert.False(await signet.IsActiveAsync(agent, token));
        Assert.Single(await signet.ActionsAsync(agent.Id), "credential.leaked");
        Assert.Equal(HttpStatusCode.OK, (await signet.PostAsync("/oauth2/token", agent, Grant)).Status);
    }

    [Fact]
    public async Task An_API_key_an_applications_secret_and_a_refresh_token_end_in_GitHubs_form()
    {
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        var client = await signet.CreateClientAsync();
        var other = await signet.CreateClientAsync();
        var tokens = await signet.ObtainTokensAsync(other, await signet.CreateUserAsync(), "openid offline_access");
        string[] secrets = [key, client.Secret!, tokens["refresh_token"], "sgt_as_nothing", "what is this"];

        var answer = await signet.CallAsync(HttpMethod.Post, $"{Path}/github", body: secrets.Select(secret =>
            new { Token = secret, Type = "signet", Url = "https://user:word@github.example/a?token=1", Source = "content" }).ToList());

        Assert.Equal((HttpStatusCode.NoContent, ""), (answer.Status, answer.Text));
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, "/api/v1/agents", key)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.ClientCredentialsAsync(client)).Status);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await RefreshAsync());
        Assert.Contains("clients.secret_ended", await signet.ActionsAsync(client.Id));
        Assert.Single(await signet.ActionsAsync(other.Id), "credential.leaked");

        async Task<(HttpStatusCode, string)> RefreshAsync() =>
            await signet.RefreshAsync(other, tokens["refresh_token"]) is var refused ? (refused.Status, refused["error"]) : default;
    }

    [Fact]
    public async Task A_wrong_checksum_and_another_tenants_secret_end_nothing()
    {
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        var agent = await signet.RegisterAgentAsync(key);
        var tenant = await signet.CreateTenantAsync();
        var secret = agent.Secret!;

        var wrong = await BringAsync(secret[..^1] + (secret[^1] == 'a' ? 'b' : 'a'));
        var foreign = await signet.CallAsync(HttpMethod.Post, $"/t/{tenant.Slug}{Path}", body: new { Secret = secret });

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (wrong.Status, foreign.Status));
        Assert.Equal(HttpStatusCode.OK, (await signet.PostAsync("/oauth2/token", agent, Grant)).Status);
    }

    [Fact]
    public async Task Nothing_and_too_much_are_refused()
    {
        var none = await signet.CallAsync(HttpMethod.Post, $"{Path}/github", body: Array.Empty<object>());
        var many = await signet.CallAsync(HttpMethod.Post, $"{Path}/github", body: Enumerable.Repeat(new { Token = "x" }, 101).ToList());

        var gap = await signet.CallAsync(HttpMethod.Post, $"{Path}/github", body: new object?[] { null });

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (none.Status, many.Status, gap.Status));
    }

    [Fact]
    public async Task Who_brings_too_many_is_told_when_to_come_back()
    {
        var browser = signet.NewBrowser();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => browser.PostJsonAsync(Path, new { Secret = "nothing" })));

        Assert.Contains(answers, answer => answer.Status is HttpStatusCode.TooManyRequests && answer.Headers.ContainsKey("Retry-After"));
    }

    private Task<TestAnswer> BringAsync(string secret) => signet.CallAsync(HttpMethod.Post, Path, body: new { Secret = secret });
}
