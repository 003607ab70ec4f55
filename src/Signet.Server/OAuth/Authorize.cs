using Signet.OAuth;
using Signet.OAuth.Authorization;
using Signet.Platform.Data;
using Signet.Server.Clients;
using Signet.Server.Consent;
using Signet.Server.OAuth.Storage;
using Signet.Server.Sessions;
using Signet.Server.SignIn;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>
/// <c>/oauth2/authorize</c> (RFC 6749 §3.1, OIDC Core §3.1.2). A request that needs nobody is answered at once and leaves no row; one that needs a
/// person is stored, sends them to sign in or to consent, and is taken up again by its id when they return.
/// </summary>
public sealed class Authorize(
    Db db, ClientDirectory clients, BrowserSessions sessions, ConsentRecord consents, SignInFlows flows, IssueCode issue, IdTokenHints hints, TimeProvider time)
{
    internal const string ConsentPath = "/oauth2/consent";
    internal const string ResumePath = "/oauth2/authorize/resume";
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Post];

    public static void Map(RouteGroupBuilder protocol)
    {
        // A person's browser is sent here: what can't be told to the application is told to them.
        protocol.MapMethods("/oauth2/authorize", Methods, (RequestDelegate)(context => Of(context).BeginAsync(context))).WithMetadata(ErrorShapes.Interaction);
        protocol.MapGet(ResumePath, (RequestDelegate)(context => Of(context).ResumeAsync(context))).WithMetadata(ErrorShapes.Interaction);
    }

    /// <summary>What is asked of the person before the request can be answered.</summary>
    private enum Need
    {
        Nothing,
        SignIn,
        Consent,
    }

    private async Task BeginAsync(HttpContext context)
    {
        var tenant = context.Features.Get<Tenant>()!;
        if (await ReadParameters.RunAsync(context) is not { } parameters)
        {
            return;
        }

        if (await CheckAsync(context, tenant, parameters) is not { } request)
        {
            return;
        }

        var session = await sessions.FindAsync(context, tenant.Id);
        switch (await NeedOfAsync(tenant, request.Checked, request.Client, session, context.RequestAborted))
        {
            case Need.Nothing:
                await issue.RunAsync(context, tenant, request, session!, waiting: null);
                return;
            case var need when request.Checked.Prompts.HasFlag(Prompts.None):
                // OIDC Core §3.1.2.6: no page may be shown, so the application is told what one would have been for.
                await AuthorizePages.ReplyAsync(context, tenant, request.Checked.ReplyTo, need is Need.SignIn ? OAuthError.LoginRequired : OAuthError.ConsentRequired);
                return;
            case Need.SignIn:
                await SendToSignInAsync(context, tenant, request, parameters);
                return;
            case Need.Consent:
                await SendToConsentAsync(context, tenant, request, parameters);
                return;
        }
    }

    private async Task ResumeAsync(HttpContext context)
    {
        var tenant = context.Features.Get<Tenant>()!;
        if (await FindWaitingAsync(context, tenant) is not var (id, request, session))
        {
            return;
        }

        if (session is null || !await flows.WasAnsweredByAsync(tenant.Id, id, session.Id, context.RequestAborted))
        {
            await AuthorizePages.ShowLostAsync(context);
            return;
        }

        if (await ConsentIsMissingAsync(tenant, request.Checked, request.Client, session, context.RequestAborted))
        {
            context.Response.Redirect($"{context.Request.PathBase}{ConsentPath}?request={id}");
            return;
        }

        await issue.RunAsync(context, tenant, request, session, id);
    }

    /// <summary>The waiting request a page was opened for, checked anew; null after the answer has been written.</summary>
    internal async Task<(FlowId Id, CheckedRequest Request, Session? Session)?> FindWaitingAsync(HttpContext context, Tenant tenant)
    {
        if (context.Request.Query["request"] is not [var text] || !FlowId.TryParse(text, null, out var id)
            || await AuthorizationRequests.FindAsync(db, tenant.Id, id, time.GetUtcNow(), context.RequestAborted) is not { } query
            || !OAuthParameters.TryParse(query, out var parameters, out _))
        {
            await AuthorizePages.ShowLostAsync(context);
            return null;
        }

        return await CheckAsync(context, tenant, parameters) is { } request
            ? (id, request, await sessions.FindAsync(context, tenant.Id))
            : null;
    }

    /// <summary>The same for a page that is shown to a signed-in person: their session, and no other, did the sign-in that the request asked for.</summary>
    internal async Task<(FlowId Id, CheckedRequest Request, Session Session)?> FindWaitingOfAsync(HttpContext context, Tenant tenant)
    {
        if (await FindWaitingAsync(context, tenant) is not var (id, request, session))
        {
            return null;
        }

        if (session is not null && await flows.IsSettledForAsync(tenant.Id, id, session.Id, context.RequestAborted))
        {
            return (id, request, session);
        }

        await AuthorizePages.ShowLostAsync(context);
        return null;
    }

    internal async ValueTask<bool> ConsentIsMissingAsync(
        Tenant tenant, AuthorizationRequest request, Client client, Session session, CancellationToken ct) =>
        client.AsksConsent
        && (request.Prompts.HasFlag(Prompts.Consent) || !await consents.CoversAsync(tenant.Id, session.User.Id, client.Id, request.Scope.Tokens, ct));

    private async ValueTask<CheckedRequest?> CheckAsync(HttpContext context, Tenant tenant, OAuthParameters parameters)
    {
        var client = ClientId.TryParse(parameters[OAuthParameter.ClientId], null, out var id)
            && await clients.FindAsync(tenant.Id, id, context.RequestAborted) is { IsActive: true } found ? found : null;
        var registered = client is null ? null : new RegisteredClient(client.IdText, client.RedirectUris, client.Scope, client.May(Grant.AuthorizationCode));
        switch (AuthorizationCheck.Run(parameters, registered))
        {
            case AuthorizationOutcome.Accepted accepted:
                return new CheckedRequest(accepted.Request, client!);
            case AuthorizationOutcome.Redirected redirected:
                await AuthorizePages.ReplyAsync(context, tenant, redirected.ReplyTo, redirected.Error);
                return null;
            case AuthorizationOutcome.Shown shown:
                await AuthorizePages.ShowAsync(context, shown.Error);
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async ValueTask<Need> NeedOfAsync(Tenant tenant, AuthorizationRequest request, Client client, Session? session, CancellationToken ct)
    {
        if (session is null
            || request.Prompts.HasFlag(Prompts.Login) || request.Prompts.HasFlag(Prompts.SelectAccount)
            // OIDC Core §3.1.2.1: max_age counts from the last time the person proved who they are.
            || (request.MaxAge is { } age && session.AuthenticatedAt + age < time.GetUtcNow())
            || (request.IdTokenHint is { } hint && await hints.FindSubjectAsync(tenant, hint, ct) is var subject && subject != session.User.Id))
        {
            return Need.SignIn;
        }

        return await ConsentIsMissingAsync(tenant, request, client, session, ct) ? Need.Consent : Need.Nothing;
    }

    private async Task SendToSignInAsync(HttpContext context, Tenant tenant, CheckedRequest request, OAuthParameters parameters)
    {
        var ct = context.RequestAborted;
        var id = await db.InTenantAsync(tenant.Id, async tx =>
        {
            var flow = new SignInFlow(
                tx.NewId<FlowId>(), "", request.Client.Name, request.Checked.ReplyTo.RedirectUri, request.Checked.LoginHint, NotBefore: tx.Now, Session: null);
            await AuthorizationRequests.InsertAsync(tx, flow.Id, request.Client.Id, parameters.ToQuery(), tx.Now + TokenLife.Request, ct);
            await flows.BeginAsync(tx, context, flow with { ReturnPath = $"{ResumePath}?request={flow.Id}" }, ct);
            return flow.Id;
        }, ct);
        context.Response.Redirect(context.Request.PathBase + SignInFlows.PathOf(id));
    }

    private async Task SendToConsentAsync(HttpContext context, Tenant tenant, CheckedRequest request, OAuthParameters parameters)
    {
        var ct = context.RequestAborted;
        var id = await db.InTenantAsync(tenant.Id, async tx =>
        {
            var made = tx.NewId<FlowId>();
            await AuthorizationRequests.InsertAsync(tx, made, request.Client.Id, parameters.ToQuery(), tx.Now + TokenLife.Request, ct);
            return made;
        }, ct);
        context.Response.Redirect($"{context.Request.PathBase}{ConsentPath}?request={id}");
    }

    private static Authorize Of(HttpContext context) => context.RequestServices.GetRequiredService<Authorize>();
}

/// <summary>A request that passed every check which needs no person, and its application.</summary>
internal sealed record CheckedRequest(AuthorizationRequest Checked, Client Client);
