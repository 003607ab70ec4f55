using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Approvals;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.Ui;
using Signet.Server.Users;

namespace Signet.Server.Console;

/// <summary>What agents asked people to approve, of the whole tenant. Who manages agents may take one back; nobody here may answer for another.</summary>
internal static class ApprovalPages
{
    private const int PageSize = 50;

    public static void Map(RouteGroupBuilder approvals)
    {
        approvals.MapGet("", ListAsync).Requires(Permission.ReadAgents);
        approvals.MapPost("/{id}/cancel", CancelAsync).Requires(Permission.ManageAgents);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, Actor actor, ShowApprovals show, AgentDirectory agents, UserDirectory users, TimeProvider time, CancellationToken ct)
    {
        var query = TableQuery.From(context.Request, "state");
        ApprovalId? before = ApprovalId.TryParse(query.After, null, out var cursor) ? cursor : null;
        var rows = await show.ListAsync(actor.Tenant, null, null, query.Facet("state") == "open", before, PageSize + 1, ct);
        List<ShownApproval> shown = [];
        foreach (var row in rows.Take(PageSize))
        {
            shown.Add(new ShownApproval(
                row, (await agents.FindAsync(actor.Tenant, row.AgentId, ct))?.Email ?? row.AgentId.ToString(),
                (await users.FindAsync(actor.Tenant, row.UserId, ct))?.Name ?? "Nobody any more"));
        }

        return new Page<ApprovalsPage>(new
        {
            Approvals = shown,
            Next = rows.Count > PageSize ? rows[PageSize - 1].ApprovalId.ToString() : null,
            Query = query,
            Now = time.GetUtcNow(),
        });
    }

    private static async Task<IResult> CancelAsync(
        ApprovalId id, HttpContext context, Actor actor, Origin origin, CancelApproval cancel, CancellationToken ct) =>
        await cancel.RunAsync(actor.Tenant, origin, id, null, null, "cancelled", ct)
            ? Done.To(context, "/console/approvals", "approval-cancelled")
            : ApprovalProblems.NotFound;
}

/// <summary>An approval with the names of who asks and who is asked.</summary>
public sealed record ShownApproval(Approval Approval, string Agent, string Person);
