using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.Permissions;

/// <summary>
/// Stands between routing and every handler: finds out who is calling, once, and lets the request through or refuses it in the way of its family.
/// Runs before a body is read or a parameter is bound, so that a stranger learns nothing from either.
/// </summary>
public sealed class Gate(
    RequestDelegate next, IEnumerable<ActorSource> sources, TokenRule rule, ChallengeRule challenge, BrowserToken browserToken, TenantSettingsDirectory settings)
{
    private readonly ActorSource[] sources = [.. sources];

    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var family = endpoint?.Metadata.GetMetadata<RouteFamily>();
        if (family is null or { NeedsTenant: false })
        {
            await next(context);
            return;
        }

        if (context.Features.Get<Tenant>() is not { } tenant)
        {
            await TenantProblems.Unknown.ExecuteAsync(context);
            return;
        }

        RequestId.Of(context).Tenant = tenant.Slug;
        if (family == RouteFamily.Interaction)
        {
            context.Features.Set((await settings.FindAsync(tenant.Id, context.RequestAborted)).BrandOf(tenant, context.Request.PathBase));
        }

        if (tenant.State is not TenantState.Active)
        {
            await TenantProblems.Suspended.ExecuteAsync(context);
            return;
        }

        if (family == RouteFamily.Protocol)
        {
            context.Features.Set(OriginOf(context, null));
            await next(context);
            return;
        }

        if (family == RouteFamily.Interaction)
        {
            context.Features.Set(new FormToken(BrowserToken.Field, browserToken.Issue(context, PurposeOf(tenant))));
        }

        if (await RefuseAsync(context, family, endpoint!, tenant) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private async ValueTask<IResult?> RefuseAsync(HttpContext context, RouteFamily family, Endpoint endpoint, Tenant tenant)
    {
        var requirement = endpoint.Metadata.GetMetadata<Requirement>();
        // Whoever is refused while they are found out is on record as nobody.
        context.Features.Set(OriginOf(context, null));
        // Pages are for people in browsers: an API key, which the pages' code has no session for, is nobody there.
        var proof = await ProveAsync(context, tenant) is var shown && family == RouteFamily.Interaction && shown is { IsAmbient: false } ? null : shown;
        context.Features.Set(OriginOf(context, proof?.Actor));
        if (requirement?.Permission is { } permission)
        {
            if (proof?.Actor is not { } actor)
            {
                if (family == RouteFamily.Interaction)
                {
                    return SignInFirst(context);
                }

                // A session that is over is nothing a program showed.
                Challenge(proof is null or { IsAmbient: true } ? ChallengeCause.NothingShown : ChallengeCause.NotValid, []);
                return PermissionProblems.AuthenticationRequired;
            }

            if (!actor.May(permission))
            {
                if (proof.TokenScopes is not null)
                {
                    Challenge(ChallengeCause.ScopeMissing, []);
                }

                return PermissionProblems.Forbidden;
            }

            if (proof.TokenScopes is { } scopes && await rule(context, actor, scopes) is { } denial)
            {
                if (denial.Missing.Count > 0)
                {
                    Challenge(ChallengeCause.ScopeMissing, denial.Missing);
                }

                return denial.Answer;
            }

            context.Features.Set(actor);
        }

        return await RefuseForeignAsync(context, family, requirement, proof, tenant);

        void Challenge(ChallengeCause cause, IReadOnlyList<string> missing) =>
            context.Response.Headers.WWWAuthenticate = challenge(context, tenant, cause, requirement!.Permission!.Value, missing);
    }

    // A page's POST always carries the token. An API call carries it where a cookie spoke for the caller, for browsers send that by themselves; a call
    // that is open to anybody (a front end's sign-in) must at least not be what its own browser calls cross-site.
    private async ValueTask<IResult?> RefuseForeignAsync(
        HttpContext context, RouteFamily family, Requirement? requirement, ActorProof? proof, Tenant tenant)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            return null;
        }

        if (family == RouteFamily.Interaction || (requirement?.Permission is not null && proof is { IsAmbient: true }))
        {
            return await browserToken.CheckAsync(context, PurposeOf(tenant));
        }

        return requirement?.Permission is null ? browserToken.CheckOrigin(context) : null;
    }

    /// <summary>A token of one tenant's pages is nothing to another's.</summary>
    public static string PurposeOf(Tenant tenant) => $"pages of {tenant.Id}";

    private async ValueTask<ActorProof?> ProveAsync(HttpContext context, Tenant tenant)
    {
        foreach (var source in sources)
        {
            if (await source(context, tenant.Id) is { } proof)
            {
                return proof;
            }
        }

        return null;
    }

    private static IResult SignInFirst(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
            ? Results.Redirect($"{context.Request.PathBase}/sign-in?return_to={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}")
            : PermissionProblems.AuthenticationRequired;

    private static Origin OriginOf(HttpContext context, Actor? actor) => new(
        actor?.Kind ?? ActorKind.Anonymous,
        actor?.Id.ToString(),
        ClientAddress.Of(context).Text,
        UserAgentOf(context),
        RequestId.Of(context).Value);

    private static string? UserAgentOf(HttpContext context) =>
        context.Request.Headers.UserAgent.ToString() is { Length: > 0 } text ? text[..Math.Min(text.Length, 300)] : null;
}
