using Signet.OAuth;
using Signet.OAuth.Tokens;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Audit;
using Signet.Server.Clients;
using Signet.Server.OAuth.Storage;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>RFC 7662. Only confidential applications may ask; of a token that does not hold, for whatever cause, nothing is said.</summary>
public sealed class IntrospectToken(
    AuthenticateClient authenticate, VerifyAccessToken verify, Db db, SecretHash hash, ClientDirectory clients, UserDirectory users, AuditWriter audit, TimeProvider time)
{
    public static void Map(RouteGroupBuilder protocol)
    {
        protocol.MapPost("/oauth2/introspect", (RequestDelegate)Handle);
        protocol.MapPost("/api/v1/token/introspect", (RequestDelegate)Handle);

        static Task Handle(HttpContext context) => context.RequestServices.GetRequiredService<IntrospectToken>().HandleAsync(context);
    }

    private async Task HandleAsync(HttpContext context)
    {
        var tenant = context.Features.Get<Tenant>()!;
        if (await ReadForm.RunAsync(context) is not { } form)
        {
            return;
        }

        var check = await authenticate.RunAsync(context, tenant, context.Features.Get<Origin>()!, form);
        if (check is not ClientCheck.Known { Client: var client, Agent: var agent })
        {
            await OAuthAnswer.WriteAsync(context, check);
        }
        else if (client.Kind is ClientKind.Public)
        {
            // RFC 7662 §2.1: the endpoint must not help guessing, and anybody could name a public client.
            await OAuthAnswer.WriteAsync(context, OAuthError.InvalidClient);
        }
        else if (!TokenReference.TryRead(form, out var reference, out var refusal))
        {
            await OAuthAnswer.WriteAsync(context, refusal);
        }
        else
        {
            var answer = await FindAsync(tenant, reference.Token, context.RequestAborted);
            // RFC 7662 §2.2: who may not know of a token hears what they hear of none. An agent knows of its own, and of others' with tokens:read.
            var mayKnow = agent is null || answer?.ClientId == client.IdText || client.Scope.Contains(AgentScopes.ReadTokens);
            if (agent is not null)
            {
                // Shares its commit with the records of other requests.
                await audit.RecordAsync(
                    tenant.Id, context.Features.Get<Origin>()! with { Actor = ActorKind.Agent, ActorId = client.IdText },
                    new AgentTokenIntrospected(new AgentId(client.Id.Value), answer is not null && mayKnow, mayKnow ? answer?.Id : null), context.RequestAborted);
            }

            await OAuthAnswer.WriteAsync(context, answer is null || !mayKnow ? IntrospectionResponse.Inactive : answer.ToUtf8Json());
        }
    }

    private async ValueTask<IntrospectionResponse?> FindAsync(Tenant tenant, string token, CancellationToken ct)
    {
        if (TokenFormat.RefreshToken.IsToken(token))
        {
            return await FindRefreshAsync(tenant, token, ct);
        }

        return await verify.RunAsync(tenant, token, ct) is not { } found ? null : new IntrospectionResponse
        {
            ClientId = found.Client.ToString(),
            Subject = found.Subject,
            IssuedAt = found.IssuedAt,
            ExpiresAt = found.ExpiresAt,
            Issuer = tenant.Origin,
            // RFC 9449 §6.2.
            TokenType = found.Confirmation?.KeyThumbprint is null ? "Bearer" : "DPoP",
            Confirmation = found.Confirmation,
            Scope = found.Scope,
            Audience = found.Audience,
            Id = found.Id,
            Actors = found.Actors,
            AuthorizationDetails = found.Details,
            Username = found.User is { } user ? (await users.FindAsync(tenant.Id, user, ct))?.Email.Value : null,
        };
    }

    private async Task<IntrospectionResponse?> FindRefreshAsync(Tenant tenant, string token, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var found = await db.InTenantAsync(tenant.Id, tx => RefreshTokens.FindAsync(tx, hash.Of(TokenKinds.Refresh, token), ct), ct);
        if (found is not { UsedAt: null, RevokedAt: null } || found.ExpiresAt <= now || found.GrantExpiresAt <= now
            || await clients.FindAsync(tenant.Id, found.ClientId, ct) is not { IsActive: true }
            || await users.FindAsync(tenant.Id, found.UserId, ct) is not { IsActive: true } user)
        {
            return null;
        }

        return new IntrospectionResponse
        {
            ClientId = found.ClientId.ToString(),
            Subject = found.UserId.ToString(),
            IssuedAt = found.IssuedAt,
            ExpiresAt = found.ExpiresAt,
            Issuer = tenant.Origin,
            Scope = ScopeSet.Of(found.Scopes),
            Username = user.Email.Value,
        };
    }
}
