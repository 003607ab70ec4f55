using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>Secrets of agents in Vault, KV version 2.</summary>
public sealed class VaultTests : IAsyncLifetime
{
    private TestVault vault = null!;
    private TestSignet signet = null!;
    private AgentDesk desk = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        vault = await TestVault.StartAsync();
        signet = await TestSignet.StartAsync(configure: settings => settings with { VaultAddress = vault.Url, VaultToken = TestVault.Token });
        desk = await AgentDesk.OpenAsync(signet);
    }

    public async ValueTask DisposeAsync()
    {
        await signet.DisposeAsync();
        await vault.DisposeAsync();
    }

    [Fact]
    public async Task A_secret_in_Vault_that_leaked_is_ended_once()
    {
        var key = await signet.CreateApiKeyAsync(Signet.Server.Permissions.Role.Owner);
        var agent = await signet.RegisterAgentAsync(key);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => signet.CallAsync(HttpMethod.Post, "/api/v1/leaked-secrets", body: new { Secret = agent.Secret })));

        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")])).Status);
        Assert.Single(await signet.ActionsAsync(agent.Id), "credential.leaked");
    }

    [Fact]
    public async Task A_new_secret_is_in_Vault_and_its_path_alone_in_the_database()
    {
        var (agent, credential, secret) = await MakeAsync();

        Assert.Equal([$"POST /v1/{PathOf(agent, credential)}"], vault.Requests);
        Assert.Equal([secret], vault.VersionsOf(agent, credential));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, secret)).Status);
        Assert.Equal($"GET /v1/{PathOf(agent, credential)}?version=1", vault.Requests[1]);
        Assert.Equal(["True True 1 "], await RowsAsync(credential, "hash is null, previous_hash is null, vault_version, vault_previous_version"));
        Assert.Equal([PathOf(agent, credential)], await RowsAsync(credential, "vault_path"));
        Assert.Equal("vault", (await desk.CredentialAsync(agent)).GetProperty("keptIn").GetString());
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_as_ever()
    {
        var (agent, _, _) = await MakeAsync();
        var (_, _, other) = await MakeAsync();

        var answer = await TokenAsync(signet, agent, other);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer["error"]));
        Assert.Equal("wrong_secret", await desk.ReasonAsync(agent));
    }

    [Fact]
    public async Task Rotating_writes_a_new_version_on_the_same_path_and_ends_the_old_one()
    {
        var (agent, credential, old) = await MakeAsync();
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, old)).Status);

        var next = await RotateAsync(agent, credential);

        Assert.Equal([old, next], vault.VersionsOf(agent, credential));
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(signet, agent, old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, next)).Status);
    }

    [Fact]
    public async Task The_old_version_holds_for_the_grace_that_was_given_and_no_longer()
    {
        var (agent, credential, old) = await MakeAsync();
        var next = await RotateAsync(agent, credential, graceSeconds: 3600);

        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, next)).Status);
        await signet.AdvanceAsync(TimeSpan.FromSeconds(3601));

        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(signet, agent, old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, next)).Status);
    }

    [Fact]
    public async Task Revoking_destroys_every_version()
    {
        var (agent, credential, _) = await MakeAsync();
        var secret = await RotateAsync(agent, credential, graceSeconds: 60);

        Assert.Equal(HttpStatusCode.NoContent, await RevokeAsync(agent, credential));

        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(signet, agent, secret)).Status);
        await Until.TrueAsync(() => Task.FromResult(vault.Paths.Count == 0), Ct);
        Assert.Contains($"DELETE /v1/{PathOf(agent, credential).Replace("/data/", "/metadata/", StringComparison.Ordinal)}", vault.Requests);
    }

    [Fact]
    public async Task Decommissioning_destroys_the_secrets_of_every_credential()
    {
        var (agent, _, _) = await MakeAsync();
        await GiveAsync(agent);
        var (other, kept, _) = await MakeAsync();
        Assert.Equal(3, vault.Paths.Count);

        Assert.Equal(HttpStatusCode.NoContent, (await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent}", desk.ApiKey)).Status);

        await Until.TrueAsync(() => Task.FromResult(vault.Paths.Count == 1), Ct);
        Assert.Single(vault.VersionsOf(other, kept));
    }

    [Fact]
    public async Task A_secret_that_was_revoked_while_Vault_was_down_is_destroyed_when_it_is_back()
    {
        var (agent, credential, secret) = await MakeAsync();
        var token = (await TokenAsync(signet, agent, secret))["access_token"];
        await vault.DownAsync();

        Assert.Equal(HttpStatusCode.NoContent, await RevokeAsync(agent, credential));

        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(signet, agent, secret)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent}", token)).Status);
        await Until.TrueAsync(
            async () => await CountAsync("select count(*) from jobs where kind = 'event:agents.destroy_secret' and state = 'queued' and attempts > 0") == 1, Ct);
        Assert.Single(vault.VersionsOf(agent, credential));

        await vault.UpAsync();
        await signet.AdvanceAsync(TimeSpan.FromMinutes(1));

        await Until.TrueAsync(() => Task.FromResult(vault.Paths.Count == 0), Ct);
    }

    [Theory]
    [InlineData("down")]
    [InlineData("sealed")]
    [InlineData("token refused")]
    [InlineData("lost its mount")]
    public async Task Without_Vault_nothing_is_made_and_nobody_is_told_that_a_secret_is_wrong(string outage)
    {
        var (agent, credential, secret) = await MakeAsync();
        var kept = await MakeKeptHereAsync(agent);
        switch (outage)
        {
            case "down":
                await vault.DownAsync();
                break;
            case "sealed":
                vault.Fault = 503;
                break;
            case "token refused":
                vault.Fault = 403;
                break;
            default:
                vault.Fault = 404;
                break;
        }

        var made = await desk.GiveAsync(agent);
        var rotated = await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/credentials/{credential}/rotate", desk.ApiKey);
        var token = await TokenAsync(signet, agent, secret);
        var basic = await signet.PostAsync("/oauth2/token", new TestClient(agent, secret, ""), [("grant_type", "client_credentials")]);
        var introspection = await signet.PostAsync("/oauth2/introspect", new TestClient(agent, secret, ""), [("token", "x")]);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "AGENTS_SECRETS_UNAVAILABLE"), (made.Status, made["code"]));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "AGENTS_SECRETS_UNAVAILABLE"), (rotated.Status, rotated["code"]));
        Assert.Equal("5", made.Headers["Retry-After"]);
        Assert.All([token, basic, introspection], answer =>
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "temporarily_unavailable"), (answer.Status, answer["error"]));
            Assert.Equal("5", answer.Headers["Retry-After"]);
            Assert.False(answer.Headers.ContainsKey("WWW-Authenticate"));
        });
        Assert.Equal("vault_unavailable", await desk.ReasonAsync(agent));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, kept)).Status);
        Assert.Equal(2, (await ListAsync(agent)).Count);

        vault.Fault = null;
        await vault.DownAsync();
        await vault.UpAsync();
        await signet.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, secret)).Status);
    }

    [Fact]
    public async Task A_Vault_that_is_down_is_not_asked_by_every_request()
    {
        var (agent, _, secret) = await MakeAsync();
        vault.Fault = 503;
        var before = vault.Requests.Count;

        foreach (var _ in Enumerable.Range(0, 20))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await TokenAsync(signet, agent, secret)).Status);
        }

        Assert.Equal(before + 1, vault.Requests.Count);
    }

    [Fact]
    public async Task A_secret_that_was_good_a_moment_ago_is_not_fetched_again_for_a_minute()
    {
        var (agent, _, secret) = await MakeAsync();
        foreach (var _ in Enumerable.Range(0, 5))
        {
            Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, secret)).Status);
        }

        Assert.Equal(1, Reads());
        await signet.AdvanceAsync(TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, secret)).Status);

        Assert.Equal(2, Reads());
    }

    [Fact]
    public async Task A_copy_outlives_neither_rotation_nor_revocation_on_another_node()
    {
        await using var second = await signet.StartNodeAsync();
        var (agent, credential, old) = await MakeAsync();
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(second, agent, old)).Status);

        var next = await RotateAsync(agent, credential);
        // The other node hears of it by the news of its commit; the clock stands still, so no copy ends of age.
        await Until.TrueAsync(async () => (await TokenAsync(second, agent, old)).Status is HttpStatusCode.Unauthorized, Ct);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(second, agent, next)).Status);
        await RevokeAsync(agent, credential);

        await Until.TrueAsync(async () => (await TokenAsync(second, agent, next)).Status is HttpStatusCode.Unauthorized, Ct);
    }

    [Fact]
    public async Task A_version_that_the_operator_destroyed_proves_nothing()
    {
        var (agent, credential, secret) = await MakeAsync();

        vault.Destroy(agent, credential, 1);

        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(signet, agent, secret)).Status);
    }

    [Fact]
    public async Task Of_sixteen_rotations_at_once_one_secret_holds()
    {
        var (agent, credential, _) = await MakeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/credentials/{credential}/rotate", desk.ApiKey)));

        Assert.All(answers, answer => Assert.True(
            answer.Status is HttpStatusCode.OK || answer["code"] == "AGENTS_ROTATED_MEANWHILE", answer.Text));
        Assert.Equal(17, vault.VersionsOf(agent, credential).Count);
        Assert.Equal(["17"], await RowsAsync(credential, "vault_version"));
        var good = new List<string>();
        foreach (var secret in answers.Where(answer => answer.Status is HttpStatusCode.OK).Select(answer => answer["clientSecret"]))
        {
            if ((await TokenAsync(signet, agent, secret)).Status is HttpStatusCode.OK)
            {
                good.Add(secret);
            }
        }

        Assert.Equal([vault.VersionsOf(agent, credential)[^1]], good);
    }

    [Fact]
    public async Task A_rotation_that_comes_late_says_that_its_secret_was_not_set()
    {
        var (agent, credential, _) = await MakeAsync();
        string? won = null;
        // While the first has its version and no commit yet, a second runs through.
        vault.OnWrite = async () =>
        {
            vault.OnWrite = null;
            won = await RotateAsync(agent, credential);
        };

        var late = await signet.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/credentials/{credential}/rotate", desk.ApiKey);

        Assert.Equal((HttpStatusCode.Conflict, "AGENTS_ROTATED_MEANWHILE"), (late.Status, late["code"]));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, won!)).Status);
    }

    [Fact]
    public async Task What_was_written_for_an_agent_that_ended_meanwhile_does_not_stay_in_Vault()
    {
        var agent = await desk.RegisterAsync();
        vault.OnWrite = () => signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent}", desk.ApiKey);

        var made = await desk.GiveAsync(agent);

        Assert.Equal((HttpStatusCode.Conflict, "AGENTS_DECOMMISSIONED"), (made.Status, made["code"]));
        Assert.Single(vault.Paths);
        await signet.AdvanceAsync(TimeSpan.FromMinutes(11));
        await Until.TrueAsync(() => Task.FromResult(vault.Paths.Count == 0), Ct);
    }

    [Fact]
    public async Task The_job_that_tidies_leaves_what_holds()
    {
        var (agent, credential, secret) = await MakeAsync();

        await signet.AdvanceAsync(TimeSpan.FromMinutes(11));
        await Until.TrueAsync(async () => await CountAsync("select count(*) from jobs where kind = 'agents.tidy_vault' and state = 'done'") == 1, Ct);

        Assert.Equal([secret], vault.VersionsOf(agent, credential));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, secret)).Status);
    }

    [Fact]
    public async Task Rotating_moves_a_secret_that_was_kept_here_into_Vault()
    {
        var agent = await desk.RegisterAsync();
        var old = await MakeKeptHereAsync(agent);
        var credential = (await ListAsync(agent)).Single();

        var next = await RotateAsync(agent, credential, graceSeconds: 60);

        Assert.Equal([next], vault.VersionsOf(agent, credential));
        Assert.Equal(["True False"], await RowsAsync(credential, "hash is null, previous_hash is null"));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(signet, agent, next)).Status);
        await signet.AdvanceAsync(TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(signet, agent, old)).Status);
    }

    [Fact]
    public async Task After_a_restart_with_Vault_its_secrets_hold_and_without_it_they_are_unknown()
    {
        var (agent, credential, secret) = await MakeAsync();
        var kept = await MakeKeptHereAsync(agent);
        await using var with = await signet.StartNodeAsync();
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(with, agent, secret)).Status);
        await with.StopAsync();

        await using var without = await signet.StartNodeAsync(configure: settings => settings with { VaultAddress = null, VaultToken = null });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await TokenAsync(without, agent, secret)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(without, agent, kept)).Status);
        var rotated = await without.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/credentials/{credential}/rotate", desk.ApiKey);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, rotated.Status);
    }

    [Fact]
    public async Task Another_tenant_reaches_neither_the_credential_nor_its_secret()
    {
        var (agent, credential, secret) = await MakeAsync();
        var stranger = await signet.CreateTenantAsync();
        var theirs = await signet.CreateApiKeyAsync(Role.Owner, stranger.Id);
        var asked = vault.Requests.Count;

        var rotated = await signet.CallAsync(HttpMethod.Post, $"{stranger.Origin[signet.Issuer.Length..]}/api/v1/agents/{agent}/credentials/{credential}/rotate", theirs);
        var revoked = await signet.CallAsync(HttpMethod.Delete, $"{stranger.Origin[signet.Issuer.Length..]}/api/v1/agents/{agent}/credentials/{credential}", theirs);
        var token = await signet.PostAsync($"{stranger.Origin[signet.Issuer.Length..]}/oauth2/token", new TestClient(agent, secret, ""), [("grant_type", "client_credentials")]);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (rotated.Status, revoked.Status));
        Assert.Equal(HttpStatusCode.Unauthorized, token.Status);
        Assert.Equal(asked, vault.Requests.Count);
    }

    private static string PathOf(string agent, string credential) => $"secret/data/signet/agents/{agent}/credentials/{credential}";

    private static Task<TestAnswer> TokenAsync(TestSignet node, string agent, string secret) =>
        node.PostAsync("/api/v1/token", new TestClient(agent, secret, ""), [("grant_type", "client_credentials")]);

    private int Reads() => vault.Requests.Count(request => request.StartsWith("GET ", StringComparison.Ordinal));

    private async Task<(string Agent, string Credential, string Secret)> MakeAsync()
    {
        var agent = await desk.RegisterAsync();
        var (credential, secret) = await GiveAsync(agent);
        return (agent, credential, secret);
    }

    private async Task<(string Credential, string Secret)> GiveAsync(string agent)
    {
        var answer = await desk.GiveAsync(agent);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return (answer.Json.GetProperty("credential").GetProperty("credentialId").GetString()!, answer["clientSecret"]);
    }

    // By a node that knows no Vault, as the whole estate was before.
    private async Task<string> MakeKeptHereAsync(string agent)
    {
        await using var before = await signet.StartNodeAsync(configure: settings => settings with { VaultAddress = null, VaultToken = null });
        var answer = await before.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/credentials", desk.ApiKey);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        Assert.Equal("database", answer.Json.GetProperty("credential").GetProperty("keptIn").GetString());
        return answer["clientSecret"];
    }

    private async Task<string> RotateAsync(string agent, string credential, int graceSeconds = 0)
    {
        var answer = await signet.CallAsync(
            HttpMethod.Post, $"/api/v1/agents/{agent}/credentials/{credential}/rotate", desk.ApiKey, new Dictionary<string, object> { ["graceSeconds"] = graceSeconds });
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer["clientSecret"];
    }

    private async Task<HttpStatusCode> RevokeAsync(string agent, string credential) =>
        (await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent}/credentials/{credential}", desk.ApiKey)).Status;

    private async Task<IReadOnlyList<string>> ListAsync(string agent) =>
        [.. (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent}/credentials", desk.ApiKey)).Json.GetProperty("credentials").EnumerateArray()
            .Select(one => one.GetProperty("credentialId").GetString()!)];

    private async Task<IReadOnlyList<string>> RowsAsync(string credential, string columns)
    {
        var parts = columns.Split(", ").Select(column => $"coalesce(({column})::text, '')");
        var rows = await signet.Database.Db(signet.Clock).AsSystemAsync(
            tx => tx.ListAsync<string>($"select concat_ws(' ', {string.Join(", ", parts)}) from agent_credentials where credential_id = @id", new { id = Guid.Parse(credential) }, Ct), Ct);
        return [.. rows.Select(row => row.Replace("true", "True", StringComparison.Ordinal).Replace("false", "False", StringComparison.Ordinal))];
    }

    private Task<long> CountAsync(string sql) => signet.Database.Db(signet.Clock).AsSystemAsync(tx => tx.ScalarAsync<long>(sql, new { }, Ct), Ct);
}
