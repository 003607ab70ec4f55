using Signet.OAuth.Dpop;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>
/// Proves an agent at our own API by an access token of ours (RFC 6750 §2.1, RFC 9449 §7.1) that is meant for us; it may do what the token's scopes name. Tokens of
/// applications and of people prove nobody here: whoever may register applications could else give themselves any scope. Who acts for another is the
/// outermost actor (RFC 8693 §4.1), whose own scopes are never fewer than the token's.
/// </summary>
public sealed class AccessTokenActors(VerifyAccessToken verify, CheckDpop dpop, AgentDirectory agents)
{
    /// <summary>An <see cref="ActorSource"/>. Null where no token of this kind was shown.</summary>
    public async ValueTask<ActorProof?> ProveAsync(HttpContext context, Tenant tenant)
    {
        if (context.Request.Headers.Authorization is not [{ } header])
        {
            return null;
        }

        var byDpop = DpopToken.TryRead(header, out var text);
        if (!byDpop && !header.StartsWith("Bearer ey", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        text ??= header[7..];
        if (await verify.RunAsync(tenant, text, context.RequestAborted) is not { } token
            || (TokenId.AgentOf(token.Id) is null && token.Delegation is null)
            || !ApiResource.IsMeantBy(token.Audience, tenant, context.Request.Path)
            || !await dpop.MayUseAsync(context, tenant, token, text, byDpop))
        {
            return new ActorProof(null, IsAmbient: false);
        }

        // An agent has no role; nobody gives it a scope that allows more than they may do, and its scopes are all it has.
        var permissions = AgentScopes.PermissionsOf(token.Scope.Tokens).ToHashSet();
        // An agent that is gone by now hands on nothing.
        var agent = await agents.FindAsync(tenant.Id, new AgentId(token.Client.Value), context.RequestAborted);
        var actor = new Actor(tenant.Id, ActorKind.Agent, token.Client.Value, Role.Admin, permissions, null)
        {
            Lasting = [.. token.Scope.Tokens.Intersect(agent?.DelegableScopes ?? [], StringComparer.Ordinal)],
        };
        return new ActorProof(actor, IsAmbient: false, [.. token.Scope.Tokens.Union(AgentScopes.Within(permissions))]);
    }
}
