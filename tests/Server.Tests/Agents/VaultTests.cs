using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>Secrets of agents in Vault, KV version 2.</summary>
public sealed class VaultTests : VaultEstate
{
    [Fact]
    public async Task A_secret_in_Vault_that_leaked_is_ended_once()
    {
        var key = await Signet.CreateApiKeyAsync(Role.Owner);
        var agent = await Signet.RegisterAgentAsync(key);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => LeakAsync(agent.Secret!)));

        Assert.Equal(HttpStatusCode.Unauthorized, (await Signet.PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")])).Status);
        Assert.Single(await Signet.ActionsAsync(agent.Id), "credential.leaked");
    }

    [Fact]
    public async Task A_leaked_secret_that_Vault_can_not_be_asked_about_is_to_be_brought_again()
    {
        var (agent, _, secret) = await MakeAsync();
        await Vault.DownAsync();

        var answer = await LeakAsync(secret);
        await Vault.UpAsync();
        await Signet.AdvanceAsync(TimeSpan.FromSeconds(2));
        var again = await LeakAsync(secret);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "agents.secrets_unavailable"), (answer.Status, answer["code"]));
        Assert.Equal(HttpStatusCode.NoContent, again.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(Signet, agent, secret)).Status);
    }

    [Fact]
    public async Task A11_A_new_secret_is_in_Vault_and_its_path_alone_in_the_database()
    {
        var (agent, credential, secret) = await MakeAsync();

        Assert.Equal([$"POST /v1/{PathOf(agent, credential)}"], Vault.Requests);
        Assert.Equal([secret], Vault.VersionsOf(agent, credential));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, secret)).Status);
        Assert.Equal($"GET /v1/{PathOf(agent, credential)}?version=1", Vault.Requests[1]);
        Assert.Equal(["True True 1 "], await RowsAsync(credential, "hash is null, previous_hash is null, vault_version, vault_previous_version"));
        Assert.Equal([PathOf(agent, credential)], await RowsAsync(credential, "vault_path"));
        Assert.Equal("vault", (await Desk.CredentialAsync(agent)).GetProperty("keptIn").GetString());
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_as_ever()
    {
        var (agent, _, _) = await MakeAsync();
        var (_, _, other) = await MakeAsync();

        var answer = await TokenAsync(Signet, agent, other);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer["error"]));
        Assert.Equal("wrong_secret", await Desk.ReasonAsync(agent));
    }

    [Fact]
    public async Task A11_Revoking_destroys_every_version()
    {
        var (agent, credential, _) = await MakeAsync();
        var secret = await RotateAsync(agent, credential, graceSeconds: 60);

        Assert.Equal(HttpStatusCode.NoContent, await RevokeAsync(agent, credential));

        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(Signet, agent, secret)).Status);
        await Until.TrueAsync(() => Task.FromResult(Vault.Paths.Count == 0), Ct);
        Assert.Contains($"DELETE /v1/{PathOf(agent, credential).Replace("/data/", "/metadata/", StringComparison.Ordinal)}", Vault.Requests);
    }

    [Fact]
    public async Task Decommissioning_destroys_the_secrets_of_every_credential()
    {
        var (agent, _, _) = await MakeAsync();
        await GiveAsync(agent);
        var (other, kept, _) = await MakeAsync();
        Assert.Equal(3, Vault.Paths.Count);

        Assert.Equal(HttpStatusCode.NoContent, (await Signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent}", Desk.ApiKey)).Status);

        await Until.TrueAsync(() => Task.FromResult(Vault.Paths.Count == 1), Ct);
        Assert.Single(Vault.VersionsOf(other, kept));
    }

    [Fact]
    public async Task A_secret_that_was_revoked_while_Vault_was_down_is_destroyed_when_it_is_back()
    {
        var (agent, credential, secret) = await MakeAsync();
        var token = (await TokenAsync(Signet, agent, secret))["access_token"];
        await Vault.DownAsync();

        Assert.Equal(HttpStatusCode.NoContent, await RevokeAsync(agent, credential));

        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(Signet, agent, secret)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent}", token)).Status);
        await Until.TrueAsync(
            async () => await CountAsync("select count(*) from jobs where kind = 'event:agents.destroy_secret' and state = 'queued' and attempts > 0") == 1, Ct);
        Assert.Single(Vault.VersionsOf(agent, credential));

        await Vault.UpAsync();
        await Signet.AdvanceAsync(TimeSpan.FromMinutes(1));

        await Until.TrueAsync(() => Task.FromResult(Vault.Paths.Count == 0), Ct);
    }

    [Theory]
    [InlineData("down")]
    [InlineData("sealed")]
    [InlineData("token refused")]
    [InlineData("lost its mount")]
    public async Task A11_Without_Vault_nothing_is_made_and_nobody_is_told_that_a_secret_is_wrong(string outage)
    {
        var (agent, credential, secret) = await MakeAsync();
        var kept = await MakeKeptHereAsync(agent);
        switch (outage)
        {
            case "down":
                await Vault.DownAsync();
                break;
            case "sealed":
                Vault.Fault = 503;
                break;
            case "token refused":
                Vault.Fault = 403;
                break;
            default:
                Vault.Fault = 404;
                break;
        }

        var made = await Desk.GiveAsync(agent);
        var rotated = await Signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/credentials/{credential}/rotate", Desk.ApiKey);
        var token = await TokenAsync(Signet, agent, secret);
        var basic = await Signet.PostAsync("/oauth2/token", new TestClient(agent, secret, ""), [("grant_type", "client_credentials")]);
        var introspection = await Signet.PostAsync("/oauth2/introspect", new TestClient(agent, secret, ""), [("token", "x")]);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "AGENTS_SECRETS_UNAVAILABLE"), (made.Status, made["code"]));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "AGENTS_SECRETS_UNAVAILABLE"), (rotated.Status, rotated["code"]));
        Assert.Equal("5", made.Headers["Retry-After"]);
        Assert.All([token, basic, introspection], answer =>
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "temporarily_unavailable"), (answer.Status, answer["error"]));
            Assert.Equal("5", answer.Headers["Retry-After"]);
            Assert.False(answer.Headers.ContainsKey("WWW-Authenticate"));
        });
        Assert.Equal("vault_unavailable", await Desk.ReasonAsync(agent));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, kept)).Status);
        Assert.Equal(2, (await ListAsync(agent)).Count);

        Vault.Fault = null;
        await Vault.DownAsync();
        await Vault.UpAsync();
        await Signet.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, secret)).Status);
    }

    [Fact]
    public async Task A_Vault_that_is_down_is_not_asked_by_every_request()
    {
        var (agent, _, secret) = await MakeAsync();
        Vault.Fault = 503;
        var before = Vault.Requests.Count;

        foreach (var _ in Enumerable.Range(0, 20))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await TokenAsync(Signet, agent, secret)).Status);
        }

        Assert.Equal(before + 1, Vault.Requests.Count);
    }

    [Fact]
    public async Task A_secret_that_was_good_a_moment_ago_is_not_fetched_again_for_a_minute()
    {
        var (agent, _, secret) = await MakeAsync();
        foreach (var _ in Enumerable.Range(0, 5))
        {
            Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, secret)).Status);
        }

        Assert.Equal(1, Reads());
        await Signet.AdvanceAsync(TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, secret)).Status);

        Assert.Equal(2, Reads());
    }

    [Fact]
    public async Task A_version_that_the_operator_destroyed_proves_nothing()
    {
        var (agent, credential, secret) = await MakeAsync();

        Vault.Destroy(agent, credential, 1);

        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(Signet, agent, secret)).Status);
    }

    [Fact]
    public async Task What_was_written_for_an_agent_that_ended_meanwhile_does_not_stay_in_Vault()
    {
        var agent = await Desk.RegisterAsync();
        Vault.OnWrite = () => Signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent}", Desk.ApiKey);

        var made = await Desk.GiveAsync(agent);

        Assert.Equal((HttpStatusCode.Conflict, "AGENTS_DECOMMISSIONED"), (made.Status, made["code"]));
        Assert.Single(Vault.Paths);
        await Signet.AdvanceAsync(TimeSpan.FromMinutes(11));
        await Until.TrueAsync(() => Task.FromResult(Vault.Paths.Count == 0), Ct);
    }

    [Fact]
    public async Task The_job_that_tidies_leaves_what_holds()
    {
        var (agent, credential, secret) = await MakeAsync();

        await Signet.AdvanceAsync(TimeSpan.FromMinutes(11));
        await Until.TrueAsync(async () => await CountAsync("select count(*) from jobs where kind = 'agents.tidy_vault' and state = 'done'") == 1, Ct);

        Assert.Equal([secret], Vault.VersionsOf(agent, credential));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(Signet, agent, secret)).Status);
    }

    [Fact]
    public async Task A11_After_a_restart_with_Vault_its_secrets_hold_and_without_it_they_are_unknown()
    {
        var (agent, credential, secret) = await MakeAsync();
        var kept = await MakeKeptHereAsync(agent);
        await using var with = await Signet.StartNodeAsync();
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(with, agent, secret)).Status);
        await with.StopAsync();

        await using var without = await Signet.StartNodeAsync(configure: settings => settings with { VaultAddress = null, VaultToken = null });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await TokenAsync(without, agent, secret)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(without, agent, kept)).Status);
        var rotated = await without.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/credentials/{credential}/rotate", Desk.ApiKey);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, rotated.Status);
    }

    [Fact]
    public async Task Another_tenant_reaches_neither_the_credential_nor_its_secret()
    {
        var (agent, credential, secret) = await MakeAsync();
        var stranger = await Signet.CreateTenantAsync();
        var theirs = await Signet.CreateApiKeyAsync(Role.Owner, stranger.Id);
        var asked = Vault.Requests.Count;

        var rotated = await Signet.CallAsync(HttpMethod.Post, $"{stranger.Origin[Signet.Issuer.Length..]}/api/v1/agents/{agent}/credentials/{credential}/rotate", theirs);
        var revoked = await Signet.CallAsync(HttpMethod.Delete, $"{stranger.Origin[Signet.Issuer.Length..]}/api/v1/agents/{agent}/credentials/{credential}", theirs);
        var token = await Signet.PostAsync($"{stranger.Origin[Signet.Issuer.Length..]}/oauth2/token", new TestClient(agent, secret, ""), [("grant_type", "client_credentials")]);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (rotated.Status, revoked.Status));
        Assert.Equal(HttpStatusCode.Unauthorized, token.Status);
        Assert.Equal(asked, Vault.Requests.Count);
    }
}
