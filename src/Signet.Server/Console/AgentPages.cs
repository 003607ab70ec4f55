using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Console.Pages;
using Signet.Server.Governance;
using Signet.Server.Permissions;
using Signet.Server.SignIn;
using Signet.Server.Tenants;
using Signet.Server.Ui;
using Signet.Server.Users;

namespace Signet.Server.Console;

/// <summary>Agents: registering one, changing it, stopping it, and the kill switch. Credentials are <see cref="AgentCredentialPages"/>'.</summary>
internal static class AgentPages
{
    private const int PageSize = 50;

    /// <summary>How many blueprints the list can be narrowed to.</summary>
    private const int MostBlueprints = 30;

    /// <summary>How many people the list can be narrowed to.</summary>
    private const int MostOwners = 30;

    public static void Map(RouteGroupBuilder agents)
    {
        agents.MapGet("", ListAsync).Requires(Permission.ReadAgents);
        agents.MapGet("/new", NewAsync).Requires(Permission.ManageAgents);
        agents.MapPost("/new", RegisterAsync).Requires(Permission.ManageAgents);
        agents.MapPost("/kill-switch", StopAllAsync).Requires(Permission.ManageAgents);
        agents.MapGet("/{id}", (AgentId id, HttpContext context, CancellationToken ct) => AgentPageOf.ShowAsync(context, id, null, ct)).Requires(Permission.ReadAgents);
        agents.MapPost("/{id}", UpdateAsync).Requires(Permission.ManageAgents);
        agents.MapPost("/{id}/suspend", (AgentId id, HttpContext context, UpdateAgent update, CancellationToken ct) =>
            MoveAsync(context, update, id, AgentState.Suspended, "agent-suspended", ct)).Requires(Permission.ManageAgents);
        agents.MapPost("/{id}/resume", (AgentId id, HttpContext context, UpdateAgent update, CancellationToken ct) =>
            MoveAsync(context, update, id, AgentState.Active, "agent-resumed", ct)).Requires(Permission.ManageAgents);
        agents.MapPost("/{id}/attest", AttestAsync).Requires(Permission.ManageAgents);
        agents.MapPost("/{id}/decommission", DecommissionAsync).Requires(Permission.ManageAgents);
        agents.MapPost("/{id}/kill-switch", StopOwnersAsync).Requires(Permission.ManageAgents);
        agents.MapPost("/{id}/transfer", TransferAsync).Requires(Permission.ManageAgents);
        AgentDelegationPages.Map(agents.MapGroup("/{id}/delegations"));
        AgentTimelinePages.Map(agents.MapGroup("/{id}/timeline"));
        AgentBudgetPages.Map(agents.MapGroup("/{id}"));
        AgentCredentialPages.Map(agents.MapGroup("/{id}/credentials"));
        AgentCardPages.Map(agents.MapGroup("/{id}/card"));
    }

    private static Task<IResult> ListAsync(HttpContext context, CancellationToken ct) => ShowListAsync(context, null, ct);

