using Signet.Platform.Data;
using Signet.Server.Agents;

namespace Signet.Server.Delegations;

public static class DelegationsModule
{
    public static void AddDelegations(this IServiceCollection services)
    {
        RowTypes.AddId<DelegationId>();
        RowTypes.AddId<ConsentId>();
        services.AddSingleton<DelegationRecord>();
    }

    public static void MapDelegations(RouteGroups groups)
    {
        var agents = groups.Management.MapGroup("/agents").WithTags("Agents").WithMetadata(AgentErrors.Shape);
        ShowDelegations.Map(agents);
    }
}
