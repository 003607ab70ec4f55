using Signet.Platform.Data;
using Signet.Server.Agents;

namespace Signet.Server.Workloads;

public static class WorkloadsModule
{
    public static void AddWorkloads(this IServiceCollection services)
    {
        RowTypes.AddId<TrustPolicyId>();
        services.AddSingleton<TrustDirectory>();
        services.AddSingleton<IssuerKeys>();
        services.AddSingleton<VerifyWorkload>();
        services.AddSingleton<CreateTrustPolicy>();
        services.AddSingleton<UpdateTrustPolicy>();
        services.AddSingleton<BootstrapTokens>();
        services.AddSingleton<RegisterWorkload>();
    }

    public static void MapWorkloads(RouteGroups groups)
    {
        var policies = groups.Management.MapGroup("/trust-policies").WithTags("Agents").WithMetadata(AgentErrors.Shape);
        ListTrustPolicies.Map(policies);
        CreateTrustPolicy.Map(policies);
        UpdateTrustPolicy.Map(policies);
        RegisterWorkload.Map(groups.Protocol);
    }
}