    private static async Task<IResult> ShowListAsync(HttpContext context, Problem? refusal, CancellationToken ct)
    {
        var (tenant, services) = (context.Features.Get<Tenant>()!, context.RequestServices);
        var (directory, users) = (services.GetRequiredService<AgentDirectory>(), services.GetRequiredService<UserDirectory>());
        // Whatever was posted, links lead on from the list itself.
        var query = TableQuery.From(context.Request, "state", "environment", "owner", "blueprint", "attention") with { Path = $"{context.Request.PathBase}/console/agents" };
        // Words with a colon are labels: no address has one.
        var words = (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] labels = [.. words.Where(word => AgentLabels.RefuseFilter([word]) is null).Take(AgentLabels.Most)];
        var text = string.Join(' ', words.Except(labels));
        var blueprints = await services.GetRequiredService<BlueprintDirectory>().ListAsync(tenant.Id, null, null, MostBlueprints, ct);
        var wanted = new AgentsWanted(
            text.Length > 0 ? text : null,
            UserId.TryParse(query.Facet("owner"), null, out var owner) ? owner : null,
            State: SnakeCase.TryParse<AgentState>(query.Facet("state") ?? "", out var state) ? state : null,
            DeploymentEnv: SnakeCase.TryParse<DeploymentEnv>(query.Facet("environment") ?? "", out var environment) ? environment : null,
            Labels: labels.Length > 0 ? labels : null,
            Blueprint: BlueprintId.TryParse(query.Facet("blueprint"), null, out var blueprint) ? blueprint : null,
            Orphaned: query.Facet("attention") == "orphaned" ? true : null);
        AgentId? before = AgentId.TryParse(query.After, null, out var cursor) ? cursor : null;
        var agents = await directory.ListAsync(tenant.Id, wanted, before, PageSize + 1, ct);
        var shown = agents.Take(PageSize).ToList();
        var owners = await directory.ListOwnersAsync(tenant.Id, MostOwners, ct);
        return new Page<AgentsPage>(
            new
            {
                Agents = shown,
                Next = agents.Count > PageSize ? agents[PageSize - 1].Id.ToString() : null,
                Query = query,
                Owners = owners.Union(wanted.Owner is { } chosen ? [chosen] : []).ToList(),
                Names = await NamesAsync(users, tenant.Id, [.. owners, .. shown.Select(agent => agent.Owner), .. wanted.Owner is { } one ? [one] : (UserId[])[]], ct),
                Now = services.GetRequiredService<TimeProvider>().GetUtcNow(),
                Tenant = tenant.Slug,
                Blueprints = blueprints,
                Refusal = refusal,
            },
            refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IReadOnlyDictionary<UserId, string>> NamesAsync(UserDirectory users, TenantId tenant, IEnumerable<UserId> people, CancellationToken ct)
    {
        var names = new Dictionary<UserId, string>();
        foreach (var id in people.Distinct())
        {
            if (await users.FindAsync(tenant, id, ct) is { } user)
            {
                names[id] = user.Name;
            }
        }

        return names;
    }

    /// <summary>Whoever registers it answers for it, unless they say otherwise.</summary>
    private static async Task<IResult> NewAsync(Actor actor, UserDirectory users, CancellationToken ct) => new Page<NewAgentPage>(new
    {
        Form = new AgentForm { Owner = (await users.FindAsync(actor.Tenant, new UserId(actor.Id), ct))?.Email.Value ?? "" },
    });

    private static async Task<IResult> RegisterAsync(
        HttpContext context, Actor actor, Origin origin, RegisterAgent register, MakeCredential make, CancellationToken ct)
    {
        var form = AgentForm.Read(await FormBody.ReadAsync(context.Request, ct));
        if (form.Refuse() is { } fault)
        {
            return Again(fault);
        }

        var change = await register.RunAsync(actor.Tenant, origin, form.ToRegister(), actor, ct);
        if (change is not AgentChange.Done { Agent: var agent })
        {
            return Again(((AgentChange.Refused)change).Problem);
        }

        return !form.WithCredential
            ? Done.To(context, $"/console/agents/{agent.Id}", "agent-registered")
            : await make.RunAsync(actor.Tenant, origin, actor, agent.Id, new ManageCredentials.Wish(), ct) switch
            {
                CredentialChange.Shown made => AgentCredentialPages.Shown(agent, made.Credential, isNew: true),
                CredentialChange.Refused refused => await AgentPageOf.ShowAsync(context, agent.Id, refused.Problem, ct),
                _ => Done.To(context, $"/console/agents/{agent.Id}", "agent-registered"),
            };

        IResult Again(Problem refusal) => new Page<NewAgentPage>(new { Form = form, Errors = AgentForm.ErrorsOf(refusal) }, refusal.Status);
    }

    private static async Task<IResult> UpdateAsync(
        AgentId id, HttpContext context, Actor actor, Origin origin, UpdateAgent update, AgentDirectory directory, UserDirectory users, CancellationToken ct)
    {
        var form = AgentForm.Read(await FormBody.ReadAsync(context.Request, ct));
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } agent)
        {
            return AgentProblems.NotFound;
        }

        var people = await AgentPeople.FindAsync(users, agent, actor.Tenant, ct);
        if (form.Refuse() is { } fault)
        {
            return await AgentPageOf.ShowAsync(context, id, fault, ct, form);
        }

        return await update.RunAsync(actor.Tenant, origin, id, form.ToUpdate(people.ToForm(agent)), actor, ct) is AgentChange.Refused refused
            ? await AgentPageOf.ShowAsync(context, id, refused.Problem, ct, form)
            : Done.To(context, $"/console/agents/{id}", "saved");
    }

