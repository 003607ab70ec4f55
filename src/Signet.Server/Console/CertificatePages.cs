using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>Certificates of agents, and the authorities that issue them.</summary>
internal static class CertificatePages
{
    /// <param name="agents">The group of the agents' pages.</param>
    public static void MapOfAgents(RouteGroupBuilder agents)
    {
        agents.MapGet("/{id}/certificate", NewAsync).Requires(Permission.ManageAgents);
        agents.MapPost("/{id}/certificate", RegisterAsync).Requires(Permission.ManageAgents);
    }

    public static void Map(RouteGroupBuilder authorities)
    {
        authorities.MapGet("", (HttpContext context, CancellationToken ct) => ListAsync(context, null, ct)).Requires(Permission.ReadAgents);
        authorities.MapGet("/new", () => (IResult)new Page<NewCertificateAuthorityPage>(new { })).Requires(Permission.ManageAgents);
        authorities.MapPost("/new", AddAsync).Requires(Permission.ManageAgents);
        authorities.MapPost("/{id}/remove", RemoveAsync).Requires(Permission.ManageAgents);
    }

    private static async Task<IResult> NewAsync(AgentId id, HttpContext context, CancellationToken ct) => await ShowAsync(context, id, new CertificateForm(), null, ct);

    private static async Task<IResult> RegisterAsync(
        AgentId id, HttpContext context, Actor actor, Origin origin, MakeCredential make, TimeProvider time, CancellationToken ct)
    {
        var form = CertificateForm.Read(await FormBody.ReadAsync(context.Request, ct));
        if (form.Refuse() is { } fault)
        {
            return await ShowAsync(context, id, form, fault, ct);
        }

        return await make.RunAsync(actor.Tenant, origin, actor, id, form.ToWish(time.GetUtcNow()), ct) is CredentialChange.Refused refused
            ? await ShowAsync(context, id, form, refused.Problem, ct)
            : Done.To(context, $"/console/agents/{id}", "certificate-registered");
    }

    private static async Task<IResult> ShowAsync(HttpContext context, AgentId id, CertificateForm form, Problem? problem, CancellationToken ct)
    {
        var (tenant, services) = (context.Features.Get<Actor>()!.Tenant, context.RequestServices);
        if (await services.GetRequiredService<AgentDirectory>().FindAsync(tenant, id, ct) is not { } agent)
        {
            return AgentProblems.NotFound;
        }

        var authorities = await services.GetRequiredService<AuthorityDirectory>().ListAsync(tenant, ct);
        return new Page<NewCertificatePage>(
            new { Agent = agent, Form = form, Authorities = authorities, Errors = form.ErrorsOf(problem) }, problem?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Problem? refusal, CancellationToken ct)
    {
        var services = context.RequestServices;
        return new Page<CertificateAuthoritiesPage>(
            new
            {
                Authorities = await services.GetRequiredService<AuthorityDirectory>().ListAsync(context.Features.Get<Actor>()!.Tenant, ct),
                Now = services.GetRequiredService<TimeProvider>().GetUtcNow(),
                Refusal = refusal,
            },
            refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> AddAsync(HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var request = new ManageAuthorities.Request(FormText.Of(form, "name").Trim(), FormText.Long(form, "pem").Trim());
        return await db.InTenantAsync(actor.Tenant, tx => ManageAuthorities.AddAsync(tx, origin, request, ct), ct) is AuthorityChange.Refused { Problem: var problem }
            ? new Page<NewCertificateAuthorityPage>(new { request.Name, request.Pem, Errors = ErrorsOf(problem) }, problem.Status)
            : Done.To(context, "/console/certificate-authorities", "authority-added");
    }

    private static async Task<IResult> RemoveAsync(
        AuthorityId id, HttpContext context, Actor actor, Origin origin, AuthorityDirectory directory, Db db, CancellationToken ct)
    {
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } authority)
        {
            return AgentProblems.AuthorityNotFound;
        }

        var form = await FormBody.ReadAsync(context.Request, ct);
        if (!string.Equals(FormText.Of(form, "confirm"), authority.Name, StringComparison.Ordinal))
        {
            return await ListAsync(context, ConsoleProblems.NotConfirmed, ct);
        }

        return await db.InTenantAsync(actor.Tenant, tx => ManageAuthorities.RemoveAsync(tx, origin, id, ct), ct)
            ? Done.To(context, "/console/certificate-authorities", "authority-removed")
            : AgentProblems.AuthorityNotFound;
    }

    private static FormErrors ErrorsOf(Problem problem) => problem.Errors is { Count: > 0 } errors
        ? new FormErrors([.. errors.SelectMany(field => field.Value.Distinct().Select(message =>
            field.Key == "name" ? new FieldError("name", $"The name {message}.") : new FieldError("pem", $"The text {message}.")))])
        : new FormErrors([new FieldError("pem", problem.Title)]);
}
