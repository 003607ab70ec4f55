using Signet.Platform.Data;
using Signet.Server.Audit;
using Signet.Server.Permissions;
using Signet.Server.Policy.AuthZen;
using Signet.Server.Settings;

namespace Signet.Server.Policy;

public static class PolicyModule
{
    public static void AddPolicy(this IServiceCollection services)
    {
        services.AddSingleton<PolicyMetrics>();
        services.AddSingleton(p => new PolicyDecisionPoint(
            p.GetRequiredService<HostSettings>(), p.GetRequiredService<PolicyMetrics>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<PolicyDecisionPoint>>()));
        services.AddSingleton(p => new ReloadPolicy(
            p.GetRequiredService<PolicyDecisionPoint>(), p.GetRequiredService<HostSettings>(), p.GetRequiredService<Db>(), p.GetRequiredService<AuditWriter>(),
            p.GetRequiredService<PolicyMetrics>(), p.GetRequiredService<Notifications>(), p.GetRequiredService<ILogger<ReloadPolicy>>()));
        services.AddSingleton<EvaluateAccess>();
        services.AddSingleton<TokenRule>(p => new GuardRoutes(p.GetRequiredService<PolicyDecisionPoint>(), p.GetRequiredService<AuditWriter>()).RunAsync);
    }

    /// <summary>Reads the policy, and hears of reloads from now on; comes after routing and before the gate.</summary>
    /// <exception cref="Platform.StartRefusedException">The policy can't be used.</exception>
    public static void UsePolicy(this WebApplication app)
    {
        app.Services.GetRequiredService<ReloadPolicy>();
        app.Use(CallerNamesRequest.RunAsync);
    }

    public static void MapPolicy(RouteGroups groups)
    {
        EvaluateAccess.Map(groups.Access);
        PublishConfiguration.Map(groups.Protocol);
        var policy = groups.Management.MapGroup("/policy").WithTags("Policy");
        ShowPolicy.Map(policy);
        ReloadPolicy.Map(policy);
    }
}
