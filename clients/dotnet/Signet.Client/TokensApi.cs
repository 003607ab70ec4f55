using System.Net.Http.Json;

namespace Signet.Client;

/// <summary>Tokens as an agent with a secret handles them. Every call throws <see cref="SignetException"/> where the server refuses.</summary>
public sealed class TokensApi
{
    private readonly Wire wire;

    internal TokensApi(Wire wire) => this.wire = wire;

    /// <summary>Whether a token holds, and for whom (RFC 7662). Of others' tokens an agent hears only with <c>tokens:read</c>.</summary>
    public Task<Introspection> IntrospectAsync(string token, CancellationToken ct = default) =>
        wire.PostFormAsync("oauth2/introspect", [("token", token)], Json.Default.Introspection, ct);

    /// <summary>Ends a token of the agent's own (RFC 7009). One that is unknown is no error.</summary>
    public async Task RevokeAsync(string token, CancellationToken ct = default) =>
        (await wire.PostFormAsync("oauth2/revoke", [("token", token)], ct).ConfigureAwait(false)).Dispose();

    /// <summary>Hands another agent the right to act with part of what this one may.</summary>
    /// <param name="scopes">None that this agent has not.</param>
    /// <param name="life">One minute to one day.</param>
    public Task<DelegationOffer> DelegateAsync(string delegateeAgentId, IReadOnlyList<string> scopes, TimeSpan life, CancellationToken ct = default) => wire.SendAsync(
        HttpMethod.Post, "oauth2/token/delegate",
        JsonContent.Create(new DelegationWish(delegateeAgentId, scopes, (int)life.TotalSeconds), Json.Default.DelegationWish), Json.Default.DelegationOffer, ct);

    /// <summary>Ends a chain of delegations from this agent on.</summary>
    public Task EndDelegationAsync(string chainId, CancellationToken ct = default) =>
        wire.RunAsync(HttpMethod.Delete, $"oauth2/token/delegate/{Uri.EscapeDataString(chainId)}", null, ct);

    /// <summary>An access token with which this agent acts for whoever handed it the offer (RFC 8693).</summary>
    /// <param name="scope">Separated by spaces; null: all that was handed on.</param>
    public Task<AccessToken> AcceptDelegationAsync(string delegationToken, string? scope = null, CancellationToken ct = default) =>
        ExchangeAsync(delegationToken, "urn:ietf:params:oauth:token-type:jwt", scope, ct);

    /// <summary>An access token with which this agent acts for whoever another access token speaks for (RFC 8693).</summary>
    /// <param name="scope">Separated by spaces; null: all both have.</param>
    public Task<AccessToken> ExchangeAsync(string accessToken, string? scope = null, CancellationToken ct = default) =>
        ExchangeAsync(accessToken, "urn:ietf:params:oauth:token-type:access_token", scope, ct);

    private Task<AccessToken> ExchangeAsync(string subject, string type, string? scope, CancellationToken ct) => wire.PostFormAsync(
        "oauth2/token",
        [("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", subject), ("subject_token_type", type), ("scope", scope)],
        Json.Default.AccessToken, ct);
}

internal sealed record DelegationWish(string DelegateeAgentId, IReadOnlyList<string> Scopes, int TtlSeconds);
