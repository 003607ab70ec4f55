using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.SignIn;
using Signet.Server.Tenants;
using Signet.Server.Ui;
using Signet.Server.Workloads;

namespace Signet.Server.Console;

/// <summary>Trust policies: whose workloads act as which agent. Making one, changing it, turning it off.</summary>
internal static class TrustPolicyPages
{
    private const int PageSize = 50;

    public static void Map(RouteGroupBuilder policies)
    {
        policies.MapGet("", ListAsync).Requires(Permission.ReadAgents);
        policies.MapGet("/new", (HttpContext context, Tenant tenant) => (IResult)New(context, tenant)).Requires(Permission.ManageAgents);
        policies.MapPost("/new", CreateAsync).Requires(Permission.ManageAgents);
        policies.MapGet("/{id}", (TrustPolicyId id, HttpContext context, CancellationToken ct) => ShowAsync(context, id, null, ct)).Requires(Permission.ReadAgents);
        policies.MapPost("/{id}", UpdateAsync).Requires(Permission.ManageAgents);
        policies.MapPost("/{id}/disable", (TrustPolicyId id, HttpContext context, CancellationToken ct) => TurnAsync(context, id, false, ct)).Requires(Permission.ManageAgents);
        policies.MapPost("/{id}/enable", (TrustPolicyId id, HttpContext context, CancellationToken ct) => TurnAsync(context, id, true, ct)).Requires(Permission.ManageAgents);
        policies.MapPost("/{id}/delete", DeleteAsync).Requires(Permission.ManageAgents);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Actor actor, TrustDirectory directory, CancellationToken ct)
    {
        var query = TableQuery.From(context.Request);
        TrustPolicyId? before = TrustPolicyId.TryParse(query.After, null, out var cursor) ? cursor : null;
        var policies = await directory.ListAsync(actor.Tenant, null, before, PageSize + 1, ct);
        return new Page<TrustPoliciesPage>(new
        {
            Policies = policies.Take(PageSize).ToList(),
            Next = policies.Count > PageSize ? policies[PageSize - 1].Id.ToString() : null,
            Query = query,
        });
    }

    private static Page<NewTrustPolicyPage> New(HttpContext context, Tenant tenant)
    {
        var preset = TrustPolicyPresets.All.FirstOrDefault(one => one.Key == context.Request.Query["preset"]);
        var form = preset?.Form ?? new TrustPolicyForm();
        return new Page<NewTrustPolicyPage>(new { Form = form with { Audience = tenant.Origin } });
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, Actor actor, Tenant tenant, Origin origin, CreateTrustPolicy create, CancellationToken ct)
    {
        var form = TrustPolicyForm.Read(await FormBody.ReadAsync(context.Request, ct));
        if (form.Refuse() is { } fault)
        {
            return Again(fault);
        }

        return await create.RunAsync(tenant, origin, form.ToCreate(), actor, ct) switch
        {
            TrustPolicyChange.Done done => Done.To(context, $"/console/trust-policies/{done.Policy.Id}", "trust-policy-made"),
            TrustPolicyChange.Refused refused => Again(refused.Problem),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        IResult Again(Problem problem) => new Page<NewTrustPolicyPage>(new { Form = form, Errors = TrustPolicyForm.ErrorsOf(problem) }, problem.Status);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, TrustPolicyId id, Problem? refusal, CancellationToken ct, TrustPolicyForm? form = null)
    {
        var (tenant, services) = (context.Features.Get<Actor>()!.Tenant, context.RequestServices);
        if (await services.GetRequiredService<TrustDirectory>().FindAsync(tenant, id, ct) is not { } policy)
        {
            return TrustPolicyProblems.NotFound;
        }

        var agent = policy.Agent is { } mapped ? await services.GetRequiredService<AgentDirectory>().FindAsync(tenant, mapped, ct) : null;
        return new Page<TrustPolicyPage>(
            new
            {
                Policy = policy,
                AgentAddress = agent?.Email,
                Form = form ?? TrustPolicyForm.Of(policy),
                Refusal = form is null ? refusal : null,
                Errors = TrustPolicyForm.ErrorsOf(form is null ? null : refusal),
            },
            refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> UpdateAsync(
        TrustPolicyId id, HttpContext context, Actor actor, Origin origin, UpdateTrustPolicy update, TrustDirectory directory, CancellationToken ct)
    {
        var form = TrustPolicyForm.Read(await FormBody.ReadAsync(context.Request, ct));
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } policy)
        {
            return TrustPolicyProblems.NotFound;
        }

        var problem = form.Refuse()
            ?? (await update.RunAsync(actor.Tenant, origin, id, form.ToUpdate(TrustPolicyForm.Of(policy)), actor, ct) as TrustPolicyChange.Refused)?.Problem;
        return problem is null ? Done.To(context, $"/console/trust-policies/{id}", "saved") : await ShowAsync(context, id, problem, ct, form);
    }

    private static async Task<IResult> TurnAsync(HttpContext context, TrustPolicyId id, bool on, CancellationToken ct)
    {
        var actor = context.Features.Get<Actor>()!;
        return await context.RequestServices.GetRequiredService<UpdateTrustPolicy>()
            .RunAsync(actor.Tenant, context.Features.Get<Origin>()!, id, new UpdateTrustPolicy.Request(Enabled: on), actor, ct) is TrustPolicyChange.Refused refused
            ? await ShowAsync(context, id, refused.Problem, ct)
            : Done.To(context, $"/console/trust-policies/{id}", on ? "trust-policy-enabled" : "trust-policy-disabled");
    }

    private static async Task<IResult> DeleteAsync(
        TrustPolicyId id, HttpContext context, Actor actor, Origin origin, TrustDirectory directory, UpdateTrustPolicy update, CancellationToken ct)
    {
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } policy)
        {
            return TrustPolicyProblems.NotFound;
        }

        var form = await FormBody.ReadAsync(context.Request, ct);
        if (!string.Equals(FormText.Of(form, "confirm"), policy.Name, StringComparison.Ordinal))
        {
            return await ShowAsync(context, id, ConsoleProblems.NotConfirmed, ct);
        }

        return await update.DeleteAsync(actor.Tenant, origin, id, ct)
            ? Done.To(context, "/console/trust-policies", "trust-policy-deleted")
            : TrustPolicyProblems.NotFound;
    }
}
