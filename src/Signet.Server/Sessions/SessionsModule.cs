using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Users;

namespace Signet.Server.Sessions;

public static class SessionsModule
{
    private const string PurgeJob = "sessions.purge";

    public static void AddSessions(this IServiceCollection services)
    {
        RowTypes.AddId<SessionId>();
        services.AddSingleton<BrowserSessions>();
        services.AddSingleton<BeginSession>();
        services.AddSingleton<OwnSessions>();
        services.AddSingleton(new Schedule("sessions.purge", "37 * * * *", PurgeJob));
        services.OnJob<ScheduledRun>(PurgeJob, (scope, _, _, ct) => PurgeSessions.RunAsync(scope.GetRequiredService<Db>(), ct));
        services.OnEvent<UserDeactivated>("sessions.user_deactivated", (scope, news, ct) =>
            scope.GetRequiredService<Db>().InTenantAsync(
                news.Tenant, tx => EndSession.RunForAllAsync(tx, Origin.OfWorker("sessions", news.Origin.RequestId), news.Event.User, null, ct), ct));
        services.AddSingleton<ActorSource>(provider => provider.GetRequiredService<BrowserSessions>().ProveAsync);
    }

    public static void MapSessions(RouteGroups groups) => OwnSessions.Map(groups.Accounts.MapGroup("/auth").WithTags("Accounts"));
}
