using System.Text.Json;
using Signet.Jose;
using Signet.OAuth.Tokens;
using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Clients;
using Signet.Server.Delegations;
using Signet.Server.Keys;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>
/// Whether an access token of ours holds: signed by a key we stand by, not expired, its application and person active, its grant and itself not
/// revoked; where an agent acts for somebody, every hand-over before it the same. The signature of a token seen before is not computed again; everything
/// else is asked every time.
/// </summary>
public sealed class VerifyAccessToken
{
    private static readonly JwsExpectations Expected = JwsExpectations.OfType(AccessTokenClaims.Type) with { MaxLength = 16_384 };

    // What one agent hands another to get tokens with; its type keeps it from passing for an access token.
    private static readonly JwsExpectations ExpectedOffer = JwsExpectations.OfType(DelegateToken.OfferType) with { MaxLength = 16_384 };

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly KeyRings keys;
    private readonly ClientDirectory clients;
    private readonly AgentDirectory agents;
    private readonly UserDirectory users;
    private readonly DelegationRecord delegations;
    private readonly TokenStates states;
    private readonly TimeProvider time;
    private readonly NodeCache<(TenantId Tenant, string Token), AccessToken?> verified;

    public VerifyAccessToken(
        KeyRings keys, ClientDirectory clients, AgentDirectory agents, UserDirectory users, DelegationRecord delegations, TokenStates states,
        Notifications notifications, TimeProvider time)
    {
        this.keys = keys;
        this.clients = clients;
        this.agents = agents;
        this.users = users;
        this.delegations = delegations;
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

    /// <summary>An offer to act, which holds as an access token would; null where it does not.</summary>
    internal async ValueTask<AccessToken?> RunForOfferAsync(Tenant tenant, string token, CancellationToken ct)
    {
        if (token.Length > ExpectedOffer.MaxLength || !token.StartsWith("ey", StringComparison.Ordinal))
        {
            return null;
        }

        var ring = await keys.GetAsync(tenant.Id, ct);
        return Jws.Verify(token, ring.Verification, ExpectedOffer) is JwsVerification.Valid valid
            && StrictJson.TryParseElement(valid.Payload.Span) is { } claims
            && AccessToken.TryRead(claims, tenant.Origin) is { Delegation: not null } found
            && found.ExpiresAt > time.GetUtcNow()
            && await HoldsForItsPartyAsync(tenant, found, ct)
            ? found
            : null;
    }

    private async ValueTask<bool> HoldsForItsPartyAsync(Tenant tenant, AccessToken token, CancellationToken ct) =>
        token.Delegation is { } delegation ? await HoldsToTheFirstAsync(tenant, delegation, ct)
        : TokenId.AgentOf(token.Id) is { } proof
            ? await agents.FindAsync(tenant.Id, new AgentId(token.Client.Value), ct) is { } agent
                && agent.StandsBy(proof.Epoch, proof.Credential, time.GetUtcNow())
            : await clients.FindAsync(tenant.Id, token.Client, ct) is { IsActive: true };

    private async ValueTask<bool> HoldsToTheFirstAsync(Tenant tenant, DelegationId delegation, CancellationToken ct)
    {
        if (await delegations.FindLiveAsync(tenant.Id, delegation, ct) is not { } chain)
        {
            return false;
        }

        foreach (var link in chain)
        {
            if ((link.SourceTokenId is { } source && await states.IsRevokedAsync(tenant.Id, source, ct))
                || (link.ActorTokenId is { } shown && await states.IsRevokedAsync(tenant.Id, shown, ct))
                || (link.GrantId is { } grant && !await HoldsForItsGrantAsync(tenant, new GrantId(grant), ct)))
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask<bool> HoldsForItsGrantAsync(Tenant tenant, GrantId grant, CancellationToken ct) =>
        await states.FindGrantAsync(tenant.Id, grant, ct) is { } row && await clients.FindAsync(tenant.Id, row.ClientId, ct) is { IsActive: true };

    private async Task<AccessToken?> VerifyAsync(Tenant tenant, string token, CancellationToken ct)
    {
        var ring = await keys.GetAsync(tenant.Id, ct);
        return Jws.Verify(token, ring.Verification, Expected) is JwsVerification.Valid valid && StrictJson.TryParseElement(valid.Payload.Span) is { } claims
            && HasBegun(claims, "nbf") && HasBegun(claims, "iat")
            ? AccessToken.TryRead(claims, tenant.Origin)
            : null;
    }

    // RFC 7519 §4.1.5. The clocks of nodes differ a little; of a time that is no number it is not known that it has come.
    private bool HasBegun(JsonElement claims, string name) =>
        !claims.TryGetProperty(name, out var at)
        || (at.ValueKind is JsonValueKind.Number && at.TryGetDouble(out var seconds) && seconds <= (time.GetUtcNow() + ClockSkew).ToUnixTimeSeconds());
}
