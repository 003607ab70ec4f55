using Signet.Server.Permissions;
using Signet.Server.Sessions;
using Signet.Server.Setup.Pages;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.Setup;

/// <summary>The bare address: everybody is taken to where they belong.</summary>
internal static class Home
{
    public static void Map(RouteGroupBuilder pages) => pages.MapGet("/", ShowAsync);

    private static async Task<IResult> ShowAsync(
        HttpContext context, Tenant tenant, BrowserSessions sessions, RoleDirectory roles, SetupToken setup, CancellationToken ct)
    {
        if (await sessions.FindAsync(context, tenant.Id) is { } session)
        {
            var role = await roles.FindAsync(tenant.Id, session.User.Id.Value, ct);
            return Results.Redirect(context.Request.PathBase + (role >= Role.Auditor ? "/console" : "/account"));
        }

        // Where nobody can sign in yet, a sign-in form would be a dead end.
        return tenant.IsDefault && await setup.FindAsync(ct) is not null
            ? new Page<NotSetUpCard>()
            : Results.Redirect($"{context.Request.PathBase}/sign-in");
    }
}
