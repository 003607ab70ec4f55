using Signet.Platform.Data;

namespace Signet.Server.Tenants;

public static class TenantsModule
{
    public static void AddTenants(this IServiceCollection services)
    {
        RowTypes.AddId<TenantId>();
        services.AddSingleton<TenantDirectory>();
        services.AddSingleton<TenantSettingsDirectory>();
    }

    public static void MapTenants(RouteGroups groups) => ServeBrand.Map(groups.Protocol);
}
