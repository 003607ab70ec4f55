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

/// <summary>Trust marks: issued, renewed, suspended, revoked; and those that subordinates ask for.</summary>
internal static class MarkPages
{
    private const int PageSize = 50;

    public static void Map(RouteGroupBuilder marks)
    {
        marks.MapGet("", ListAsync).Requires(Permission.ReadFederation);
        marks.MapGet("/new", (HttpContext context, Actor actor, Db db, CancellationToken ct) => AskAsync(actor, db, new MarkForm { Type = context.Request.Query["tmtype"].ToString() }, null, ct))
            .Requires(Permission.ManageFederation);
        marks.MapPost("/new", IssueAsync).Requires(Permission.ManageFederation);
        marks.MapGet("/{id}", (TrustMarkId id, HttpContext context, CancellationToken ct) => ShowAsync(context, id, null, ct)).Requires(Permission.ReadFederation);
        marks.MapPost("/{id}/renew", (TrustMarkId id, HttpContext context, Tenant tenant, Origin origin, ChangeMark change, CancellationToken ct) =>
            ActAsync(context, id, "mark-renewed", change.RenewAsync(tenant, origin, id, ct), ct)).Requires(Permission.ManageFederation);
        marks.MapPost("/{id}/activate", (TrustMarkId id, HttpContext context, Tenant tenant, Origin origin, ChangeMark change, CancellationToken ct) =>
            ActAsync(context, id, "mark-activated", change.ActivateAsync(tenant, origin, id, ct), ct)).Requires(Permission.ManageFederation);
        marks.MapPost("/{id}/suspend", async (TrustMarkId id, HttpContext context, Tenant tenant, Origin origin, ChangeMark change, CancellationToken ct) =>
            await ActAsync(context, id, "mark-suspended", change.SuspendAsync(tenant, origin, id, await ReasonAsync(context, ct), ct), ct)).Requires(Permission.ManageFederation);
        marks.MapPost("/{id}/revoke", async (TrustMarkId id, HttpContext context, Tenant tenant, Origin origin, ChangeMark change, CancellationToken ct) =>
            await ActAsync(context, id, "mark-revoked", change.RevokeAsync(tenant, origin, id, await ReasonAsync(context, ct), ct), ct)).Requires(Permission.ManageFederation);
    }

    public static void MapRequests(RouteGroupBuilder requests)
    {
        requests.MapGet("", (HttpContext context, CancellationToken ct) => ListRequestsAsync(context, null, ct)).Requires(Permission.ReadFederation);
        requests.MapPost("/{id}/approve", async (TrustMarkRequestId id, HttpContext context, Tenant tenant, Origin origin, DecideMarkRequest decide, CancellationToken ct) =>
            await decide.ApproveAsync(tenant, origin, id, ct) is MarkChange.Refused { Problem: var problem }
                ? await ListRequestsAsync(context, MarkTypePages.Plain(problem), ct)
                : Done.To(context, "/console/trust-mark-requests", "mark-issued")).Requires(Permission.ManageFederation);
        requests.MapPost("/{id}/deny", async (TrustMarkRequestId id, HttpContext context, Tenant tenant, Origin origin, DecideMarkRequest decide, CancellationToken ct) =>
            await decide.DenyAsync(tenant, origin, id, await ReasonAsync(context, ct), ct) is { } problem
                ? await ListRequestsAsync(context, MarkTypePages.Plain(problem), ct)
                : Done.To(context, "/console/trust-mark-requests", "mark-denied")).Requires(Permission.ManageFederation);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Actor actor, Db db, TimeProvider time, CancellationToken ct)
    {
        var query = TableQuery.From(context.Request, "state", "tmtype");
        var offset = int.TryParse(query.After, out var at) && at > 0 ? at : 0;
        MarkState? state = SnakeCase.TryParse<MarkState>(query.Facet("state"), out var named) ? named : null;
        var (marks, count) = await ListMarks.RunAsync(db, actor.Tenant, new ListMarks.Query(query.Facet("tmtype"), query.Search, state, PageSize, offset), ct);
        return new Page<MarksPage>(new
        {
            Marks = marks,
            Query = query,
            Next = offset + marks.Count < count ? $"{offset + marks.Count}" : null,
            Now = time.GetUtcNow(),
        });
    }

    private static async Task<IResult> AskAsync(Actor actor, Db db, MarkForm form, Problem? problem, CancellationToken ct)
    {
        var (types, _) = await ListMarkTypes.RunAsync(db, actor.Tenant, 500, 0, ct);
        return new Page<NewMarkPage>(
            new { Form = form, Types = types.Where(type => type.Active).ToList(), Errors = MarkForm.ErrorsOf(problem) }, problem?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> IssueAsync(HttpContext context, Actor actor, Tenant tenant, Origin origin, Db db, IssueMark issue, CancellationToken ct)
    {
        var form = MarkForm.Read(await FormBody.ReadAsync(context.Request, ct));
        return await issue.RunAsync(tenant, origin, form.ToRequest(), ct) switch
        {
            MarkChange.Done done => Done.To(context, $"/console/trust-marks/{done.Mark.Id}", "mark-issued"),
            MarkChange.Refused { Problem: var problem } => await AskAsync(actor, db, form, problem, ct),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static async Task<IResult> ShowAsync(HttpContext context, TrustMarkId id, Problem? refusal, CancellationToken ct)
    {
        var services = context.RequestServices;
        return await ListMarks.FindAsync(services.GetRequiredService<Db>(), context.Features.Get<Actor>()!.Tenant, id, ct) is { } mark
            ? new Page<MarkPage>(
                new { Mark = mark, Refusal = refusal, Now = services.GetRequiredService<TimeProvider>().GetUtcNow() }, refusal?.Status ?? StatusCodes.Status200OK)
            : TrustMarkProblems.NotFound;
    }

    private static async Task<IResult> ActAsync(HttpContext context, TrustMarkId id, string done, Task<MarkChange> act, CancellationToken ct) =>
        await act is MarkChange.Refused { Problem: var problem }
            ? await ShowAsync(context, id, MarkTypePages.Plain(problem), ct)
            : Done.To(context, $"/console/trust-marks/{id}", done);

    private static async Task<IResult> ListRequestsAsync(HttpContext context, Problem? refusal, CancellationToken ct)
    {
        // Whatever was posted, links lead on from the list itself.
        var query = TableQuery.From(context.Request, "state") with { Path = $"{context.Request.PathBase}/console/trust-mark-requests" };
        var offset = int.TryParse(query.After, out var at) && at > 0 ? at : 0;
        MarkRequestState? state = SnakeCase.TryParse<MarkRequestState>(query.Facet("state"), out var named) ? named : null;
        var db = context.RequestServices.GetRequiredService<Db>();
        var (items, count) = await DecideMarkRequest.ListAsync(db, context.Features.Get<Actor>()!.Tenant, state, PageSize, offset, ct);
        return new Page<MarkRequestsPage>(
            new { Requests = items, Query = query, Next = offset + items.Count < count ? $"{offset + items.Count}" : null, Refusal = refusal },
            refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<string?> ReasonAsync(HttpContext context, CancellationToken ct) =>
        FormText.Of(await FormBody.ReadAsync(context.Request, ct), "reason").Trim() is { Length: > 0 } reason ? reason : null;
}
