using Signet.OpenIdFederation;
using Signet.Platform.Data;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>Our configuration (OIDFed §9) and the historical keys (OIDFed §8.7), as bytes signed ahead.</summary>
internal static class ServeConfiguration
{
    public const string HistoricalKeysPath = "/historical_keys";

    public static void Map(RouteGroupBuilder protocol)
    {
        protocol.MapMethods("/.well-known/openid-federation", ["GET", "HEAD"], (HttpContext context, Tenant tenant) =>
            ServeAsync(context, tenant, StatementKind.Configuration, JwtTypes.EntityStatement));
        protocol.MapMethods(HistoricalKeysPath, ["GET", "HEAD"], (HttpContext context, Tenant tenant) =>
            ServeAsync(context, tenant, StatementKind.HistoricalKeys, JwtTypes.KeySet));
    }

    private static async Task ServeAsync(HttpContext context, Tenant tenant, StatementKind kind, string type)
    {
        var (services, ct) = (context.RequestServices, context.RequestAborted);
        if (await services.GetRequiredService<FederationDirectory>().FindAsync(tenant, ct) is null)
        {
            await FederationAnswer.RefuseNoEntityAsync(context);
            return;
        }

        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var shelf = services.GetRequiredService<StatementShelf>();
        var statement = await shelf.FindAsync(tenant.Id, kind, "", ct);
        if (statement is null || statement.ExpiresAt <= now)
        {
            // Nobody renewed it in time: what is served is in force all the same.
            await services.GetRequiredService<Db>().InTenantAsync(tenant.Id, tx => services.GetRequiredService<WriteConfiguration>().RunAsync(tx, tenant, ct), ct);
            statement = await shelf.FindAsync(tenant.Id, kind, "", ct);
        }

        await (statement is null || statement.ExpiresAt <= now
            ? FederationAnswer.RefuseAsync(context, FederationError.TemporarilyUnavailable("Nothing is signed yet. Ask again."))
            : FederationAnswer.SignedAsync(context, type, statement, now));
    }
}
