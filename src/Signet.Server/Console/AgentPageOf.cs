using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Agents;
using Signet.Server.Audit;
using Signet.Server.Console.Pages;
using Signet.Server.Governance;
using Signet.Server.Permissions;
using Signet.Server.Ui;
using Signet.Server.Users;

namespace Signet.Server.Console;

/// <summary>
/// One agent as its page shows it. Each section of the page is a component with what it needs in one parameter: a further one (what it may do for whom, what
/// it spends) is read here and stands beside the others.
/// </summary>
internal static class AgentPageOf
{
    /// <summary>Entries read: of what it did and what was done to it, where the same in a row is one line.</summary>
    private const int Read = 30;

    private const int Shown = 12;

    public static async Task<IResult> ShowAsync(HttpContext context, AgentId id, Problem? refusal, CancellationToken ct, AgentForm? form = null)
    {
        var (actor, services) = (context.Features.Get<Actor>()!, context.RequestServices);
        var db = services.GetRequiredService<Db>();
        if (await services.GetRequiredService<AgentDirectory>().FindAsync(actor.Tenant, id, ct) is not { } agent)
        {
            return AgentProblems.NotFound;
        }

        var people = await AgentPeople.FindAsync(services.GetRequiredService<UserDirectory>(), agent, actor.Tenant, ct);
        return new Page<AgentPage>(
            new
            {
                Agent = agent,
                People = people,
                Blueprint = agent.Blueprint is { } made ? await services.GetRequiredService<BlueprintDirectory>().FindAsync(actor.Tenant, made, ct) : null,
                Credentials = actor.May(Permission.ManageAgents) ? await db.InTenantAsync(actor.Tenant, tx => ManageCredentials.FindAllAsync(tx, id, ct), ct) ?? [] : [],
                Delegations = await AgentDelegationPages.FindAsync(context, actor.Tenant, id, ct),
                Card = await AgentCardPages.FindAsync(context, agent, ct),
                Usage = await services.GetRequiredService<TokenBudget>().FindUsageAsync(actor.Tenant, agent, ct),
                Timeline = actor.May(Permission.ReadAudit) ? await TimelineAsync(context, db, actor.Tenant, id, ct) : [],
                Now = services.GetRequiredService<TimeProvider>().GetUtcNow(),
                Form = form ?? people.ToForm(agent),
                Refusal = form is null ? refusal : null,
                Errors = AgentForm.ErrorsOf(form is null ? null : refusal),
            },
            refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IReadOnlyList<Moment>> TimelineAsync(HttpContext context, Db db, TenantId tenant, AgentId id, CancellationToken ct)
    {
        var entries = (await ListAudit.RunAsync(db, tenant, new ListAudit.Filter(Agent: id.ToString()), null, Read, ct)).Entries;
        var names = await context.RequestServices.GetRequiredService<AuditNames>().OfAsync(tenant, entries, ct);
        // On its own page an agent's name at every line says nothing.
        var others = names.Where(name => name.Key != id.ToString()).ToDictionary();
        return [.. AuditWords.ToMoments(entries, others, context.Request.PathBase.Value ?? "").Take(Shown)];
    }
}
