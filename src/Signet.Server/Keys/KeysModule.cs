using Signet.Platform.Data;
using Signet.Server.Secrets;

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
    }

    public static void MapKeys(RouteGroups groups)
    {
        PublishKeys.Map(groups.Protocol);
        ManageKeys.Map(groups.Management);
    }
}
