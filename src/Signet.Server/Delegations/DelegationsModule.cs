using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Users;

namespace Signet.Server.Delegations;

public static class DelegationsModule
{
    public static void AddDelegations(this IServiceCollection services)
    {
        RowTypes.AddId<DelegationId>();
        RowTypes.AddId<ConsentId>();
        RowTypes.AddId<ConsentRequestId>();
        services.AddSingleton<AgentConsents>();
        services.AddSingleton<DelegationRecord>();
        services.AddSingleton<RequestConsent>();
        services.OnEvent<UserDeactivated>("delegations.user_deactivated", (scope, news, ct) => AgentConsents.EndAsync(scope.GetRequiredService<Db>(), news.Tenant, news.Event.User, ct));
        services.OnEvent<UserDeleted>("delegations.user_deleted", (scope, news, ct) => AgentConsents.EndAsync(scope.GetRequiredService<Db>(), news.Tenant, news.Event.User, ct));
    }

    public static void MapDelegations(RouteGroups groups)
    {
        var agents = groups.Management.MapGroup("/agents").WithTags("Agents").WithMetadata(AgentErrors.Shape);
        ShowDelegations.Map(agents);
        RequestConsent.Map(agents);
        WithdrawConsent.Map(agents);
    }
}