    private static async Task<IResult> MoveAsync(HttpContext context, UpdateAgent update, AgentId id, AgentState to, string done, CancellationToken ct)
    {
        var actor = context.Features.Get<Actor>()!;
        return await update.RunAsync(actor.Tenant, context.Features.Get<Origin>()!, id, new UpdateAgent.Request(Status: to), actor, ct) is AgentChange.Refused refused
            ? await AgentPageOf.ShowAsync(context, id, refused.Problem, ct)
            : Done.To(context, $"/console/agents/{id}", done);
    }

    private static async Task<IResult> AttestAsync(AgentId id, HttpContext context, Actor actor, Origin origin, AttestAgent attest, CancellationToken ct) =>
        await attest.RunAsync(actor.Tenant, origin, id, actor, ct) is AgentChange.Refused refused
            ? await AgentPageOf.ShowAsync(context, id, refused.Problem, ct)
            : Done.To(context, $"/console/agents/{id}", "agent-attested");

    private static async Task<IResult> DecommissionAsync(AgentId id, HttpContext context, Actor actor, AgentDirectory directory, UpdateAgent update, CancellationToken ct)
    {
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } agent)
        {
            return AgentProblems.NotFound;
        }

        return await IsConfirmedAsync(context, agent.Email, ct)
            ? await MoveAsync(context, update, id, AgentState.Decommissioned, "agent-decommissioned", ct)
            : await AgentPageOf.ShowAsync(context, id, ConsoleProblems.NotConfirmed, ct);
    }

    private static async Task<IResult> StopAllAsync(HttpContext context, Tenant tenant, Origin origin, Db db, CancellationToken ct)
    {
        if (!await IsConfirmedAsync(context, tenant.Slug, ct))
        {
            return await ShowListAsync(context, ConsoleProblems.NotConfirmed, ct);
        }

        await db.InTenantAsync(tenant.Id, tx => StopAgents.RunAsync(tx, origin, null, ct), ct);
        return Done.To(context, "/console/agents", "agents-stopped");
    }

    private static async Task<IResult> StopOwnersAsync(
        AgentId id, HttpContext context, Actor actor, Origin origin, Db db, AgentDirectory directory, UserDirectory users, CancellationToken ct)
    {
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } agent)
        {
            return AgentProblems.NotFound;
        }

        var people = await AgentPeople.FindAsync(users, agent, actor.Tenant, ct);
        if (!await IsConfirmedAsync(context, people.OwnerAddress, ct))
        {
            return await AgentPageOf.ShowAsync(context, id, ConsoleProblems.NotConfirmed, ct);
        }

        await db.InTenantAsync(actor.Tenant, tx => StopAgents.RunAsync(tx, origin, agent.Owner, ct), ct);
        return Done.To(context, $"/console/agents/{id}", "agents-of-owner-stopped");
    }

    private static async Task<IResult> TransferAsync(
        AgentId id, HttpContext context, Actor actor, Origin origin, TransferAgents transfer, AgentDirectory directory, CancellationToken ct)
    {
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } agent)
        {
            return AgentProblems.NotFound;
        }

        var to = FormText.Of(await FormBody.ReadAsync(context.Request, ct), "to").Trim();
        return await transfer.RunAsync(actor.Tenant, origin, new TransferAgents.Request(agent.Owner.ToString(), to), ct) is AgentTransfer.Refused
            ? await AgentPageOf.ShowAsync(context, id, AgentProblems.Invalid with { Title = "Nothing was transferred.", Detail = "Enter the address of another person of this tenant who is not deactivated." }, ct)
            : Done.To(context, $"/console/agents/{id}", "agents-transferred");
    }

    private static async Task<bool> IsConfirmedAsync(HttpContext context, string name, CancellationToken ct) =>
        string.Equals(FormText.Of(await FormBody.ReadAsync(context.Request, ct), "confirm"), name, StringComparison.Ordinal);
}
