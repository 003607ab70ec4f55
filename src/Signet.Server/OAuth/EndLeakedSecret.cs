using Signet.OAuth;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Clients;
using Signet.Server.Delegations;
using Signet.Server.OAuth.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Users;
using Signet.Server.Workloads;

namespace Signet.Server.OAuth;

/// <summary>
/// Ends whatever secret of this tenant is presented, once. Whoever has it could use it; that it is known outside is reason enough to end it. Its form and
/// its checksum (a token's signature) are looked at before the database is asked.
/// </summary>
public sealed class EndLeakedSecret(
    VerifyAccessToken verify, AgentDirectory agents, ProveSecret prove, BootstrapTokens bootstrap, Db db, SecretHash hash, OAuthMetrics metrics)
{
    /// <param name="foundAt">Where, as who found it says; null where nobody said.</param>
    /// <returns>False where Vault, which alone could tell whether it is one, did not answer.</returns>
    internal async Task<bool> RunAsync(Tenant tenant, Origin origin, string secret, string? foundAt, CancellationToken ct)
    {
        var isKnown = true;
        var ended =
            TokenFormat.AgentSecret.IsToken(secret) ? await InTenantAsync(tx => OfAgentAsync(tx, origin, secret, ct)) ?? await EndInVaultAsync()
            : TokenFormat.ApiKey.IsToken(secret) ? await InTenantAsync(tx => ApiKeyAsync(tx, origin, secret, ct))
            : TokenFormat.ClientSecret.IsToken(secret) ? await InTenantAsync(tx => OfClientAsync(tx, origin, secret, ct))
            : TokenFormat.RefreshToken.IsToken(secret) ? await InTenantAsync(tx => RefreshTokenAsync(tx, origin, secret, ct))
            : TokenFormat.BootstrapToken.IsToken(secret) ? await SpendAsync()
            : await verify.RunAsync(tenant, secret, ct) is { } token ? await EndAsync(token)
            : null;
        if (ended is not null)
        {
            metrics.Leaked(ended.Kind);
        }

        return isKnown;

        // Of what is in Vault nothing here is the secret's hash: those that begin like it are asked about there, before a transaction is held.
        async Task<SecretLeaked?> EndInVaultAsync()
        {
            foreach (var suspect in await db.InTenantAsync(tenant.Id, tx => EndLeakedAgentSecret.SuspectsAsync(tx, secret, ct), ct))
            {
                if (await agents.FindAsync(tenant.Id, suspect, ct) is not { } agent)
                {
                    continue;
                }

                var proof = await prove.RunAsync(agent, secret, ct);
                isKnown &= !proof.IsUnknown;
                if (proof.Credential is { } credential)
                {
                    isKnown = true;
                    return await InTenantAsync(async tx => await EndLeakedAgentSecret.RunAsync(tx, origin, agent.Id, credential, ct)
                        ? new SecretLeaked("agent_secret", "agent", agent.Id.ToString(), agent.Owner)
                        : null);
                }
            }

            return null;
        }

        // Whoever finds it first uses it up, and registers nothing with it.
        async Task<SecretLeaked?> SpendAsync() => await bootstrap.RedeemAsync(tenant.Id, secret, ct) is { Policy: var policy }
            ? await InTenantAsync(_ => Task.FromResult<SecretLeaked?>(new SecretLeaked("bootstrap_token", "trust_policy", policy.Id.ToString(), null)))
            : null;

        async Task<SecretLeaked?> EndAsync(AccessToken token)
        {
            var agent = token.User is null ? await agents.FindAsync(tenant.Id, new AgentId(token.Client.Value), ct) : null;
            return await InTenantAsync(tx => AccessTokenAsync(tx, origin, token, agent, ct));
        }

        Task<SecretLeaked?> InTenantAsync(Func<Tx, Task<SecretLeaked?>> end) => db.InTenantAsync(tenant.Id, async tx =>
        {
            if (await end(tx) is not { } happened)
            {
                return null;
            }

            happened = happened with { FoundAt = foundAt };
            tx.Emit(origin, happened);
            return happened;
        }, ct);
    }

    private async Task<SecretLeaked?> OfAgentAsync(Tx tx, Origin origin, string secret, CancellationToken ct) =>
        await EndLeakedAgentSecret.RunAsync(tx, origin, hash, secret, ct) is { } ended
            ? new SecretLeaked("agent_secret", "agent", ended.Agent.ToString(), ended.Owner)
            : null;

    private async Task<SecretLeaked?> ApiKeyAsync(Tx tx, Origin origin, string secret, CancellationToken ct) =>
        await EndLeakedApiKey.RunAsync(tx, origin, hash, secret, ct) is { } ended
            ? new SecretLeaked("api_key", "api_key", ended.Key.ToString(), new UserId(ended.User))
            : null;

    private async Task<SecretLeaked?> OfClientAsync(Tx tx, Origin origin, string secret, CancellationToken ct) =>
        await EndLeakedClientSecret.RunAsync(tx, origin, hash, secret, ct) is { } client
            ? new SecretLeaked("client_secret", "client", client.ToString(), null)
            : null;

    // RFC 9700 §4.14.2: of a refresh token that others have, the whole family is ended.
    private async Task<SecretLeaked?> RefreshTokenAsync(Tx tx, Origin origin, string secret, CancellationToken ct)
    {
        if (await RefreshTokens.FindAsync(tx, hash.Of(TokenKinds.Refresh, secret), ct) is not { RevokedAt: null } found
            || await Grants.RevokeAsync(tx, found.GrantId, "leaked", ct) is not { Count: > 0 } ended)
        {
            return null;
        }

        RevokeGrants.Announce(tx, origin, ended, "leaked");
        return new SecretLeaked("refresh_token", "client", found.ClientId.ToString(), found.UserId);
    }

    private static async Task<SecretLeaked?> AccessTokenAsync(Tx tx, Origin origin, AccessToken token, Agent? agent, CancellationToken ct)
    {
        if (await RevokedTokens.AddAsync(tx, token.Id, token.ExpiresAt, ct) == 0)
        {
            return null;
        }

        if (token.Delegation is { } delegation)
        {
            await RevokeDelegations.RunAsync(tx, origin, delegation, null, "leaked", ct);
        }

        tx.Emit(origin, agent is null ? new AccessTokenRevoked(token.Client, token.Id) : new AgentTokenRevoked(agent.Id, token.Id));
        tx.Notify(TokenStates.RevokedTopic, token.Id);
        return new SecretLeaked("access_token", agent is null ? "client" : "agent", token.Client.ToString(), agent?.Owner ?? token.User);
    }
}

/// <summary>Somebody found a secret where it should not be, and it was ended. Its owner is to be told.</summary>
/// <param name="Kind"><c>agent_secret</c>, <c>api_key</c>, <c>bootstrap_token</c>, <c>client_secret</c>, <c>refresh_token</c>, <c>access_token</c>.</param>
/// <param name="Owner">The person who answers for it, or whom it speaks for; null where it is an application's own.</param>
/// <param name="FoundAt">Where, as who found it says.</param>
public sealed record SecretLeaked(string Kind, string HolderKind, string Holder, UserId? Owner, string? FoundAt = null) : DomainEvent
{
    public override string Action => "credential.leaked";

    public override Target Target => new(HolderKind, Holder);
}
