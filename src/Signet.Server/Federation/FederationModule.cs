using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Server.Secrets;

namespace Signet.Server.Federation;

public static class FederationModule
{
    public static void AddFederation(this IServiceCollection services)
    {
        services.AddEncryptedColumn(FederationKeySeal.PrivateJwk);
        services.AddSingleton(new FederationEndpoint("federation_historical_keys_endpoint", ServeConfiguration.HistoricalKeysPath));
        services.AddSingleton(provider => new FederationKeySeal(provider.GetRequiredService<FieldCipher>()));
        services.AddSingleton(provider => new FederationKeyRings(
            provider.GetRequiredService<Db>(), provider.GetRequiredService<FederationKeySeal>(),
            provider.GetRequiredService<Notifications>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<FederationDirectory>();
        services.AddSingleton<StatementShelf>();
        services.AddSingleton<WriteConfiguration>();
        services.AddSingleton(provider => new MoveFederationKeys(
            provider.GetRequiredService<FederationKeySeal>(), provider.GetRequiredService<WriteConfiguration>()));
        services.AddSingleton<ChangeEntity>();
        services.AddSingleton<KeepFederation>();
        services.AddSingleton(new Schedule(KeepFederation.JobKind, "*/10 * * * *", KeepFederation.JobKind));
        services.OnJob<ScheduledRun>(KeepFederation.JobKind, (scope, _, _, ct) => scope.GetRequiredService<KeepFederation>().RunAsync(ct));
        TrustMarkRoutes.Add(services);
        SubordinateRoutes.Add(services);
    }

    public static void MapFederation(RouteGroups groups)
    {
        var federation = groups.Management.MapGroup("/federation").WithTags("Federation");
        ChangeEntity.Map(federation);
        ManageFederationKeys.Map(federation);
        TryMetadataPolicy.Map(federation);
        TrustMarkRoutes.Map(groups);
        SubordinateRoutes.Map(groups);
        ServeConfiguration.Map(groups.Protocol);
    }
}
