namespace Signet.Server.Consent;

public static class ConsentModule
{
    public static void AddConsent(this IServiceCollection services) => services.AddSingleton<ConsentRecord>();
}
