using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox;
using Signet.Server.Clients;
using Signet.Server.Permissions;
using Signet.Server.Sessions;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

public static class OAuthModule
{
    private const string PurgeJob = "oauth.purge";

    public static void AddOAuth(this IServiceCollection services)
    {
        RowTypes.AddId<GrantId>();
        services.AddSingleton<OAuthMetrics>();
        services.AddSingleton<TokenStates>();
        services.AddSingleton<VerifyAccessToken>();
        services.AddSingleton<CheckDpop>();
        services.AddSingleton<AccessTokenActors>();
        services.AddSingleton<ActorSource>(provider => (context, _) =>
            provider.GetRequiredService<AccessTokenActors>().ProveAsync(context, context.Features.Get<Tenant>()!));
        services.AddSingleton<ChallengeRule>(ApiResource.Challenge);
        services.AddSingleton<IssueTokens>();
        services.AddSingleton<AuthenticateClient>();
        services.AddSingleton<ClientCredentialsGrant>();
        services.AddSingleton<AuthorizationCodeGrant>();
        services.AddSingleton<RefreshTokenGrant>();
        services.AddSingleton<TokenExchangeGrant>();
        services.AddSingleton<AuthenticateBackchannel>();
        services.AddSingleton<CibaGrant>();
        services.AddSingleton<RedeemWorkloadToken>();
        services.AddSingleton<AuthenticateCaller>();
        services.AddSingleton<DelegateToken>();
        services.AddSingleton<IdTokenHints>();
        services.AddSingleton<IssueCode>();
        services.AddSingleton<Authorize>();
        services.AddSingleton<Logout>();
        services.AddSingleton<IntrospectToken>();
        services.AddSingleton<RevokeToken>();
        services.AddSingleton<EndLeakedSecret>();
        services.AddSingleton<UserInfo>();
        services.AddSingleton(new Schedule("oauth.purge", "23 * * * *", PurgeJob));
        services.OnJob<ScheduledRun>(PurgeJob, (scope, _, _, ct) =>
            PurgeOAuth.RunAsync(scope.GetRequiredService<Db>(), Origin.OfWorker("oauth", PurgeJob), ct));
        services.OnEvent<UserDeactivated>("oauth.user_deactivated", (scope, news, ct) =>
            OnEvents.UserDeactivatedAsync(scope.GetRequiredService<Db>(), news.Tenant, news.Event.User, ct));
        services.OnEvent<UserDeleted>("oauth.user_deleted", (scope, news, ct) =>
            OnEvents.UserDeactivatedAsync(scope.GetRequiredService<Db>(), news.Tenant, news.Event.User, ct));
        services.OnEvent<ClientDeleted>("oauth.client_deleted", (scope, news, ct) =>
            OnEvents.ClientDeletedAsync(scope.GetRequiredService<Db>(), news.Tenant, news.Event.Client, ct));
        services.OnEvent<SessionEnded>("oauth.session_ended", (scope, news, ct) =>
            OnEvents.SessionEndedAsync(scope.GetRequiredService<Db>(), news.Tenant, [news.Event.Session], ct));
        services.OnEvent<SessionsEnded>("oauth.sessions_ended", (scope, news, ct) => OnEvents.SessionEndedAsync(
            scope.GetRequiredService<Db>(), news.Tenant, [.. news.Event.Sessions.Select(id => new SessionId(Guid.Parse(id)))], ct));
    }

    public static void MapOAuth(RouteGroups groups)
    {
        Discovery.Map(groups.Protocol);
        PublishResource.Map(groups.Protocol);
        Authorize.Map(groups.Protocol);
        TokenEndpoint.Map(groups.Protocol);
        AuthenticateBackchannel.Map(groups.Protocol);
        RedeemWorkloadToken.Map(groups.Protocol);
        DelegateToken.Map(groups.Protocol);
        IntrospectToken.Map(groups.Protocol);
        RevokeToken.Map(groups.Protocol);
        ReportLeakedSecrets.Map(groups.Management);
        UserInfo.Map(groups.Protocol);
        Logout.Map(groups.Protocol, groups.Interaction);
        ConsentPage.Map(groups.Interaction);
    }
}
