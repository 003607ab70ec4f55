using Signet.Platform.Data;

namespace Signet.Server.Permissions;

public static class PermissionsModule
{
    public static void AddPermissions(this IServiceCollection services)
    {
        RowTypes.AddId<ApiKeyId>();
        services.AddHostedService<RequireRequirements>();
        services.AddSingleton<RoleDirectory>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<ActorSource>(provider => provider.GetRequiredService<ApiKeys>().ProveAsync);
    }

    public static void MapPermissions(RouteGroups groups)
    {
        ManageRoles.Map(groups.Management);
        var keys = groups.Management.MapGroup("/api-keys").WithTags("API keys");
        ListApiKeys.Map(keys);
        CreateApiKey.Map(keys);
        RevokeApiKey.Map(keys);
    }
}
