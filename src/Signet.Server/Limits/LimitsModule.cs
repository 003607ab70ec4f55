namespace Signet.Server.Limits;

public static class LimitsModule
{
    public static void AddLimits(this IServiceCollection services) => services.AddSingleton<RequestLimits>();
}
