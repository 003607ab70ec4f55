namespace Signet.Server.Setup;

public static class SetupModule
{
    public static void AddSetup(this IServiceCollection services)
    {
        services.AddSingleton<SetupToken>();
        services.AddSingleton<MakeFirstAdministrator>();
    }

    public static void MapSetup(RouteGroups groups)
    {
        Home.Map(groups.Interaction);
        SetupPages.Map(groups.Interaction);
    }
}
