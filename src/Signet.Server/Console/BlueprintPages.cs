using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Console.Pages;
using Signet.Server.Governance;
using Signet.Server.Permissions;
using Signet.Server.SignIn;
using Signet.Server.Ui;
using Signet.Server.Users;

namespace Signet.Server.Console;

/// <summary>Blueprints of agents: made, changed, applied to their agents, retired; and all agents of one stopped at once.</summary>
internal static class BlueprintPages
{
    private const int PageSize = 50;

    /// <summary>How many of its agents a blueprint's page shows.</summary>
    private const int Shown = 10;

    public static void Map(RouteGroupBuilder blueprints)
    {
        blueprints.MapGet("", ListAsync).Requires(Permission.ReadAgents);
        blueprints.MapGet("/new", () => (IResult)new Page<NewBlueprintPage>(new { Form = new BlueprintForm() })).Requires(Permission.ManageAgents);
        blueprints.MapPost("/new", CreateAsync).Requires(Permission.ManageAgents);
        blueprints.MapGet("/{id}", (BlueprintId id, HttpContext context, CancellationToken ct) => ShowAsync(context, id, null, ct)).Requires(Permission.ReadAgents);
        blueprints.MapPost("/{id}", UpdateAsync).Requires(Permission.ManageAgents);
        blueprints.MapPost("/{id}/apply", ApplyAsync).Requires(Permission.ManageAgents);
        blueprints.MapPost("/{id}/retire", (BlueprintId id, HttpContext context, Actor actor, Origin origin, UpdateBlueprint update, CancellationToken ct) =>
            IfConfirmedAsync(id, context, "blueprint-retired", _ => update.RetireAsync(actor.Tenant, origin, id, ct), ct)).Requires(Permission.ManageAgents);
        blueprints.MapPost("/{id}/kill-switch", (BlueprintId id, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct) =>
            IfConfirmedAsync(id, context, "agents-of-blueprint-stopped", _ => db.InTenantAsync(actor.Tenant, tx => StopAgents.RunAsync(tx, origin, id, ct), ct), ct))
            .Requires(Permission.ManageAgents);
        blueprints.MapGet("/{id}/instances/new", NewInstanceAsync).Requires(Permission.ManageAgents);
        blueprints.MapPost("/{id}/instances/new", RegisterAsync).Requires(Permission.ManageAgents);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Actor actor, BlueprintDirectory directory, CancellationToken ct)
    {
        var query = TableQuery.From(context.Request, "state");
        BlueprintId? before = BlueprintId.TryParse(query.After, null, out var cursor) ? cursor : null;
        BlueprintState? state = SnakeCase.TryParse<BlueprintState>(query.Facet("state") ?? "", out var chosen) ? chosen : null;
        var found = await directory.ListAsync(actor.Tenant, state, before, PageSize + 1, ct);
        return new Page<BlueprintsPage>(new
        {
            Blueprints = found.Take(PageSize).ToList(),
            Next = found.Count > PageSize ? found[PageSize - 1].Id.ToString() : null,
            Query = query,
        });
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Actor actor, Origin origin, CreateBlueprint create, CancellationToken ct)
    {
        var form = BlueprintForm.Read(await FormBody.ReadAsync(context.Request, ct));
        if (form.Refuse() is { } fault)
        {
            return Again(fault);
        }

        return await create.RunAsync(actor.Tenant, origin, form.ToCreate(), actor, ct) switch
        {
            BlueprintChange.Done done => Done.To(context, $"/console/blueprints/{done.Blueprint.Id}", "blueprint-made"),
            BlueprintChange.Refused refused => Again(refused.Problem),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        IResult Again(Problem problem) => new Page<NewBlueprintPage>(new { Form = form, Errors = BlueprintForm.ErrorsOf(problem) }, problem.Status);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, BlueprintId id, Problem? refusal, CancellationToken ct, BlueprintForm? form = null)
    {
        var (tenant, services) = (context.Features.Get<Actor>()!.Tenant, context.RequestServices);
        if (await services.GetRequiredService<BlueprintDirectory>().FindAsync(tenant, id, ct) is not { } blueprint)
        {
            return BlueprintProblems.NotFound;
        }

        var agents = await services.GetRequiredService<AgentDirectory>().ListAsync(tenant, new AgentsWanted(Blueprint: id), null, Shown + 1, ct);
        return new Page<BlueprintPage>(
            new
            {
                Blueprint = blueprint,
                Agents = agents.Take(Shown).ToList(),
                AreMore = agents.Count > Shown,
                Now = services.GetRequiredService<TimeProvider>().GetUtcNow(),
                Form = form ?? BlueprintForm.Of(blueprint),
                Refusal = form is null ? refusal : null,
                Errors = BlueprintForm.ErrorsOf(form is null ? null : refusal),
            },
            refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> UpdateAsync(
        BlueprintId id, HttpContext context, Actor actor, Origin origin, UpdateBlueprint update, BlueprintDirectory directory, CancellationToken ct)
    {
        var form = BlueprintForm.Read(await FormBody.ReadAsync(context.Request, ct));
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } blueprint)
        {
            return BlueprintProblems.NotFound;
        }

        var problem = form.Refuse()
            ?? (await update.RunAsync(actor.Tenant, origin, id, form.ToUpdate(BlueprintForm.Of(blueprint)), actor, ct) as BlueprintChange.Refused)?.Problem;
        return problem is null ? Done.To(context, $"/console/blueprints/{id}", "saved") : await ShowAsync(context, id, problem, ct, form);
    }

    private static async Task<IResult> ApplyAsync(BlueprintId id, HttpContext context, Actor actor, Origin origin, ApplyBlueprint apply, CancellationToken ct) =>
        await apply.RunAsync(actor.Tenant, origin, id, actor, ct) switch
        {
            BlueprintApplication.Refused refused => await ShowAsync(context, id, refused.Problem, ct),
            BlueprintApplication.Done { Applied.Refused: [var first, ..] all } => await ShowAsync(
                context, id, ConsoleProblems.NotAllApplied with { Detail = $"{all.Count} can't be so; the first is {first.AgentId}: {first.Message}" }, ct),
            _ => Done.To(context, $"/console/blueprints/{id}", "blueprint-applied"),
        };

    private static async Task<IResult> IfConfirmedAsync(BlueprintId id, HttpContext context, string done, Func<Blueprint, Task> act, CancellationToken ct)
    {
        if (await context.RequestServices.GetRequiredService<BlueprintDirectory>().FindAsync(context.Features.Get<Actor>()!.Tenant, id, ct) is not { } blueprint)
        {
            return BlueprintProblems.NotFound;
        }

        if (!string.Equals(FormText.Of(await FormBody.ReadAsync(context.Request, ct), "confirm"), blueprint.Name, StringComparison.Ordinal))
        {
            return await ShowAsync(context, id, ConsoleProblems.NotConfirmed, ct);
        }

        await act(blueprint);
        return Done.To(context, $"/console/blueprints/{id}", done);
    }

    /// <summary>Whoever registers it answers for it, unless they say otherwise.</summary>
    private static async Task<IResult> NewInstanceAsync(BlueprintId id, Actor actor, BlueprintDirectory directory, UserDirectory users, CancellationToken ct) =>
        await directory.FindAsync(actor.Tenant, id, ct) is { } blueprint
            ? new Page<NewInstancePage>(new
            {
                Blueprint = blueprint,
                Form = new InstanceForm { Owner = (await users.FindAsync(actor.Tenant, new UserId(actor.Id), ct))?.Email.Value ?? "" },
            })
            : BlueprintProblems.NotFound;

    private static async Task<IResult> RegisterAsync(
        BlueprintId id, HttpContext context, Actor actor, Origin origin, BlueprintDirectory directory, RegisterInstance register, MakeCredential make, CancellationToken ct)
    {
        var form = InstanceForm.Read(await FormBody.ReadAsync(context.Request, ct));
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } blueprint)
        {
            return BlueprintProblems.NotFound;
        }

        if (form.Refuse() is { } fault)
        {
            return Again(fault);
        }

        var change = await register.RunAsync(actor.Tenant, origin, id, form.ToRequest(), actor, ct);
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

        IResult Again(Problem problem) => new Page<NewInstancePage>(new { Blueprint = blueprint, Form = form, Errors = AgentForm.ErrorsOf(problem) }, problem.Status);
    }
}
