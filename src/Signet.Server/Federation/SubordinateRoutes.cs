using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox;

namespace Signet.Server.Federation;

/// <summary>What there is of subordinates.</summary>
internal static class SubordinateRoutes
{
    public static void Add(IServiceCollection services)
    {
        RowTypes.AddId<SubordinateId>();
        services.AddSingleton(new FederationEndpoint("federation_fetch_endpoint", ServeSubordinates.FetchPath));
        services.AddSingleton(new FederationEndpoint("federation_list_endpoint", ServeSubordinates.ListPath));
        services.AddSingleton(new FederationEndpoint("federation_extended_list_endpoint", ServeSubordinates.ExtendedListPath));
        services.AddSingleton(new FederationEndpoint("federation_subordinate_events_endpoint", ServeSubordinates.EventsPath));
        services.AddSingleton<FetchStatements>();
        services.AddSingleton<Superiors>();
        services.AddSingleton<LookAtEntity>();
        services.AddSingleton<EnrolSubordinate>();
        services.AddSingleton<ChangeSubordinate>();
        services.AddSingleton<RenewSubordinates>();
        services.AddSingleton(new Schedule(RenewSubordinates.Job, "*/5 * * * *", RenewSubordinates.Job));
        services.OnJob<ScheduledRun>(RenewSubordinates.Job, (scope, _, _, ct) => scope.GetRequiredService<RenewSubordinates>().RunAsync(Origin.OfWorker("federation", RenewSubordinates.Job), ct));
    }

    public static void Map(RouteGroups groups)
    {
        var subordinates = groups.Management.MapGroup("/subordinates").WithTags("Subordinates");
        ListSubordinates.Map(subordinates);
        EnrolSubordinate.Map(subordinates);
        ChangeSubordinate.Map(subordinates);
        RenewSubordinates.Map(subordinates);
        ServeSubordinates.Map(groups.Protocol);
    }
}
