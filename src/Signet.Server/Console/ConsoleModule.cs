namespace Signet.Server.Console;

public static class ConsoleModule
{
    public static void AddConsole(this IServiceCollection services)
    {
    }

    public static void MapConsole(RouteGroups groups)
    {
    }
}
