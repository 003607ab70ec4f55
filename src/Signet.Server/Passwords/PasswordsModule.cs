using Signet.Platform.Crypto;
using Signet.Server.Passwords.Hashing;
using Signet.Server.Secrets;

namespace Signet.Server.Passwords;

public static class PasswordsModule
{
    public static void AddPasswords(this IServiceCollection services)
    {
        services.AddEncryptedColumn(PasswordColumns.Hash);
        services.AddSingleton<PasswordMetrics>();
        services.AddSingleton(provider => new PasswordHashing(
            PasswordHashingOptions.For(Argon2Cost.Standard), provider.GetRequiredService<PasswordMetrics>()));
        services.AddSingleton<CheckPassword>();
        services.AddSingleton<SetPassword>();
        services.AddSingleton<CreateUser>();
    }

    public static void MapPasswords(RouteGroups groups) => CreateUser.Map(groups.Management.MapGroup("/users").WithTags("Users"));
}
