using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Users;

namespace Signet.Server.Governance;

public static class GovernanceModule
{
    public static void AddGovernance(this IServiceCollection services)
    {
        services.AddSingleton<BlueprintDirectory>();
        services.AddSingleton<CreateBlueprint>();
        services.AddSingleton<UpdateBlueprint>();
        services.AddSingleton<RegisterInstance>();
        services.AddSingleton<ApplyBlueprint>();
        services.AddSingleton<GovernAgents>();
        services.AddSingleton(new Schedule(GovernAgents.Job, "23 * * * *", GovernAgents.Job));
        services.OnJob<ScheduledRun>(GovernAgents.Job, (scope, _, _, ct) => scope.GetRequiredService<GovernAgents>().RunAsync(ct));
        services.OnEvent<UserDeactivated>("governance.user_deactivated", (scope, news, ct) => LookAsync(scope, news.Tenant, news.Origin, news.Event.User, ct));
        services.OnEvent<UserDeleted>("governance.user_deleted", (scope, news, ct) => LookAsync(scope, news.Tenant, news.Origin, news.Event.User, ct));
        services.OnEvent<UserReactivated>("governance.user_reactivated", (scope, news, ct) => LookAsync(scope, news.Tenant, news.Origin, news.Event.User, ct));
    }

    public static void MapGovernance(RouteGroups groups)
    {
        var blueprints = groups.Management.MapGroup("/agent-blueprints").WithTags("Agents").WithMetadata(AgentErrors.Shape);
        ListBlueprints.Map(blueprints);
        CreateBlueprint.Map(blueprints);
        UpdateBlueprint.Map(blueprints);
        RegisterInstance.Map(blueprints);
        ApplyBlueprint.Map(blueprints);
    }

    private static Task LookAsync(IServiceProvider scope, TenantId tenant, Origin cause, UserId owner, CancellationToken ct) =>
        scope.GetRequiredService<GovernAgents>().LookAtOwnerAsync(tenant, Origin.OfWorker("governance", cause.RequestId), owner, ct);
}
