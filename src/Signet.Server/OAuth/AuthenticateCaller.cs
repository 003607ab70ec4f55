using Signet.OAuth;
using Signet.OAuth.Dpop;
using Signet.OAuth.Tokens;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Delegations;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>Who calls an endpoint that takes an access token as well as a secret.</summary>
/// <param name="Agent">Null: an application.</param>
/// <param name="Proof">How an agent showed itself by its secret; null where it showed a token.</param>
/// <param name="Source">The right a token gives; null where none was shown.</param>
internal sealed record Caller(Agent? Agent, AgentProof? Proof, DelegationSource? Source, ScopeSet Scope, Origin Origin);

/// <summary>Authenticates who has no form to show itself with: by a token of an agent's that is for us (RFC 6750 §2.1), or by HTTP Basic.</summary>
public sealed class AuthenticateCaller(AuthenticateClient authenticate, VerifyAccessToken verify, AgentDirectory agents, DelegationRecord record, CheckDpop dpop)
{
    private static readonly OAuthParameters NoForm = OAuthParameters.TryParse(ReadOnlySpan<byte>.Empty, out var none, out _) ? none : throw new System.Diagnostics.UnreachableException();

    /// <summary>Null after the refusal has been written.</summary>
    internal async ValueTask<Caller?> RunAsync(HttpContext context, Tenant tenant)
    {
        var (origin, ct) = (context.Features.Get<Origin>()!, context.RequestAborted);
        var header = context.Request.Headers.Authorization is [{ } only] ? only : "";
        var byDpop = DpopToken.TryRead(header, out var text);
        if (byDpop || header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            text ??= header[7..];
            if (await verify.RunAsync(tenant, text, ct) is { } token && token.Audience.Contains(tenant.Origin)
                && await dpop.MayUseAsync(context, tenant, token, text, byDpop)
                && await DelegationSource.OfAgentAsync(record, tenant, token, ct) is { Delegator: { } id } source
                && await agents.FindAsync(tenant.Id, id, ct) is { } holder)
            {
                return new Caller(holder, null, source, token.Scope, origin with { Actor = ActorKind.Agent, ActorId = id.ToString() });
            }

            context.Response.Headers.WWWAuthenticate = byDpop ? DpopToken.Challenge(OAuthError.InvalidToken) : BearerToken.Challenge(OAuthError.InvalidToken, null);
            await OAuthAnswer.WriteAsync(context, OAuthError.InvalidToken);
            return null;
        }

        var check = await authenticate.RunAsync(context, tenant, origin, NoForm);
        if (check is ClientCheck.Known { DpopRequired: true } && await dpop.RunAsync(context, tenant, accessToken: null) is not DpopCheck.Held)
        {
            // Whose secret alone gets no token gets nobody else one with it either.
            await OAuthAnswer.WriteAsync(context, OAuthError.InvalidDpopProof);
            return null;
        }

        if (check is ClientCheck.Known { Client: { Kind: Clients.ClientKind.Confidential } client, Agent: var proof })
        {
            return new Caller(
                proof is null ? null : await agents.FindAsync(tenant.Id, new AgentId(client.Id.Value), ct), proof, null, client.Scope,
                origin with { Actor = proof is null ? ActorKind.Client : ActorKind.Agent, ActorId = client.IdText });
        }

        await OAuthAnswer.WriteAsync(context, check is ClientCheck.Known ? new ClientCheck.Refused(OAuthError.InvalidClient, false) : check);
        return null;
    }
}
