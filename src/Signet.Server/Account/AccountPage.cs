using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Account.Pages;
using Signet.Server.Clients;
using Signet.Server.Consent;
using Signet.Server.OAuth;
using Signet.Server.Permissions;
using Signet.Server.Sessions;
using Signet.Server.Tenants;
using Signet.Server.Ui;
using Signet.Server.Users;

namespace Signet.Server.Account;

/// <summary>A person's own page: who they are here, where they are signed in, what they allowed, and the way out of each.</summary>
public static class AccountPage
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/account", ShowAsync).Requires(Permission.ManageOwnAccount);
        pages.MapPost("/account/sessions/{id}/end", EndOneAsync).Requires(Permission.ManageOwnAccount);
        pages.MapPost("/account/sessions/end", EndAllAsync).Requires(Permission.ManageOwnAccount);
        pages.MapPost("/account/applications/{id}/withdraw", WithdrawAsync).Requires(Permission.ManageOwnAccount);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext context, Tenant tenant, Actor actor, BrowserSessions sessions, OwnSessions own, ConsentRecord consents, ClientDirectory clients,
        CancellationToken ct)
    {
        // An API key has no page of its own: this one is about whoever sits at the browser.
        if (await sessions.FindAsync(context, tenant.Id) is not { } session)
        {
            return PermissionProblems.AuthenticationRequired;
        }

        List<AllowedApplication> allowed = [];
        foreach (var consented in await consents.ListAsync(actor.Tenant, session.User.Id, ct))
        {
            if (await clients.FindAsync(actor.Tenant, consented.Client, ct) is { } client)
            {
                allowed.Add(new AllowedApplication(client.Id, client.Name, [.. ScopeWords.Of(consented.Scopes).Select(scope => scope.Title)], consented.At));
            }
        }

        return new Page<AccountCard>(new
        {
            session.User,
            Sessions = await own.ListAsync(actor, ct),
            Allowed = allowed,
            MayAdminister = actor.May(Permission.ReadUsers),
            Done = context.Request.Query["done"].ToString(),
        });
    }

    private static async Task<IResult> EndOneAsync(SessionId id, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct)
    {
        await db.InTenantAsync(actor.Tenant, tx => EndSession.RunAsync(tx, origin, id, new UserId(actor.Id), ct), ct);
        return Results.Redirect($"{context.Request.PathBase}/account?done=ended");
    }

    private static async Task<IResult> EndAllAsync(HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct)
    {
        await db.InTenantAsync(actor.Tenant, tx => EndSession.RunForAllAsync(tx, origin, new UserId(actor.Id), null, ct), ct);
        EndSession.ClearCookie(context);
        return Results.Redirect($"{context.Request.PathBase}/signed-out");
    }

    // What was allowed ends with the consent: otherwise the application would go on with the tokens it has.
    private static async Task<IResult> WithdrawAsync(ClientId id, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct)
    {
        var user = new UserId(actor.Id);
        await db.InTenantAsync(actor.Tenant, async tx =>
        {
            if (await ConsentRecord.WithdrawAsync(tx, origin, user, id, ct))
            {
                await RevokeGrants.RunAsync(tx, origin, user, id, "consent_withdrawn", ct);
            }
        }, ct);
        return Results.Redirect($"{context.Request.PathBase}/account?done=withdrawn");
    }
}

/// <summary>An application a person allowed something, in words they know it by.</summary>
public sealed record AllowedApplication(ClientId Client, string Name, IReadOnlyList<string> Words, DateTimeOffset At);
