using Signet.OAuth;
using Signet.OAuth.Dpop;
using Signet.OAuth.Tokens;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>OIDC Core §5.3: what the granted scopes let an application know of the person, for an access token in the header (RFC 6750 §2.1, RFC 9449 §7.1).</summary>
public sealed class UserInfo(VerifyAccessToken verify, CheckDpop dpop, UserDirectory users)
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Post];

    public static void Map(RouteGroupBuilder protocol) =>
        protocol.MapMethods("/oauth2/userinfo", Methods, (RequestDelegate)(context => context.RequestServices.GetRequiredService<UserInfo>().HandleAsync(context)));

    private async Task HandleAsync(HttpContext context)
    {
        var tenant = context.Features.Get<Tenant>()!;
        var header = context.Request.Headers.Authorization is [var only] ? only : null;
        var byDpop = DpopToken.TryRead(header, out var text);
        if (!byDpop && !BearerToken.TryRead(header, out text))
        {
            // RFC 6750 §3.1: who brought no token learns only what kind is wanted.
            context.Response.Headers.WWWAuthenticate = new([BearerToken.Challenge(), DpopToken.Challenge()]);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.ContentLength = 0;
            return;
        }

        if (await verify.RunAsync(tenant, text!, context.RequestAborted) is not { User: { } id } token
            || !await dpop.MayUseAsync(context, tenant, token, text!, byDpop)
            || await users.FindAsync(tenant.Id, id, context.RequestAborted) is not { } user)
        {
            await RefuseAsync(context, byDpop, OAuthError.InvalidToken);
            return;
        }

        if (!token.Scope.HasOpenId)
        {
            await RefuseAsync(context, byDpop, OAuthError.InsufficientScope);
            return;
        }

        await OAuthAnswer.WriteAsync(context, ClaimsOf(user).ToUtf8Json(token.Scope));
    }

    internal static UserClaims ClaimsOf(User user) => new(user.Id.ToString())
    {
        Name = user.DisplayName,
        PreferredUsername = user.Email.Value,
        UpdatedAt = user.UpdatedAt,
        Email = user.Email.Value,
        EmailVerified = user.EmailVerified,
    };

    private static Task RefuseAsync(HttpContext context, bool byDpop, OAuthError error)
    {
        context.Response.Headers.WWWAuthenticate = byDpop ? DpopToken.Challenge(error) : BearerToken.Challenge(error, ScopeSet.Of("openid"));
        return OAuthAnswer.WriteAsync(context, error);
    }
}
