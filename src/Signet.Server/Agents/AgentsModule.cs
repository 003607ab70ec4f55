using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox;

namespace Signet.Server.Agents;

public static class AgentsModule
{
    public static void AddAgents(this IServiceCollection services)
    {
        RowTypes.AddId<AgentId>();
        RowTypes.AddId<CredentialId>();
        RowTypes.AddId<BlueprintId>();
        RowTypes.AddId<AuthorityId>();
        services.AddSingleton<AgentMetrics>();
        services.AddSingleton<AgentDirectory>();
        services.AddSingleton<RemoteKeys>();
        services.AddSingleton<AgentAssertions>();
        services.AddSingleton<AuthorityDirectory>();
        services.AddSingleton<AgentCertificates>();
        services.AddSingleton<CredentialUses>();
        services.AddHostedService(provider => provider.GetRequiredService<CredentialUses>());
        services.AddSingleton<ExplainRefusal>();
        services.AddSingleton<TokenBudget>();
        services.AddHostedService(provider => provider.GetRequiredService<TokenBudget>());
        services.AddSingleton<MakeCredential>();
        services.AddSingleton<ProveSecret>();
        services.AddSingleton<RotateCredential>();
        services.AddSingleton<Vault>();
        services.AddSingleton<VaultMetrics>();
        services.OnEvent<CredentialRevoked>("agents.destroy_secret", (scope, news, ct) => DestroySecret.OfRevokedAsync(
            scope.GetRequiredService<Db>(), scope.GetRequiredService<Vault>(), news.Tenant, news.Event.Agent, news.Event.Credential, ct));
        services.OnJob<DestroySecret.Leftover>(DestroySecret.TidyJob, (scope, job, leftover, ct) => DestroySecret.OfLeftoverAsync(
            scope.GetRequiredService<Db>(), scope.GetRequiredService<Vault>(), job.TenantId, leftover, ct));
        services.AddSingleton<RegisterAgent>();
        services.AddSingleton<UpdateAgent>();
        services.AddSingleton<TransferAgents>();
        services.AddSingleton<AttestAgent>();
    }

    public static void MapAgents(RouteGroups groups)
    {
        var agents = groups.Management.MapGroup("/agents").WithTags("Agents").WithMetadata(AgentErrors.Shape);
        ListAgents.Map(agents);
        RegisterAgent.Map(agents);
        StopAgents.Map(agents);
        TransferAgents.Map(agents);
        UpdateAgent.Map(agents);
        AttestAgent.Map(agents);
        ManageCredentials.Map(agents);
        ManageAuthorities.Map(groups.Management.MapGroup("/certificate-authorities").WithTags("Agents").WithMetadata(AgentErrors.Shape));
    }
}
