namespace Signet.Server.Account;

public static class AccountModule
{
    public static void AddAccount(this IServiceCollection services)
    {
    }

    public static void MapAccount(RouteGroups groups)
    {
        AccountPage.Map(groups.Interaction);
        AgentPages.Map(groups.Interaction);
        ApprovalPages.Map(groups.Interaction);
    }
}
