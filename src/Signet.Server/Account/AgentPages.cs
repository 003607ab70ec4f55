using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Account.Pages;
using Signet.Server.Agents;
using Signet.Server.Delegations;
using Signet.Server.OAuth;
using Signet.Server.Permissions;
using Signet.Server.Sessions;
using Signet.Server.Tenants;
using Signet.Server.Ui;
using Signet.Server.Users;

namespace Signet.Server.Account;

/// <summary>Agents that ask to act for a person, and those that may: what each may do, until when, and the way to take it back.</summary>
public static class AgentPages
{
    private const string Path = "/account/agents";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, ListAsync).Requires(Permission.ManageOwnAccount);
        pages.MapPost(Path + "/{id}/withdraw", WithdrawAsync).Requires(Permission.ManageOwnAccount);
        pages.MapPost(Path + "/{id}/attest", AttestAsync).Requires(Permission.ManageOwnAccount);
        pages.MapGet(Path + "/requests/{id}", AskAsync).Requires(Permission.ManageOwnAccount);
        pages.MapPost(Path + "/requests/{id}", DecideAsync).Requires(Permission.ManageOwnAccount);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, Tenant tenant, BrowserSessions sessions, AgentConsents consents, AgentDirectory agents, UserDirectory users, Db db, TimeProvider time,
        CancellationToken ct)
    {
        if (await sessions.FindAsync(context, tenant.Id) is not { } session)
        {
            return PermissionProblems.AuthenticationRequired;
        }

        var own = await consents.ListOfUserAsync(tenant.Id, session.User.Id, ct);
        var answersFor = await ListAgents.OwnedAsync(db, tenant.Id, session.User.Id, ct);
        var others = answersFor.Count == 0 ? [] : await consents.ListOfAgentsAsync(tenant.Id, answersFor, ct);
        return new Page<AgentsCard>(new
        {
            Email = session.User.Email.Value,
            Own = await DescribeAsync(tenant, own, agents, users, ct),
            Others = await DescribeAsync(tenant, others.Where(consent => consent.UserId != session.User.Id), agents, users, ct),
            // Those that wait for this person's word first.
            Answered = (await ListAgents.OfPersonAsync(db, tenant.Id, session.User.Id, ct)).OrderBy(agent => agent.AttestedUntil ?? DateTimeOffset.MaxValue).ToList(),
            Now = time.GetUtcNow(),
            Done = context.Request.Query["done"].ToString(),
        });
    }

    private static async Task<IResult> AttestAsync(AgentId id, HttpContext context, Actor actor, Origin origin, AttestAgent attest, CancellationToken ct) =>
        await attest.RunAsync(actor.Tenant, origin, id, actor, ct) switch
        {
            AgentChange.Done { Agent: var agent } => Results.Redirect(
                $"{context.Request.PathBase}{Path}?done={(agent.State is AgentState.Active ? "attested" : "attested-stopped")}"),
            AgentChange.Refused refused => refused.Problem,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    // The person who gave it, and who answers for the agent, may.
    private static async Task<IResult> WithdrawAsync(
        ConsentId id, HttpContext context, Actor actor, Origin origin, Db db, AgentConsents consents, AgentDirectory agents, CancellationToken ct)
    {
        var by = new UserId(actor.Id);
        if (await consents.FindLiveAsync(actor.Tenant, id, ct) is { } consent
            && (consent.UserId == by || (await agents.FindAsync(actor.Tenant, consent.AgentId, ct))?.Owner == by))
        {
            await db.InTenantAsync(actor.Tenant, tx => AgentConsents.WithdrawAsync(tx, origin, consent, ct), ct);
        }

        return Results.Redirect($"{context.Request.PathBase}{Path}?done=withdrawn");
    }

    private static async Task<IResult> AskAsync(
        ConsentRequestId id, HttpContext context, Tenant tenant, BrowserSessions sessions, RequestConsent requests, AgentDirectory agents, UserDirectory users,
        CancellationToken ct)
    {
        if (await sessions.FindAsync(context, tenant.Id) is not { } session)
        {
            return PermissionProblems.AuthenticationRequired;
        }

        if (await requests.FindWaitingAsync(tenant.Id, id, session.User.Id, ct) is not { } asked
            || await agents.FindAsync(tenant.Id, asked.AgentId, ct) is not { } agent)
        {
            return Gone(context);
        }

        return new Page<AgentConsentCard>(new
        {
            Action = $"{context.Request.PathBase}{Path}/requests/{id}",
            session.User.Email,
            NotYouHref = $"{context.Request.PathBase}/sign-out",
            Asked = asked,
            Agent = agent,
            Owner = (await users.FindAsync(tenant.Id, agent.Owner, ct))?.DisplayName ?? "nobody any more",
            Here = tenant.Origin,
        });
    }

    private static async Task<IResult> DecideAsync(ConsentRequestId id, HttpContext context, Actor actor, Origin origin, RequestConsent requests, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var allow = form["decision"] == "allow";
        return await requests.DecideAsync(actor.Tenant, origin, id, new UserId(actor.Id), allow, ct)
            ? Results.Redirect($"{context.Request.PathBase}{Path}?done={(allow ? "allowed" : "denied")}")
            : Gone(context);
    }

    private static Page<ErrorCard> Gone(HttpContext context) => new(new
    {
        Model = new ErrorModel(
            "There is nothing to decide here", "The agent's request was answered already, has run out, or is for somebody else.",
            "If the agent still needs your leave, it will ask again.")
        {
            ActionHref = $"{context.Request.PathBase}{Path}", ActionLabel = "Your agents",
        },
    }, StatusCodes.Status404NotFound);

    private static async Task<IReadOnlyList<AllowedAgent>> DescribeAsync(
        Tenant tenant, IEnumerable<AgentConsent> consents, AgentDirectory agents, UserDirectory users, CancellationToken ct)
    {
        List<AllowedAgent> described = [];
        foreach (var consent in consents)
        {
            if (await agents.FindAsync(tenant.Id, consent.AgentId, ct) is { } agent)
            {
                var person = await users.FindAsync(tenant.Id, consent.UserId, ct);
                described.Add(new AllowedAgent(
                    consent.ConsentId, agent.Email, person?.DisplayName ?? "", [.. ScopeWords.Of(consent.Scopes).Select(scope => scope.Title)], consent.ExpiresAt));
            }
        }

        return described;
    }
}

/// <summary>An agent that may act for a person.</summary>
/// <param name="Person">Who allowed it.</param>
public sealed record AllowedAgent(ConsentId Consent, string Agent, string Person, IReadOnlyList<string> Words, DateTimeOffset EndsAt);
