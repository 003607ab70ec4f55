using Signet.OAuth;
using Signet.OAuth.Tokens;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>OIDC Core §5.3: what the granted scopes let an application know of the person, for an access token in the header (RFC 6750 §2.1).</summary>
public sealed class UserInfo(VerifyAccessToken verify, UserDirectory users)
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Post];

    public static void Map(RouteGroupBuilder protocol) =>
        protocol.MapMethods("/oauth2/userinfo", Methods, (RequestDelegate)(context => context.RequestServices.GetRequiredService<UserInfo>().HandleAsync(context)));

    private async Task HandleAsync(HttpContext context)
    {
        var tenant = context.Features.Get<Tenant>()!;
        if (context.Request.Headers.Authorization is not [var header] || !BearerToken.TryRead(header, out var text))
        {
            // RFC 6750 §3.1: who brought no token learns only what kind is wanted.
            context.Response.Headers.WWWAuthenticate = BearerToken.Challenge();
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.ContentLength = 0;
            return;
        }

        if (await verify.RunAsync(tenant, text, context.RequestAborted) is not { User: { } id } token
            || await users.FindAsync(tenant.Id, id, context.RequestAborted) is not { } user)
        {
            await RefuseAsync(context, OAuthError.InvalidToken);
            return;
        }

        if (!token.Scope.HasOpenId)
        {
            await RefuseAsync(context, OAuthError.InsufficientScope);
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

    private static Task RefuseAsync(HttpContext context, OAuthError error)
    {
        context.Response.Headers.WWWAuthenticate = BearerToken.Challenge(error, ScopeSet.Of("openid"));
        return OAuthAnswer.WriteAsync(context, error);
    }
}
