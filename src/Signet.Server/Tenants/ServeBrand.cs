using Signet.Platform.Http;
using Signet.Server.Ui;

namespace Signet.Server.Tenants;

/// <summary>The tenant's own colours, as a stylesheet of its own origin: the content security policy needs no exception for it.</summary>
public static class ServeBrand
{
    /// <summary>In the family of documents a tenant publishes: anybody may read it, and no browser token goes along.</summary>
    public static void Map(RouteGroupBuilder protocol) =>
        protocol.MapMethods(BrandStylesheet.Path, [HttpMethods.Get, HttpMethods.Head], HandleAsync);

    private static async Task HandleAsync(HttpContext context, Tenant tenant, TenantSettingsDirectory settings)
    {
        if ((await settings.FindAsync(tenant.Id, context.RequestAborted)).Stylesheet is { } stylesheet)
        {
            await stylesheet.ServeAsync(context);
        }
        else
        {
            await HttpProblems.NotFound.ExecuteAsync(context);
        }
    }
}
