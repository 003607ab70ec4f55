using System.Net;
using Server.Tests.Delegations;
using Signet.Client;
using Signet.Testing;
using Xunit;

namespace Server.Tests.ClientPackages;

/// <summary>The package for .NET against the server: what it sends is understood, and what comes back it understands.</summary>
public sealed class SignetClientTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private HttpClient http = null!;
    private SignetClient admin = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        http = new HttpClient { BaseAddress = signet.At("/") };
        admin = SignetClient.WithKey(http, (await Fleet.OfAsync(signet)).Key);
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_agent_lives_from_registration_to_its_end()
    {
        var agent = await admin.Agents.RegisterAsync(New("mail:read"), Ct);
        var changed = await admin.Agents.UpdateAsync(agent.AgentId, new AgentChange(Version: "1.1.0"), Ct);
        var suspended = await admin.Agents.SuspendAsync(agent.AgentId, Ct);
        var page = await admin.Agents.ListAsync(search: agent.Email, status: "suspended", ct: Ct);
        await admin.Agents.DecommissionAsync(agent.AgentId, Ct);

        Assert.Equal(("active", "1.1.0", "suspended"), (agent.Status, changed.Version, suspended.Status));
        Assert.Equal(agent.AgentId, Assert.Single(page.Agents).AgentId);
        Assert.Equal("decommissioned", (await admin.Agents.GetAsync(agent.AgentId, Ct)).Status);
    }

    [Fact]
    public async Task Credentials_are_made_rotated_and_revoked()
    {
        var agent = await admin.Agents.RegisterAsync(New("mail:read"), Ct);
        var made = await admin.Credentials.GenerateAsync(agent.AgentId, ct: Ct);
        var rotated = await admin.Credentials.RotateAsync(agent.AgentId, made.Credential.CredentialId, TimeSpan.FromMinutes(5), Ct);
        using var old = new TokenSource(http, made.ToSecret());
        using var tokens = new TokenSource(http, rotated.ToSecret());

        Assert.NotEqual(await old.GetAsync(Ct), await tokens.GetAsync(Ct));
        await admin.Credentials.RevokeAsync(agent.AgentId, made.Credential.CredentialId, Ct);
        Assert.Equal("revoked", Assert.Single(await admin.Credentials.ListAsync(agent.AgentId, Ct)).Status);
        tokens.Forget();
        var refusal = await Assert.ThrowsAsync<SignetException>(async () => await tokens.GetAsync(Ct));
        Assert.Equal(("invalid_client", HttpStatusCode.Unauthorized), (refusal.Code, refusal.HttpStatus));
    }

    [Fact]
    public async Task A_token_is_kept_until_a_minute_before_its_end_and_asked_for_once()
    {
        var secret = (await admin.Credentials.GenerateAsync((await admin.Agents.RegisterAsync(New("mail:read"), Ct)).AgentId, ct: Ct)).ToSecret();
        var clock = new TestClock();
        using var tokens = new TokenSource(http, secret, time: clock);

        var first = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => tokens.GetAsync(Ct).AsTask()));
        clock.Advance(TimeSpan.FromSeconds(3600 - 61));
        var kept = await tokens.GetAsync(Ct);
        clock.Advance(TimeSpan.FromSeconds(1));
        var renewed = await tokens.GetAsync(Ct);

        Assert.Single(first.Distinct());
        Assert.Equal(first[0], kept);
        Assert.NotEqual(kept, renewed);
    }

    [Fact]
    public async Task What_is_handed_on_is_accepted_and_ended()
    {
        var (giver, taker) = (await AgentAsync("mail:read mail:send"), await AgentAsync("mail:read"));
        using var giverTokens = new TokenSource(http, giver);
        using var takerTokens = new TokenSource(http, taker);
        var (asGiver, asTaker) = (SignetClient.AsAgent(http, giver, giverTokens), SignetClient.AsAgent(http, taker, takerTokens));

        var offer = await asGiver.Tokens.DelegateAsync(taker.AgentId, ["mail:read"], TimeSpan.FromMinutes(10), Ct);
        var acting = await asTaker.Tokens.AcceptDelegationAsync(offer.DelegationToken, ct: Ct);
        var seen = await asTaker.Tokens.IntrospectAsync(acting.Value, Ct);
        var exchanged = await asTaker.Tokens.ExchangeAsync(await giverTokens.GetAsync(Ct), "mail:read", Ct);
        await asTaker.Tokens.RevokeAsync(exchanged.Value, Ct);
        await asGiver.Tokens.EndDelegationAsync(offer.ChainId, Ct);

        Assert.Equal((true, giver.AgentId, taker.AgentId, "mail:read"), (seen.Active, seen.Subject, seen.Act?.GetProperty("sub").GetString(), seen.Scope));
        Assert.False((await asTaker.Tokens.IntrospectAsync(acting.Value, Ct)).Active);
        Assert.False((await asTaker.Tokens.IntrospectAsync(exchanged.Value, Ct)).Active);
    }

    [Fact]
    public async Task A_refusal_says_which_field_is_wrong()
    {
        var refusal = await Assert.ThrowsAsync<SignetException>(() => admin.Agents.RegisterAsync(New("mail:read") with { Version = "one" }, Ct));
        var unknown = await Assert.ThrowsAsync<SignetException>(() => admin.Agents.GetAsync("0197f2a0-0000-7000-8000-000000000001", Ct));

        Assert.Equal(("VALIDATION_ERROR", HttpStatusCode.BadRequest, "version"), (refusal.Code, refusal.HttpStatus, refusal.Details?.Keys.Single()));
        Assert.Equal(("AGENT_NOT_FOUND", HttpStatusCode.NotFound), (unknown.Code, unknown.HttpStatus));
    }

    private static NewAgent New(params string[] scopes) =>
        new($"{TestSignet.NewName("agent")}@example.test", "custom", "1.0.0", ["mail:read"], "production", Scopes: scopes);

    private async Task<AgentSecret> AgentAsync(string scopes) =>
        (await admin.Credentials.GenerateAsync((await admin.Agents.RegisterAsync(New(scopes.Split(' ')), Ct)).AgentId, ct: Ct)).ToSecret();
}
