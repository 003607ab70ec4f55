using Signet.Jose;
using Signet.OAuth.Tokens;
using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Clients;
using Signet.Server.Keys;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>
/// Whether an access token of ours holds: signed by a key we stand by, not expired, its application and person active, its grant and itself not
/// revoked. The signature of a token seen before is not computed again; everything else is asked every time.
/// </summary>
public sealed class VerifyAccessToken
{
    private static readonly JwsExpectations Expected = JwsExpectations.OfType(AccessTokenClaims.Type) with { MaxLength = 16_384 };

    private readonly KeyRings keys;
    private readonly ClientDirectory clients;
    private readonly AgentDirectory agents;
    private readonly UserDirectory users;
    private readonly TokenStates states;
    private readonly TimeProvider time;
    private readonly NodeCache<(TenantId Tenant, string Token), AccessToken?> verified;

    public VerifyAccessToken(
        KeyRings keys, ClientDirectory clients, AgentDirectory agents, UserDirectory users, TokenStates states, Notifications notifications, TimeProvider time)
    {
        this.keys = keys;
        this.clients = clients;
        this.agents = agents;
        this.users = users;
        this.states = states;
        this.time = time;
        // A key that moves makes every token of its tenant be verified anew.
        verified = new(KeyRings.Topic, key => key.Tenant.ToString(), new NodeCacheOptions(50_000), notifications, time);
    }

    /// <summary>Null where it does not hold, whatever the cause.</summary>
    internal async ValueTask<AccessToken?> RunAsync(Tenant tenant, string token, CancellationToken ct)
    {
        // The shape says at once that it is none of these, before anything is computed or kept.
        if (token.Length > Expected.MaxLength || !token.StartsWith("ey", StringComparison.Ordinal))
        {
            return null;
        }

        var found = await verified.GetAsync((tenant.Id, token), (key, cancel) => VerifyAsync(tenant, key.Token, cancel), ct);
        return found is not null
            && found.ExpiresAt > time.GetUtcNow()
            && await HoldsForItsPartyAsync(tenant, found, ct)
            && (found.Grant is not { } grant || await states.GrantHoldsAsync(tenant.Id, grant, ct))
            && (found.User is not { } user || await users.FindAsync(tenant.Id, user, ct) is { IsActive: true })
            && !await states.IsRevokedAsync(tenant.Id, found.Id, ct)
            ? found
            : null;
    }

    private async ValueTask<bool> HoldsForItsPartyAsync(Tenant tenant, AccessToken token, CancellationToken ct) =>
        TokenId.AgentOf(token.Id) is { } proof
            ? await agents.FindAsync(tenant.Id, new AgentId(token.Client.Value), ct) is { } agent
                && agent.StandsBy(proof.Epoch, proof.Credential, time.GetUtcNow())
            : await clients.FindAsync(tenant.Id, token.Client, ct) is { IsActive: true };

    private async Task<AccessToken?> VerifyAsync(Tenant tenant, string token, CancellationToken ct)
    {
        var ring = await keys.GetAsync(tenant.Id, ct);
        return Jws.Verify(token, ring.Verification, Expected) is JwsVerification.Valid valid && StrictJson.TryParseElement(valid.Payload.Span) is { } claims
            ? AccessToken.TryRead(claims, tenant.Origin)
            : null;
    }
}
