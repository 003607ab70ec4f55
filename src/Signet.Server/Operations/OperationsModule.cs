namespace Signet.Server.Operations;

public static class OperationsModule
{
    public static void AddOperations(this IServiceCollection services)
    {
        services.AddSingleton<HealthProbes>();
        services.AddSingleton<ProvisionWithOwner>();
    }

    public static void MapOperations(RouteGroups groups)
    {
        Health.Map(groups.Probes);
        ManageJobs.Map(groups.Management);
        ManageTenants.Map(groups.Management);
        ManageTenantSettings.Map(groups.Management);
        Metrics.Map(groups.Probes);
    }
}
