using Signet.OAuth;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Clients;
using Signet.Server.Sessions;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.OAuth;

/// <summary>
/// OIDC RP-Initiated Logout. An ID token of this very session proves that the application may end it; without that proof the person is asked, for
/// the request may come from anywhere. Where they go afterwards is a registered URI of a proven application, or nowhere.
/// </summary>
public sealed class Logout(Db db, ClientDirectory clients, BrowserSessions sessions, IdTokenHints hints)
{
    private const string ConfirmPath = "/oauth2/logout/confirm";
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Post];

    public static void Map(RouteGroupBuilder protocol, RouteGroupBuilder pages)
    {
        protocol.MapMethods("/oauth2/logout", Methods, (RequestDelegate)(context => context.RequestServices.GetRequiredService<Logout>().BeginAsync(context)))
            .WithMetadata(ErrorShapes.Interaction);
        pages.MapGet(ConfirmPath, (Delegate)ShowConfirmationAsync);
        pages.MapPost(ConfirmPath, (HttpContext context, Tenant tenant, Origin origin, Logout logout) => logout.ConfirmAsync(context, tenant, origin));
    }

    private async Task BeginAsync(HttpContext context)
    {
        var tenant = context.Features.Get<Tenant>()!;
        if (await ReadParameters.RunAsync(context) is not { } parameters)
        {
            return;
        }

        var request = LogoutRequest.Read(parameters);
        var hint = request.IdTokenHint is { } token ? await hints.FindAsync(tenant, token, context.RequestAborted) : null;
        if ((request.IdTokenHint is not null && hint is null) || (hint is not null && request.ClientId is { } named && named != hint.Client.ToString()))
        {
            await AuthorizePages.ShowAsync(context, OAuthError.InvalidParameter(OAuthParameter.IdTokenHint));
            return;
        }

        var session = await sessions.FindAsync(context, tenant.Id);
        if (session is not null && session.Id != hint?.Session)
        {
            context.Response.Redirect($"{context.Request.PathBase}{ConfirmPath}?{parameters.ToQuery()}");
            return;
        }

        if (session is not null)
        {
            await EndAsync(context, tenant, context.Features.Get<Origin>()!, session);
        }

        await LeaveAsync(context, tenant, request, hint);
    }

    private static async Task<IResult> ShowConfirmationAsync(HttpContext context, Tenant tenant, BrowserSessions sessions)
    {
        if (await sessions.FindAsync(context, tenant.Id) is not { } session)
        {
            return Results.Redirect($"{context.Request.PathBase}/signed-out");
        }

        if (context.Request.Query["post_logout_redirect_uri"] is [{ } uri])
        {
            ResponseHeaders.AllowFormsTo(context, uri);
        }

        return new Page<SignOutCard>(new
        {
            Model = new SignOutModel($"{context.Request.PathBase}{ConfirmPath}{context.Request.QueryString}", session.User.Email.Value)
            {
                StayHref = $"{context.Request.PathBase}/account",
            },
        });
    }

    private async Task ConfirmAsync(HttpContext context, Tenant tenant, Origin origin)
    {
        if (!OAuthParameters.TryParse(context.Request.QueryString.Value.AsSpan(), out var parameters, out var refusal))
        {
            await AuthorizePages.ShowAsync(context, refusal);
            return;
        }

        if (await sessions.FindAsync(context, tenant.Id) is { } session)
        {
            await EndAsync(context, tenant, origin, session);
        }

        var request = LogoutRequest.Read(parameters);
        var hint = request.IdTokenHint is { } token ? await hints.FindAsync(tenant, token, context.RequestAborted) : null;
        await LeaveAsync(context, tenant, request, hint);
    }

    private async Task EndAsync(HttpContext context, Tenant tenant, Origin origin, Session session)
    {
        var own = origin with { Actor = ActorKind.User, ActorId = session.User.Id.ToString() };
        await db.InTenantAsync(tenant.Id, tx => EndSession.RunAsync(tx, own, session.Id, session.User.Id, context.RequestAborted), context.RequestAborted);
        EndSession.ClearCookie(context);
        BrowserToken.Rotate(context);
    }

    private async Task LeaveAsync(HttpContext context, Tenant tenant, LogoutRequest request, IdTokenHints.Hint? hint)
    {
        // OIDC RP-Initiated Logout §3: the application is known by the hint, or else by the id it names; the URI must be one of its own.
        var id = hint?.Client ?? (ClientId.TryParse(request.ClientId, null, out var named) ? named : (ClientId?)null);
        var client = id is { } known ? await clients.FindAsync(tenant.Id, known, context.RequestAborted) : null;
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location =
            client is { IsActive: true } ? request.RedirectTo(client.PostLogoutRedirectUris) ?? $"{context.Request.PathBase}/signed-out" : $"{context.Request.PathBase}/signed-out";
    }
}
