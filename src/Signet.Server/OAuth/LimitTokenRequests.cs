using System.Globalization;
using Signet.Server.Clients;
using Signet.Server.Limits;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>
/// Holds each agent, and each application with a secret, to the requests a minute its tenant allows. Counted once it has shown who it is: an id alone, which
/// anybody may name, uses nothing up.
/// </summary>
internal static class LimitTokenRequests
{
    /// <summary>False after the refusal has been written.</summary>
    public static async ValueTask<bool> RunAsync(HttpContext context, Tenant tenant, Client client)
    {
        var services = context.RequestServices;
        if (client.Kind is not ClientKind.Confidential
            || (await services.GetRequiredService<TenantSettingsDirectory>().FindAsync(tenant.Id, context.RequestAborted)).Limits.RequestsAMinute is not { } most
            || await services.GetRequiredService<RequestLimits>().RefuseAsync(
                LimitRules.TokenRequestsByClient(most), tenant.Id, client.IdText, context.RequestAborted) is not { } pause)
        {
            return true;
        }

        var headers = context.Response.Headers;
        headers["RateLimit-Limit"] = most.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = "0";
        headers["RateLimit-Reset"] = Math.Max(1, (long)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        services.GetRequiredService<OAuthMetrics>().Refused("rate_limited");
        await OAuthAnswer.WriteAsync(context, new ClientCheck.TooMany(pause));
        return false;
    }
}
