using Signet.Platform.Jobs;
using Signet.Platform.Outbox;

namespace Signet.Server.Federation;

/// <summary>What there is of trust marks.</summary>
internal static class TrustMarkRoutes
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(new FederationEndpoint("federation_trust_mark_endpoint", ServeMarks.MarkPath));
        services.AddSingleton(new FederationEndpoint("federation_trust_mark_list_endpoint", ServeMarks.ListPath));
        services.AddSingleton(new FederationEndpoint("federation_trust_mark_status_endpoint", ServeMarks.StatusPath));
        services.AddSingleton<MarkIssuers>();
        services.AddSingleton<SetMarkType>();
        services.AddSingleton<DelegateMarkType>();
        services.AddSingleton<IssueMark>();
        services.AddSingleton<ChangeMark>();
        services.AddSingleton<DecideMarkRequest>();
        services.AddSingleton<ShowOwnMark>();
        services.AddSingleton<RenewMarks>();
        services.AddSingleton(new Schedule(RenewMarks.Job, "*/5 * * * *", RenewMarks.Job));
        services.OnJob<ScheduledRun>(RenewMarks.Job, (scope, _, _, ct) => scope.GetRequiredService<RenewMarks>().RunAsync(Origin.OfWorker("federation", RenewMarks.Job), ct));
    }

    public static void Map(RouteGroups groups)
    {
        var types = groups.Management.MapGroup("/trustmarktypes").WithTags("Trust marks");
        ListMarkTypes.Map(types);
        SetMarkType.Map(types);
        DelegateMarkType.Map(types);
        var marks = groups.Management.MapGroup("/trustmarks").WithTags("Trust marks");
        ListMarks.Map(marks);
        IssueMark.Map(marks);
        ChangeMark.Map(marks);
        DecideMarkRequest.Map(groups.Management.MapGroup("/federation/trust-mark-requests").WithTags("Trust marks"));
        ShowOwnMark.Map(groups.Management.MapGroup("/federation/own-trust-marks").WithTags("Trust marks"));
        ServeMarks.Map(groups.Protocol);
    }
}
