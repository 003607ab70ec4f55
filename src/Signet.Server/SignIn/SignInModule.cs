using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox;
using Signet.Server.SignIn.Storage;

namespace Signet.Server.SignIn;

public static class SignInModule
{
    private const string PurgeJob = "sign_in.purge";

    public static void AddSignIn(this IServiceCollection services)
    {
        RowTypes.AddId<FlowId>();
        services.AddSingleton(new Schedule("sign_in.purge", "47 * * * *", PurgeJob));
        services.OnJob<ScheduledRun>(PurgeJob, (scope, _, _, ct) => scope.GetRequiredService<Db>().AcrossTenantsAsync(
            Origin.OfWorker("sign_in", PurgeJob), "purge of ended sign-in flows", tx => FlowRows.PurgeAsync(tx, tx.Now, ct), ct));
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
