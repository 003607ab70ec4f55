using Signet.Platform.Data;

namespace Signet.Server.Agents;

public static class AgentsModule
{
    public static void AddAgents(this IServiceCollection services)
    {
        RowTypes.AddId<AgentId>();
        RowTypes.AddId<CredentialId>();
        services.AddSingleton<AgentMetrics>();
        services.AddSingleton<AgentDirectory>();
        services.AddSingleton<RemoteKeys>();
        services.AddSingleton<AgentAssertions>();
        services.AddSingleton<CredentialUses>();
        services.AddHostedService(provider => provider.GetRequiredService<CredentialUses>());
        services.AddSingleton<ExplainRefusal>();
        services.AddSingleton<TokenBudget>();
        services.AddHostedService(provider => provider.GetRequiredService<TokenBudget>());
        services.AddSingleton<MakeCredential>();
        services.AddSingleton<RegisterAgent>();
        services.AddSingleton<UpdateAgent>();
        services.AddSingleton<TransferAgents>();
    }

    public static void MapAgents(RouteGroups groups)
    {
        var agents = groups.Management.MapGroup("/agents").WithTags("Agents").WithMetadata(AgentErrors.Shape);
        ListAgents.Map(agents);
        RegisterAgent.Map(agents);
        StopAgents.Map(agents);
        TransferAgents.Map(agents);
        UpdateAgent.Map(agents);
        ManageCredentials.Map(agents);
    }
}
