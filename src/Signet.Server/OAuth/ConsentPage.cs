using Signet.OAuth;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Consent;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.OAuth;

/// <summary>Asks the person whether an application may have what it asks for. The answer belongs to the session and the browser it was asked in.</summary>
public static class ConsentPage
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Authorize.ConsentPath, ShowAsync);
        pages.MapPost(Authorize.ConsentPath, DecideAsync);
    }

    private static async Task ShowAsync(HttpContext context, Tenant tenant, Authorize authorize)
    {
        if (await authorize.FindWaitingOfAsync(context, tenant) is not var (id, request, session))
        {
            return;
        }

        var replyTo = request.Checked.ReplyTo.RedirectUri;
        ResponseHeaders.AllowFormsTo(context, replyTo);
        var model = new ConsentModel(
            $"{context.Request.PathBase}{Authorize.ConsentPath}?request={id}", session.User.Email.Value, ScopeWords.Of(request.Checked.Scope))
        {
            ApplicationName = request.Client.Name,
            ReturnsTo = Uri.TryCreate(replyTo, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri.Authority : replyTo,
            NotYouHref = $"{context.Request.PathBase}/sign-out",
        };
        await new Page<ConsentCard>(new { Model = model }).ExecuteAsync(context);
    }

    private static async Task DecideAsync(HttpContext context, Tenant tenant, Origin origin, Authorize authorize, IssueCode issue, Db db)
    {
        if (await authorize.FindWaitingOfAsync(context, tenant) is not var (id, request, session))
        {
            return;
        }

        var form = await FormBody.ReadAsync(context.Request, context.RequestAborted);
        var own = origin with { Actor = ActorKind.User, ActorId = session.User.Id.ToString() };
        if (form["decision"] != "allow")
        {
            await db.InTenantAsync(tenant.Id, tx => Storage.AuthorizationRequests.TakeAsync(tx, id, context.RequestAborted), context.RequestAborted);
            await AuthorizePages.ReplyAsync(context, tenant, request.Checked.ReplyTo, OAuthError.AccessDenied);
            return;
        }

        await db.InTenantAsync(
            tenant.Id,
            tx => ConsentRecord.GrantAsync(tx, own, session.User.Id, request.Client.Id, request.Checked.Scope.Tokens, context.RequestAborted),
            context.RequestAborted);
        await issue.RunAsync(context, tenant, request, session, id);
    }
}
