using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Account.Pages;
using Signet.Server.Permissions;
using Signet.Server.Sessions;
using Signet.Server.Tenants;
using Signet.Server.Ui;
using Signet.Server.Users;

namespace Signet.Server.Account;

/// <summary>A person's own page: who they are here, where they are signed in, and the way out of each and of all.</summary>
public static class AccountPage
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/account", ShowAsync).Requires(Permission.ManageOwnAccount);
        pages.MapPost("/account/sessions/{id}/end", EndOneAsync).Requires(Permission.ManageOwnAccount);
        pages.MapPost("/account/sessions/end", EndAllAsync).Requires(Permission.ManageOwnAccount);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, Tenant tenant, Actor actor, BrowserSessions sessions, OwnSessions own, CancellationToken ct)
    {
        var session = await sessions.FindAsync(context, tenant.Id);
        return new Page<AccountCard>(new
        {
            User = session!.User,
            Sessions = await own.ListAsync(actor, ct),
            MayAdminister = actor.May(Permission.ReadUsers),
        });
    }

    private static async Task<IResult> EndOneAsync(SessionId id, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct)
    {
        await db.InTenantAsync(actor.Tenant, tx => EndSession.RunAsync(tx, origin, id, new UserId(actor.Id), ct), ct);
        return Results.Redirect($"{context.Request.PathBase}/account");
    }

    private static async Task<IResult> EndAllAsync(HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct)
    {
        await db.InTenantAsync(actor.Tenant, tx => EndSession.RunForAllAsync(tx, origin, new UserId(actor.Id), null, ct), ct);
        EndSession.ClearCookie(context);
        return Results.Redirect($"{context.Request.PathBase}/signed-out");
    }
}
