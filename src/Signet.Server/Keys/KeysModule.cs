using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Server.Secrets;
using Signet.Server.Tenants;

namespace Signet.Server.Keys;

public static class KeysModule
{
    public static void AddKeys(this IServiceCollection services)
    {
        services.AddEncryptedColumn(KeySeal.PrivateJwk);
        services.AddSingleton(provider => new KeySeal(provider.GetRequiredService<FieldCipher>()));
        services.AddSingleton(provider => new KeyRings(
            provider.GetRequiredService<Db>(), provider.GetRequiredService<KeySeal>(),
            provider.GetRequiredService<Notifications>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new MoveKeys(provider.GetRequiredService<KeySeal>()));
        services.AddSingleton(new Schedule("keys.move", "7 * * * *", MoveKeysOfAll.JobKind));
        services.OnJob<ScheduledRun>(MoveKeysOfAll.JobKind, (scope, _, _, ct) => MoveKeysOfAll.RunAsync(
            scope.GetRequiredService<Db>(), scope.GetRequiredService<TenantDirectory>(), scope.GetRequiredService<MoveKeys>(), ct));
    }

    public static void MapKeys(RouteGroups groups)
    {
        PublishKeys.Map(groups.Protocol);
        ManageKeys.Map(groups.Management);
    }
}
