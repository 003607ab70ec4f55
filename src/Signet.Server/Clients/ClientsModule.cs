using Signet.Platform.Data;

namespace Signet.Server.Clients;

public static class ClientsModule
{
    public static void AddClients(this IServiceCollection services)
    {
        RowTypes.AddId<ClientId>();
        services.AddSingleton<ClientDirectory>();
    }

    public static void MapClients(RouteGroups groups)
    {
        var clients = groups.Management.MapGroup("/clients").WithTags("Applications");
        ListClients.Map(clients);
        CreateClient.Map(clients);
        UpdateClient.Map(clients);
        RotateClientSecret.Map(clients);
        DeleteClient.Map(clients);
    }
}
