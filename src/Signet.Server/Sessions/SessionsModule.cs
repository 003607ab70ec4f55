using Signet.Platform.Data;
using Signet.Server.Permissions;

namespace Signet.Server.Sessions;

public static class SessionsModule
{
    public static void AddSessions(this IServiceCollection services)
    {
        RowTypes.AddId<SessionId>();
        services.AddSingleton<BrowserSessions>();
        services.AddSingleton<BeginSession>();
        services.AddSingleton<OwnSessions>();
        services.AddSingleton<ActorSource>(provider => provider.GetRequiredService<BrowserSessions>().ProveAsync);
    }

    public static void MapSessions(RouteGroups groups) => OwnSessions.Map(groups.Accounts.MapGroup("/auth").WithTags("Accounts"));
}
