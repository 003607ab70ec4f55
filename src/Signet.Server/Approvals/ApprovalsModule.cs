using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Users;

namespace Signet.Server.Approvals;

public static class ApprovalsModule
{
    private const string ExpireJob = "approvals.expire";

    public static void AddApprovals(this IServiceCollection services)
    {
        RowTypes.AddId<ApprovalId>();
        services.AddSingleton<ApprovalMetrics>();
        services.AddSingleton<RequestApproval>();
        services.AddSingleton<DecideApproval>();
        services.AddSingleton<RedeemApproval>();
        services.AddSingleton<CancelApproval>();
        services.AddSingleton<ShowApprovals>();
        services.AddSingleton<ExpireApprovals>();
        services.AddSingleton(new Schedule(ExpireJob, "*/5 * * * *", ExpireJob));
        services.OnJob<ScheduledRun>(ExpireJob, (scope, _, _, ct) =>
            scope.GetRequiredService<ExpireApprovals>().RunAsync(Origin.OfWorker("approvals", ExpireJob), ct));
        services.OnEvent<UserDeactivated>("approvals.user_deactivated", (scope, news, ct) =>
            scope.GetRequiredService<CancelApproval>().EndAsync(news.Tenant, news.Event.User, ct));
        services.OnEvent<UserDeleted>("approvals.user_deleted", (scope, news, ct) =>
            scope.GetRequiredService<CancelApproval>().EndAsync(news.Tenant, news.Event.User, ct));
    }

    public static void MapApprovals(RouteGroups groups) =>
        ShowApprovals.Map(groups.Management.MapGroup("/agents").WithTags("Agents").WithMetadata(AgentErrors.Shape));
}
