using System.Net.Http.Headers;

namespace Signet.Client;

/// <summary>
/// A Signet server as an agent, or a program that manages agents, sees it. Safe for concurrent use; keep one.
/// </summary>
public sealed class SignetClient
{
    private readonly Wire wire;

    private SignetClient(Wire wire)
    {
        this.wire = wire;
        Agents = new AgentsApi(wire);
        Credentials = new CredentialsApi(wire);
        Tokens = new TokensApi(wire);
        Audit = new AuditApi(wire);
    }

    /// <summary>Register, find, change and stop agents.</summary>
    public AgentsApi Agents { get; }

    /// <summary>How agents show who they are.</summary>
    public CredentialsApi Credentials { get; }

    /// <summary>Introspect, revoke, exchange and hand on tokens.</summary>
    public TokensApi Tokens { get; }

    /// <summary>What happened.</summary>
    public AuditApi Audit { get; }

    /// <summary>Calls with an API key (<c>sgt_ak_…</c>), or any access token that does not end while the program runs.</summary>
    /// <param name="http">Its <see cref="HttpClient.BaseAddress"/> is the tenant's address, with a slash at the end where it has a path.</param>
    public static SignetClient WithKey(HttpClient http, string key) =>
        new(new Wire(http, _ => ValueTask.FromResult(new AuthenticationHeaderValue("Bearer", key)), null));

    /// <summary>Calls as an agent, with access tokens that are got when they are needed and renewed before they end.</summary>
    /// <param name="http">Its <see cref="HttpClient.BaseAddress"/> is the tenant's address, with a slash at the end where it has a path.</param>
    public static SignetClient AsAgent(HttpClient http, AgentSecret secret, TokenSource tokens) =>
        new(new Wire(http, async ct => new AuthenticationHeaderValue("Bearer", await tokens.GetAsync(ct).ConfigureAwait(false)), secret));
}

/// <summary>An agent's id and secret (<c>sgt_as_…</c>).</summary>
/// <param name="AgentId">Its <c>client_id</c>.</param>
/// <param name="Value">The secret.</param>
public sealed record AgentSecret(string AgentId, string Value)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => $"[secret of {AgentId}]";
}
