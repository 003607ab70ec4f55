using Signet.OAuth;
using Signet.OAuth.Tokens;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Clients;
using Signet.Server.Delegations;
using Signet.Server.OAuth.Storage;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>
/// RFC 7009. A refresh token takes its whole grant with it; an access token goes alone, or with what was
/// delegated by it. Of a token that is another application's, or none, the answer
/// is the same 200.
/// </summary>
public sealed class RevokeToken(AuthenticateClient authenticate, VerifyAccessToken verify, Db db, SecretHash hash)
{
    public static void Map(RouteGroupBuilder protocol)
    {
        protocol.MapPost("/oauth2/revoke", (RequestDelegate)Handle);
        protocol.MapPost("/api/v1/token/revoke", (RequestDelegate)Handle);

        static Task Handle(HttpContext context) => context.RequestServices.GetRequiredService<RevokeToken>().HandleAsync(context);
    }

    private async Task HandleAsync(HttpContext context)
    {
        var tenant = context.Features.Get<Tenant>()!;
        var origin = context.Features.Get<Origin>()!;
        if (await ReadForm.RunAsync(context) is not { } form)
        {
            return;
        }

        var check = await authenticate.RunAsync(context, tenant, origin, form);
        if (check is not ClientCheck.Known { Client: var client, Agent: var agent })
        {
            await OAuthAnswer.WriteAsync(context, check);
            return;
        }

        if (!TokenReference.TryRead(form, out var reference, out var refusal))
        {
            await OAuthAnswer.WriteAsync(context, refusal);
            return;
        }

        origin = origin with { Actor = agent is null ? ActorKind.Client : ActorKind.Agent, ActorId = client.IdText };
        if (TokenFormat.RefreshToken.IsToken(reference.Token))
        {
            await RevokeRefreshAsync(tenant, client, origin, reference.Token, context.RequestAborted);
        }
        else if (await verify.RunAsync(tenant, reference.Token, context.RequestAborted) is { } token && token.Client == client.Id)
        {
            await db.InTenantAsync(tenant.Id, async tx =>
            {
                await RevokedTokens.AddAsync(tx, token.Id, token.ExpiresAt, context.RequestAborted);
                if (token.Delegation is { } delegation)
                {
                    // What came of it ends with it.
                    await RevokeDelegations.RunAsync(tx, origin, delegation, null, "revoked", context.RequestAborted);
                }

                tx.Emit(origin, agent is null ? new AccessTokenRevoked(client.Id, token.Id) : new AgentTokenRevoked(new AgentId(client.Id.Value), token.Id));
                tx.Notify(TokenStates.RevokedTopic, token.Id);
            }, context.RequestAborted);
        }

        context.Response.StatusCode = StatusCodes.Status200OK;
    }

    private Task RevokeRefreshAsync(Tenant tenant, Client client, Origin origin, string token, CancellationToken ct) =>
        db.InTenantAsync(tenant.Id, async tx =>
        {
            if (await RefreshTokens.FindAsync(tx, hash.Of(TokenKinds.Refresh, token), ct) is { RevokedAt: null } found && found.ClientId == client.Id)
            {
                await RevokeGrants.RunAsync(tx, origin, found.GrantId, "revoked", ct);
            }
        }, ct);
}
