using System.Net;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Messages;
using Signet.OpenIdFederation.Statements;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Federation;

/// <summary>A server whose default tenant is a trust anchor, as its operator and as everybody else sees it.</summary>
internal sealed class Anchor(TestSignet signet, string key)
{
    public string Key => key;

    public EntityId Id { get; } = EntityId.Parse($"https{signet.Issuer["http".Length..]}");

    public static async Task<Anchor> StartAsync(TestSignet signet, params (string Name, object? Value)[] settings)
    {
        var anchor = new Anchor(signet, await signet.CreateApiKeyAsync(Role.Owner));
        await anchor.PutAsync(settings);
        return anchor;
    }

    public Task<TestAnswer> CallAsync(HttpMethod method, string path, object? body = null) => signet.CallAsync(method, path, key, body);

    public async Task PutAsync(params (string Name, object? Value)[] settings)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { ["enabled"] = true };
        foreach (var (name, value) in settings)
        {
            body[name] = value;
        }

        var answer = await CallAsync(HttpMethod.Put, "/api/v1/federation/entity", body);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
    }

    public async Task<EntityStatement> ConfigurationAsync()
    {
        var answer = await signet.CallAsync(HttpMethod.Get, "/.well-known/openid-federation");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        var read = EntityStatement.TryReadConfiguration(answer.Text, Id, signet.Clock.GetUtcNow(), FederationRules.Standard, out var fault);
        Assert.True(read is not null, fault?.Detail);
        return read;
    }

    public async Task<HistoricalKeys> HistoricalKeysAsync(EntityStatement configuration)
    {
        var answer = await signet.CallAsync(HttpMethod.Get, "/historical_keys");
        Assert.Equal("application/jwk-set+jwt", answer.Headers["Content-Type"]);
        var read = HistoricalKeys.TryRead(answer.Text, Id, configuration.Keys!, signet.Clock.GetUtcNow(), FederationRules.Standard, out var fault);
        Assert.True(read is not null, fault?.Detail);
        return read;
    }
}
