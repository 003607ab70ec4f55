using System.Net;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>A server whose agents' secrets are in a Vault of the test's, and what is done with both.</summary>
public abstract class VaultEstate : IAsyncLifetime
{
    protected TestVault Vault { get; private set; } = null!;

    protected TestSignet Signet { get; private set; } = null!;

    protected AgentDesk Desk { get; private set; } = null!;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Vault = await TestVault.StartAsync();
        Signet = await TestSignet.StartAsync(configure: settings => settings with { VaultAddress = Vault.Url, VaultToken = TestVault.Token });
        Desk = await AgentDesk.OpenAsync(Signet);
    }

    public async ValueTask DisposeAsync()
    {
        await Signet.DisposeAsync();
        await Vault.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static string PathOf(string agent, string credential) => $"secret/data/signet/agents/{agent}/credentials/{credential}";

    protected static Task<TestAnswer> TokenAsync(TestSignet node, string agent, string secret) =>
        node.PostAsync("/api/v1/token", new TestClient(agent, secret, ""), [("grant_type", "client_credentials")]);

    protected int Reads() => Vault.Requests.Count(request => request.StartsWith("GET ", StringComparison.Ordinal));

    protected async Task<(string Agent, string Credential, string Secret)> MakeAsync()
    {
        var agent = await Desk.RegisterAsync();
        var (credential, secret) = await GiveAsync(agent);
        return (agent, credential, secret);
    }

    protected async Task<(string Credential, string Secret)> GiveAsync(string agent)
    {
        var answer = await Desk.GiveAsync(agent);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return (answer.Json.GetProperty("credential").GetProperty("credentialId").GetString()!, answer["clientSecret"]);
    }

    // By a node that knows no Vault, as the whole estate was before.
    protected async Task<string> MakeKeptHereAsync(string agent)
    {
        await using var before = await Signet.StartNodeAsync(configure: settings => settings with { VaultAddress = null, VaultToken = null });
        var answer = await before.CallAsync(HttpMethod.Post, $"/api/v1/agents/{agent}/credentials", Desk.ApiKey);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        Assert.Equal("database", answer.Json.GetProperty("credential").GetProperty("keptIn").GetString());
        return answer["clientSecret"];
    }

    protected async Task<string> RotateAsync(string agent, string credential, int graceSeconds = 0)
    {
        var answer = await Signet.CallAsync(
            HttpMethod.Post, $"/api/v1/agents/{agent}/credentials/{credential}/rotate", Desk.ApiKey, new Dictionary<string, object> { ["graceSeconds"] = graceSeconds });
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer["clientSecret"];
    }

    protected async Task<HttpStatusCode> RevokeAsync(string agent, string credential) =>
        (await Signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{agent}/credentials/{credential}", Desk.ApiKey)).Status;

    protected async Task<IReadOnlyList<string>> ListAsync(string agent) =>
        [.. (await Signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent}/credentials", Desk.ApiKey)).Json.GetProperty("credentials").EnumerateArray()
            .Select(one => one.GetProperty("credentialId").GetString()!)];

    protected async Task<IReadOnlyList<string>> RowsAsync(string credential, string columns)
    {
        var parts = columns.Split(", ").Select(column => $"coalesce(({column})::text, '')");
        var rows = await Signet.Database.Db(Signet.Clock).AsSystemAsync(
            tx => tx.ListAsync<string>($"select concat_ws(' ', {string.Join(", ", parts)}) from agent_credentials where credential_id = @id", new { id = Guid.Parse(credential) }, Ct), Ct);
        return [.. rows.Select(row => row.Replace("true", "True", StringComparison.Ordinal).Replace("false", "False", StringComparison.Ordinal))];
    }

    protected Task<long> CountAsync(string sql) => Signet.Database.Db(Signet.Clock).AsSystemAsync(tx => tx.ScalarAsync<long>(sql, new { }, Ct), Ct);

    protected Task<TestAnswer> LeakAsync(string secret) => Signet.CallAsync(HttpMethod.Post, "/api/v1/leaked-secrets", body: new { Secret = secret });
}
