using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Permissions;
using Signet.Server.SignIn;

namespace Signet.Server.Console;

/// <summary>What an agent may use in a month.</summary>
internal static class AgentBudgetPages
{
    public static void Map(RouteGroupBuilder agent) => agent.MapPost("/budget", SetAsync).Requires(Permission.ManageAgents);

    private static async Task<IResult> SetAsync(AgentId id, HttpContext context, Actor actor, Origin origin, UpdateAgent update, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var request = new UpdateAgent.Request { MonthlyTokens = new Given<int>(AgentLimitsForm.NumberOf(FormText.Of(form, "monthly_tokens"))) };
        return await update.RunAsync(actor.Tenant, origin, id, request, actor, ct) is not AgentChange.Refused refused
            ? Done.To(context, $"/console/agents/{id}", "saved")
            : await AgentPageOf.ShowAsync(context, id, refused.Problem, ct);
    }
}
