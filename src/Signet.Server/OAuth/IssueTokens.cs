using Signet.Jose;
using Signet.OAuth;
using Signet.OAuth.Authorization;
using Signet.OAuth.TokenExchange;
using Signet.OAuth.Tokens;
using Signet.Platform.Data;
using Signet.Server.Clients;
using Signet.Server.Delegations;
using Signet.Server.Keys;
using Signet.Server.Sessions;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>An access token with what is on record about it.</summary>
internal sealed record IssuedAccessToken(string Token, string Id, DateTimeOffset ExpiresAt);

/// <summary>Makes the tokens themselves: RFC 9068 access tokens and OIDC ID tokens, signed with the tenant's keys. Writes nothing.</summary>
public sealed class IssueTokens(KeyRings keys, TimeProvider time)
{
    private static readonly TimeSpan IdTokenLife = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Has the application's keys at hand before a transaction begins. One that fetched them inside it would want a second connection while others,
    /// waiting for what it holds, have them all.
    /// </summary>
    internal async ValueTask PrepareAsync(Tenant tenant, Client client, CancellationToken ct)
    {
        await keys.GetSigningKeyAsync(tenant.Id, client.AccessTokenAlgorithm, ct);
        await keys.GetSigningKeyAsync(tenant.Id, client.IdTokenAlgorithm, ct);
    }

    /// <summary>A token with which an application, or an agent, speaks for itself (RFC 6749 §4.4, RFC 9068 §2.2: its subject is the client).</summary>
    internal async ValueTask<IssuedAccessToken> ForClientAsync(
        Tenant tenant, Client client, AgentProof? agent, ScopeSet scope, IReadOnlyList<string> resources, Confirmation? bound, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return await SignAsync(tenant, client, new AccessTokenClaims
        {
            Issuer = tenant.Origin,
            Subject = client.IdText,
            Audience = resources.Count > 0 ? resources : [tenant.Origin],
            ClientId = client.IdText,
            Id = agent is { } proof ? TokenId.New(proof) : TokenId.New(),
            IssuedAt = now,
            ExpiresAt = now + client.AccessTokenLife,
            Scope = scope,
            Confirmation = bound,
        }, ct);
    }

    /// <summary>A token with which an agent acts for somebody (RFC 8693 §4.1).</summary>
    /// <param name="bound">To the actor's key, whatever the subject's token was bound to.</param>
    internal ValueTask<IssuedAccessToken> ForActorAsync(
        Tenant tenant, Client actor, HandOver delegation, DelegationOutcome.Allowed allowed, AuthorizationDetails? details, Confirmation? bound,
        CancellationToken ct) =>
        SignAsync(tenant, actor, new AccessTokenClaims
        {
            Issuer = tenant.Origin,
            Subject = allowed.Subject.Subject,
            Audience = allowed.Audience,
            ClientId = actor.IdText,
            Id = TokenId.New(delegation.DelegationId),
            IssuedAt = time.GetUtcNow(),
            ExpiresAt = delegation.ExpiresAt,
            Scope = allowed.Scope,
            Actors = allowed.Actors,
            AuthorizationDetails = details,
            Confirmation = bound,
        }, ct);

    /// <summary>
    /// What an agent hands another so that it may act. It is for us alone and of a type of its own: with it one gets tokens (RFC 8693 §4.4) and nothing
    /// else, and only the one it names.
    /// </summary>
    internal async ValueTask<IssuedAccessToken> ForOfferAsync(
        Tenant tenant, Client delegator, HandOver delegation, DelegationParent parent, Party mayAct, CancellationToken ct)
    {
        var claims = new AccessTokenClaims
        {
            Issuer = tenant.Origin,
            Subject = parent.Party.Subject,
            Audience = [tenant.Origin],
            ClientId = delegator.IdText,
            Id = TokenId.New(delegation.DelegationId),
            IssuedAt = time.GetUtcNow(),
            ExpiresAt = delegation.ExpiresAt,
            Scope = ScopeSet.Of(delegation.Scopes),
            Actors = parent.Actors,
            Further = writer =>
            {
                writer.WriteStartObject("may_act"u8);
                writer.WriteString("sub"u8, mayAct.Subject);
                writer.WriteEndObject();
            },
        };
        var key = await keys.GetSigningKeyAsync(tenant.Id, delegator.AccessTokenAlgorithm, ct);
        return new IssuedAccessToken(Jws.SignCompact(key, DelegateToken.OfferType, claims.ToUtf8Json()), claims.Id, claims.ExpiresAt);
    }

    internal async ValueTask<IssuedAccessToken> ForUserAsync(
        Tenant tenant, Client client, Authorized authorized, ScopeSet scope, IReadOnlyList<string> resources, Confirmation? bound, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return await SignAsync(tenant, client, new AccessTokenClaims
        {
            Issuer = tenant.Origin,
            Subject = authorized.User.ToString(),
            Audience = resources.Count > 0 ? resources : [tenant.Origin],
            ClientId = client.IdText,
            Id = TokenId.New(authorized.Grant),
            IssuedAt = now,
            ExpiresAt = now + client.AccessTokenLife,
            Scope = scope,
            AuthenticatedAt = authorized.AuthenticatedAt,
            AuthenticationContext = SnakeCase.Of(Session.AssuranceOf(authorized.Methods)),
            AuthenticationMethods = authorized.Methods,
            SessionId = authorized.Session.ToString(),
            Confirmation = bound,
        }, ct);
    }

    internal async ValueTask<string> IdTokenAsync(
        Tenant tenant, Client client, Authorized authorized, string? nonce, string accessToken, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var claims = new IdTokenClaims
        {
            Issuer = tenant.Origin,
            Subject = authorized.User.ToString(),
            ClientId = client.IdText,
            IssuedAt = now,
            ExpiresAt = now + IdTokenLife,
            AuthenticatedAt = authorized.AuthenticatedAt,
            Nonce = nonce,
            AccessTokenHash = AccessTokenHash.Compute(accessToken, client.IdTokenAlgorithm),
            SessionId = authorized.Session.ToString(),
            AuthenticationContext = SnakeCase.Of(Session.AssuranceOf(authorized.Methods)),
            AuthenticationMethods = authorized.Methods,
        };
        var key = await keys.GetSigningKeyAsync(tenant.Id, client.IdTokenAlgorithm, ct);
        return Jws.SignCompact(key, IdTokenClaims.Type, claims.ToUtf8Json());
    }

    private async ValueTask<IssuedAccessToken> SignAsync(Tenant tenant, Client client, AccessTokenClaims claims, CancellationToken ct)
    {
        var key = await keys.GetSigningKeyAsync(tenant.Id, client.AccessTokenAlgorithm, ct);
        return new IssuedAccessToken(Jws.SignCompact(key, AccessTokenClaims.Type, claims.ToUtf8Json()), claims.Id, claims.ExpiresAt);
    }
}
