using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Audit;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>All that an agent did and that was done to it, newest first, a page at a time.</summary>
internal static class AgentTimelinePages
{
    private const int PageSize = 50;

    public static void Map(RouteGroupBuilder timeline) => timeline.MapGet("", ShowAsync).Requires(Permission.ReadAudit);

    private static async Task<IResult> ShowAsync(
        AgentId id, HttpContext context, Actor actor, Db db, AgentDirectory directory, AuditNames names, CancellationToken ct)
    {
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } agent)
        {
            return AgentProblems.NotFound;
        }

        var query = TableQuery.From(context.Request, "action", "outcome");
        Outcome? outcome = SnakeCase.TryParse<Outcome>(query.Facet("outcome"), out var named) ? named : null;
        Guid? before = Guid.TryParse(query.After, out var cursor) ? cursor : null;
        var page = await ListAudit.RunAsync(
            db, actor.Tenant, new ListAudit.Filter(query.Facet("action"), outcome, Agent: id.ToString()), before, PageSize, ct);
        return new Page<AgentTimelinePage>(new
        {
            Agent = agent,
            page.Entries,
            Next = page.Next?.ToString(),
            Query = query,
            Names = await names.OfAsync(actor.Tenant, page.Entries, ct),
        });
    }
}
