using Signet.Platform.Crypto;

namespace Signet.Server.Secrets;

public static class SecretsModule
{
    /// <summary>Wants a <see cref="BootstrapSecrets"/> among the services; the host loads it before anything else.</summary>
    public static void AddSecrets(this IServiceCollection services)
    {
        services.AddSingleton<DerivedKeys>();
        services.AddSingleton<SecretHash>();
        services.AddSingleton<BlindIndex>();
        services.AddSingleton<DataKeys>();
        services.AddSingleton<FieldCipher>();
        services.AddSingleton<CheckSecrets>();
        services.AddSingleton<TenantRotation>();
        services.AddSingleton<RotateSecrets>();
    }

    /// <summary>For a module's own column that <see cref="FieldCipher"/> fills.</summary>
    public static void AddEncryptedColumn(this IServiceCollection services, EncryptedColumn column) => services.AddSingleton(column);
}
