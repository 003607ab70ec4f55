using Signet.Platform.Data;

namespace Signet.Server.SignIn;

public static class SignInModule
{
    public static void AddSignIn(this IServiceCollection services)
    {
        RowTypes.AddId<FlowId>();
        services.AddSingleton<SignInFlows>();
        services.AddSingleton<SignInWithPassword>();
        services.AddSingleton<RegisterAccount>();
    }

    public static void MapSignIn(RouteGroups groups)
    {
        SignInPages.Map(groups.Interaction);
        AuthApi.Map(groups.Accounts.MapGroup("/auth").WithTags("Accounts"));
    }
}
