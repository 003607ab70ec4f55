using Microsoft.Extensions.Primitives;
using Signet.OAuth;
using Signet.OAuth.Discovery;
using Signet.OAuth.Dpop;
using Signet.OAuth.Tokens;
using Signet.Server.Agents;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>
/// Our own API as a protected resource. A token is for all of it where its audience is the tenant's issuer, as it is when nobody said; for the management API
/// alone where it is that API's own identifier. A refusal names the metadata of what was asked for, from which a client finds its way to a token (RFC 9728 §5).
/// </summary>
internal static class ApiResource
{
    /// <summary>The path of the management API, below the tenant's origin.</summary>
    public const string Management = "/api/v1";

    public static bool IsMeantBy(IReadOnlyList<string> audience, Tenant tenant, PathString path) =>
        audience.Contains(tenant.Origin) || (IsManagement(path) && audience.Contains(tenant.Origin + Management));

    /// <summary>A <see cref="ChallengeRule"/>.</summary>
    public static StringValues Challenge(HttpContext context, Tenant tenant, ChallengeCause cause, Permission needed, IReadOnlyList<string> missing)
    {
        var scope = missing.Count > 0 ? ScopeSet.Of(missing) : AgentScopes.For(needed) is { } narrowest ? ScopeSet.Of(narrowest) : null;
        if (cause is ChallengeCause.ScopeMissing && scope is null)
        {
            return StringValues.Empty;
        }

        var metadata = ProtectedResourceMetadata.AddressOf(IsManagement(context.Request.Path) ? tenant.Origin + Management : tenant.Origin);
        var error = cause switch
        {
            ChallengeCause.NothingShown => null,
            ChallengeCause.NotValid => OAuthError.InvalidToken,
            ChallengeCause.ScopeMissing => OAuthError.InsufficientScope,
        };
        // RFC 6750 §3.1: who showed nothing learns what there is; anybody else, what was wrong with what they showed.
        return error is null ? new StringValues([BearerToken.Challenge(null, scope, metadata), DpopToken.Challenge(null, scope, metadata)])
            : context.Request.Headers.Authorization is [{ } header] && DpopToken.TryRead(header, out _) ? DpopToken.Challenge(error, scope, metadata)
            : BearerToken.Challenge(error, scope, metadata);
    }

    // Letter by letter, though routes are found in any spelling: a token for less than all of it is good for what it names.
    private static bool IsManagement(PathString path) => path.StartsWithSegments(Management, StringComparison.Ordinal);
}
