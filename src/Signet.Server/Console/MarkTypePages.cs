using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Console.Pages;
using Signet.Server.Federation;
using Signet.Server.Permissions;
using Signet.Server.SignIn;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>Types of trust marks: what they are like, whose they are, and who may issue them.</summary>
internal static class MarkTypePages
{
    private const int PageSize = 50;

    public static void Map(RouteGroupBuilder types)
    {
        types.MapGet("", ListAsync).Requires(Permission.ReadFederation);
        types.MapGet("/new", () => (IResult)new Page<NewMarkTypePage>()).Requires(Permission.ManageFederation);
        types.MapPost("/new", CreateAsync).Requires(Permission.ManageFederation);
        types.MapGet("/{id}", (TrustMarkTypeId id, HttpContext context, CancellationToken ct) => ShowAsync(context, id, null, null, ct)).Requires(Permission.ReadFederation);
        types.MapPost("/{id}", UpdateAsync).Requires(Permission.ManageFederation);
        types.MapPost("/{id}/delegate", DelegateAsync).Requires(Permission.ManageFederation);
        types.MapPost("/{id}/end-delegation", EndAsync).Requires(Permission.ManageFederation);
        types.MapPost("/{id}/delete", DeleteAsync).Requires(Permission.ManageFederation);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Actor actor, Db db, CancellationToken ct)
    {
        var query = TableQuery.From(context.Request);
        var offset = int.TryParse(query.After, out var at) && at > 0 ? at : 0;
        var (types, count) = await ListMarkTypes.RunAsync(db, actor.Tenant, PageSize, offset, ct);
        return new Page<MarkTypesPage>(new { Types = types, Query = query, Next = offset + types.Count < count ? $"{offset + types.Count}" : null });
    }

    private static async Task<IResult> ShowAsync(HttpContext context, TrustMarkTypeId id, Problem? refusal, MarkTypeForm? form, CancellationToken ct)
    {
        var (tenant, db) = (context.Features.Get<Actor>()!.Tenant, context.RequestServices.GetRequiredService<Db>());
        if (await ListMarkTypes.FindAsync(db, tenant, id, ct) is not { } type)
        {
            return TrustMarkProblems.TypeNotFound;
        }

        return new Page<MarkTypePage>(
            new
            {
                Type = type,
                Delegations = await DelegateMarkType.ListAsync(db, tenant, id, ct) ?? [],
                Form = form ?? MarkTypeForm.Of(type),
                Refusal = form is null ? refusal : null,
                Errors = MarkTypeForm.ErrorsOf(form is null ? null : refusal),
            },
            refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Tenant tenant, Origin origin, SetMarkType set, CancellationToken ct)
    {
        var form = MarkTypeForm.Read(await FormBody.ReadAsync(context.Request, ct));
        return await set.CreateAsync(tenant, origin, form.ToCreate(), ct) switch
        {
            MarkTypeChange.Done done => Done.To(context, $"/console/trust-mark-types/{done.Type.Id}", "mark-type-made"),
            MarkTypeChange.Refused { Problem: var problem } => new Page<NewMarkTypePage>(new { Form = form, Errors = MarkTypeForm.ErrorsOf(problem) }, problem.Status),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static async Task<IResult> UpdateAsync(TrustMarkTypeId id, HttpContext context, Tenant tenant, Origin origin, SetMarkType set, CancellationToken ct)
    {
        var form = MarkTypeForm.Read(await FormBody.ReadAsync(context.Request, ct));
        return await set.UpdateAsync(tenant, origin, id, form.ToPatch(), ct) is MarkTypeChange.Refused { Problem: var problem }
            ? await ShowAsync(context, id, problem, form, ct)
            : Done.To(context, $"/console/trust-mark-types/{id}", "saved");
    }

    private static async Task<IResult> DelegateAsync(TrustMarkTypeId id, HttpContext context, Tenant tenant, Origin origin, DelegateMarkType delegates, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var request = new DelegateMarkType.Request(FormText.Of(form, "issuer").Trim(), int.TryParse(FormText.Of(form, "valid_for"), out var hours) ? hours : 0);
        return (await delegates.RunAsync(tenant, origin, id, request, ct)).Refusal is { } refusal
            ? await ShowAsync(context, id, Plain(refusal), null, ct)
            : Done.To(context, $"/console/trust-mark-types/{id}", "mark-type-delegated");
    }

    private static async Task<IResult> EndAsync(TrustMarkTypeId id, HttpContext context, Tenant tenant, Origin origin, DelegateMarkType delegates, CancellationToken ct)
    {
        var issuer = FormText.Of(await FormBody.ReadAsync(context.Request, ct), "issuer");
        return await delegates.EndAsync(tenant, origin, id, issuer, ct) is { } refusal
            ? await ShowAsync(context, id, refusal, null, ct)
            : Done.To(context, $"/console/trust-mark-types/{id}", "mark-type-delegation-ended");
    }

    private static async Task<IResult> DeleteAsync(TrustMarkTypeId id, HttpContext context, Tenant tenant, Origin origin, SetMarkType set, CancellationToken ct) =>
        await set.DeleteAsync(tenant, origin, id, ct) is { } refusal
            ? await ShowAsync(context, id, refusal, null, ct)
            : Done.To(context, "/console/trust-mark-types", "mark-type-deleted");

    /// <summary>What stands beside a field in the API, as a sentence of its own.</summary>
    internal static Problem Plain(Problem problem) =>
        problem.Errors is { Count: > 0 } errors ? problem with { Detail = string.Join(' ', errors.SelectMany(field => field.Value.Select(message => $"{field.Key} {message}."))) } : problem;
}
