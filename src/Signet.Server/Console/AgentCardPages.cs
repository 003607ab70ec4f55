using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.AgentCards;
using Signet.Server.Agents;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>The card of an agent: writing it, publishing it, taking it back.</summary>
internal static class AgentCardPages
{
    public static void Map(RouteGroupBuilder card)
    {
        card.MapGet("", (AgentId id, HttpContext context, CancellationToken ct) => ShowAsync(context, id, null, null, ct)).Requires(Permission.ManageAgents);
        card.MapPost("", SetAsync).Requires(Permission.ManageAgents);
        card.MapPost("/publish", (AgentId id, HttpContext context, SetCard set, CancellationToken ct) =>
            AnswerAsync(context, id, (tenant, origin) => set.PublishAsync(tenant, origin, id, true, ct), "card-published", ct)).Requires(Permission.ManageAgents);
        card.MapPost("/withdraw", (AgentId id, HttpContext context, SetCard set, CancellationToken ct) =>
            AnswerAsync(context, id, (tenant, origin) => set.PublishAsync(tenant, origin, id, false, ct), "card-withdrawn", ct)).Requires(Permission.ManageAgents);
        card.MapPost("/remove", (AgentId id, HttpContext context, SetCard set, CancellationToken ct) =>
            AnswerAsync(context, id, (tenant, origin) => set.RemoveAsync(tenant, origin, id, ct), "card-removed", ct)).Requires(Permission.ManageAgents);
    }

    /// <summary>What the agent's own page shows of it; null where it has none.</summary>
    public static async Task<CardView?> FindAsync(HttpContext context, Agent agent, CancellationToken ct)
    {
        var (tenant, services) = (context.Features.Get<Tenant>()!, context.RequestServices);
        return await services.GetRequiredService<CardDirectory>().FindAsync(tenant.Id, agent.Id, ct) is { } card
            ? CardView.Of(tenant, agent, card, services.GetRequiredService<TimeProvider>().GetUtcNow())
            : null;
    }

    private static async Task<IResult> ShowAsync(HttpContext context, AgentId id, AgentCardForm? form, Problem? refusal, CancellationToken ct)
    {
        var (tenant, services) = (context.Features.Get<Actor>()!.Tenant, context.RequestServices);
        if (await services.GetRequiredService<AgentDirectory>().FindAsync(tenant, id, ct) is not { } agent)
        {
            return AgentProblems.NotFound;
        }

        var card = await services.GetRequiredService<CardDirectory>().FindAsync(tenant, id, ct);
        return new Page<AgentCardPage>(
            new { Agent = agent, Form = form ?? (card is null ? AgentCardForm.Of(agent) : AgentCardForm.Of(card)), IsNew = card is null, Errors = AgentCardForm.ErrorsOf(refusal) },
            refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> SetAsync(AgentId id, HttpContext context, Actor actor, Origin origin, SetCard set, CancellationToken ct)
    {
        var form = AgentCardForm.Read(await FormBody.ReadAsync(context.Request, ct));
        return await set.RunAsync(actor.Tenant, origin, id, form.ToContent(), form.Published, ct) is CardChange.Refused refused
            ? await ShowAsync(context, id, form, refused.Problem, ct)
            : Done.To(context, $"/console/agents/{id}", "saved");
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext context, AgentId id, Func<Platform.Data.TenantId, Origin, Task<CardChange>> change, string done, CancellationToken ct) =>
        await change(context.Features.Get<Actor>()!.Tenant, context.Features.Get<Origin>()!) is CardChange.Refused refused
            ? await AgentPageOf.ShowAsync(context, id, refused.Problem, ct)
            : Done.To(context, $"/console/agents/{id}", done);
}
