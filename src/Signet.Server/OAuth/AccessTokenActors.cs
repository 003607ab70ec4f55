using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>
/// Proves a caller of our own API by an access token of ours (RFC 6750 §2.1) that is meant for us. It may do what its scopes name, and where a person
/// stands behind it no more than that person's role allows.
/// </summary>
public sealed class AccessTokenActors(VerifyAccessToken verify, RoleDirectory roles)
{
    private static readonly Dictionary<string, Permission[]> ByScope = new(StringComparer.Ordinal)
    {
        [AgentScopes.Read] = [Permission.ReadAgents],
        [AgentScopes.Write] = [Permission.ManageOwnAgent],
        [AgentScopes.Admin] = [Permission.ReadAgents, Permission.ManageOwnAgent, Permission.ManageAgents],
        [AgentScopes.ReadTokens] = [Permission.ReadTokens],
        [AgentScopes.ReadAudit] = [Permission.ReadAudit],
    };

    /// <summary>An <see cref="ActorSource"/>. Null where no token of this kind was shown.</summary>
    public async ValueTask<ActorProof?> ProveAsync(HttpContext context, Tenant tenant)
    {
        if (context.Request.Headers.Authorization is not [{ } header] || !header.StartsWith("Bearer ey", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var refused = new ActorProof(null, IsAmbient: false);
        if (await verify.RunAsync(tenant, header[7..], context.RequestAborted) is not { } token || !token.Audience.Contains(tenant.Origin))
        {
            return refused;
        }

        var scopes = token.Scope.Tokens.SelectMany(scope => ByScope.GetValueOrDefault(scope) ?? []).ToHashSet();
        var kind = TokenId.AgentOf(token.Id) is not null ? ActorKind.Agent : token.User is null ? ActorKind.Client : ActorKind.User;
        // A program has no role; who registered it gave it its scopes, and they are all it has.
        var role = token.User is { } user ? await roles.FindAsync(tenant.Id, user.Value, context.RequestAborted) : Role.Admin;
        return new ActorProof(new Actor(tenant.Id, kind, token.User?.Value ?? token.Client.Value, role, scopes, null), IsAmbient: false);
    }
}
