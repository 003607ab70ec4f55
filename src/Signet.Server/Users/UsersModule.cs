using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Secrets;

namespace Signet.Server.Users;

public static class UsersModule
{
    public static void AddUsers(this IServiceCollection services)
    {
        RowTypes.AddId<UserId>();
        services.AddEncryptedColumn(UserSeal.Email);
        services.AddEncryptedColumn(UserSeal.DisplayName);
        services.AddSingleton(provider => new UserSeal(provider.GetRequiredService<FieldCipher>()));
        services.AddSingleton(provider => new UserDirectory(
            provider.GetRequiredService<Db>(), provider.GetRequiredService<UserSeal>(), provider.GetRequiredService<BlindIndex>(),
            provider.GetRequiredService<Notifications>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AddUser(
            provider.GetRequiredService<UserDirectory>(), provider.GetRequiredService<UserSeal>(), provider.GetRequiredService<BlindIndex>()));
        services.AddSingleton(provider => new UserEditor(provider.GetRequiredService<UserSeal>(), provider.GetRequiredService<BlindIndex>()));
        services.OnEvent<UserDeleted>("users.erase_subject", (scope, news, ct) => scope.GetRequiredService<Db>().InTenantAsync(
            news.Tenant, tx => EraseSubject.InAsync(tx, Origin.OfWorker("users", news.Origin.RequestId), news.Event.User.Value, ct), ct));
        services.AddSingleton<UserIsActive>(provider => async (tenant, user, ct) =>
            await provider.GetRequiredService<UserDirectory>().FindAsync(tenant, new UserId(user), ct) is { IsActive: true });
    }

    public static void MapUsers(RouteGroups groups)
    {
        var users = groups.Management.MapGroup("/users").WithTags("Users");
        ListUsers.Map(users);
        FindUser.Map(users);
        UpdateUser.Map(users);
        ChangeUserState.Map(users);
        DeleteUser.Map(users);
    }
}
