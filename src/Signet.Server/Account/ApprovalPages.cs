using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Account.Pages;
using Signet.Server.Agents;
using Signet.Server.Approvals;
using Signet.Server.Permissions;
using Signet.Server.Sessions;
using Signet.Server.Tenants;
using Signet.Server.Ui;
using Signet.Server.Users;

namespace Signet.Server.Account;

/// <summary>Actions of agents that wait for this person's word, and those they decided lately.</summary>
public static class ApprovalPages
{
    private const string Path = "/account/approvals";
    private const int Most = 50;

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, ListAsync).Requires(Permission.ManageOwnAccount);
        pages.MapGet(Path + "/{id}", AskAsync).Requires(Permission.ManageOwnAccount);
        pages.MapPost(Path + "/{id}", DecideAsync).Requires(Permission.ManageOwnAccount);
        pages.MapPost(Path + "/{id}/withdraw", WithdrawAsync).Requires(Permission.ManageOwnAccount);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, Tenant tenant, BrowserSessions sessions, ShowApprovals show, AgentDirectory agents, TimeProvider time, CancellationToken ct)
    {
        if (await sessions.FindAsync(context, tenant.Id) is not { } session)
        {
            return PermissionProblems.AuthenticationRequired;
        }

        List<AskedAction> asked = [];
        foreach (var approval in await show.ListAsync(tenant.Id, null, session.User.Id, openOnly: false, null, Most, ct))
        {
            asked.Add(new AskedAction(approval, (await agents.FindAsync(tenant.Id, approval.AgentId, ct))?.Email ?? approval.AgentId.ToString()));
        }

        return new Page<ApprovalsCard>(new
        {
            Email = session.User.Email.Value,
            Asked = asked,
            Now = time.GetUtcNow(),
            Done = context.Request.Query["done"].ToString(),
        });
    }

    private static async Task<IResult> AskAsync(
        ApprovalId id, HttpContext context, Tenant tenant, Actor actor, BrowserSessions sessions, DecideApproval decide, UserDirectory users, CancellationToken ct)
    {
        if (await sessions.FindAsync(context, tenant.Id) is not { } session)
        {
            return PermissionProblems.AuthenticationRequired;
        }

        return await decide.FindWaitingAsync(tenant.Id, id, session.User.Id, ct) is var (asked, agent)
            ? await ShowAsync(context, tenant, session, users, asked, agent, AgentScopes.MayGive(actor, asked.Scopes), StatusCodes.Status200OK, ct)
            : Gone(context);
    }

    private static async Task<IResult> DecideAsync(
        ApprovalId id, HttpContext context, Tenant tenant, Actor actor, Origin origin, BrowserSessions sessions, DecideApproval decide, UserDirectory users,
        CancellationToken ct)
    {
        if (await sessions.FindAsync(context, tenant.Id) is not { } session)
        {
            return PermissionProblems.AuthenticationRequired;
        }

        var allow = (await FormBody.ReadAsync(context.Request, ct))["decision"] == "allow";
        switch (await decide.RunAsync(actor, session, origin, id, allow, ct))
        {
            case ApprovalDecision.Taken:
                return Results.Redirect($"{context.Request.PathBase}{Path}?done={(allow ? "allowed" : "denied")}");
            case ApprovalDecision.BeyondYours when await decide.FindWaitingAsync(tenant.Id, id, session.User.Id, ct) is var (asked, agent):
                return await ShowAsync(context, tenant, session, users, asked, agent, mayAllow: false, StatusCodes.Status403Forbidden, ct);
            default:
                return Gone(context);
        }
    }

    private static async Task<IResult> WithdrawAsync(
        ApprovalId id, HttpContext context, Actor actor, Origin origin, CancelApproval cancel, CancellationToken ct)
    {
        await cancel.RunAsync(actor.Tenant, origin, id, null, new UserId(actor.Id), "withdrawn", ct);
        return Results.Redirect($"{context.Request.PathBase}{Path}?done=withdrawn");
    }

    private static async Task<IResult> ShowAsync(
        HttpContext context, Tenant tenant, Session session, UserDirectory users, Approval asked, Agent agent, bool mayAllow, int status, CancellationToken ct) =>
        new Page<ApprovalCard>(new
        {
            Action = $"{context.Request.PathBase}{Path}/{asked.ApprovalId}",
            session.User.Email,
            NotYouHref = $"{context.Request.PathBase}/sign-out",
            Asked = asked,
            Details = ActionDetail.Read(asked.Details),
            Agent = agent,
            Owner = (await users.FindAsync(tenant.Id, agent.Owner, ct))?.Name ?? "Nobody any more",
            Here = tenant.Origin,
            MayAllow = mayAllow,
        }, status);

    private static Page<ErrorCard> Gone(HttpContext context) => new(new
    {
        Model = new ErrorModel(
            "There is nothing to decide here", "The agent's request was answered already, has run out, or is for somebody else.",
            "If the agent still needs your approval, it will ask again.")
        {
            ActionHref = $"{context.Request.PathBase}{Path}", ActionLabel = "Actions to approve",
        },
    }, StatusCodes.Status404NotFound);
}

/// <summary>An action an agent asked a person to approve.</summary>
/// <param name="Agent">Its address.</param>
public sealed record AskedAction(Approval Approval, string Agent);
