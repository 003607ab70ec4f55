using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>The audit record: finding an entry, seeing all of it with the proof that it is in the signed log, and checking the whole.</summary>
internal static class AuditPages
{
    public static void Map(RouteGroupBuilder audit)
    {
        audit.MapGet("", ListAsync).Requires(Permission.ReadAudit);
        audit.MapGet("/verify", () => (IResult)new Page<AuditVerifyPage>()).Requires(Permission.ReadAudit);
        audit.MapPost("/verify", VerifyAsync).Requires(Permission.ReadAudit);
        audit.MapGet("/{id:guid}", ShowAsync).Requires(Permission.ReadAudit);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Actor actor, Db db, AuditNames names, TimeProvider time, CancellationToken ct)
    {
        var query = TableQuery.From(context.Request, "action", "outcome", "since", "actor", "target");
        Outcome? outcome = SnakeCase.TryParse<Outcome>(query.Facet("outcome"), out var named) ? named : null;
        var filter = new ListAudit.Filter(
            query.Facet("action"), outcome, query.Facet("actor"), TargetId: query.Facet("target"), From: Since(query.Facet("since"), time.GetUtcNow()),
            RequestId: query.Search is { Length: > 0 } reference ? reference : null);
        Guid? before = Guid.TryParse(query.After, out var cursor) ? cursor : null;
        var page = await ListAudit.RunAsync(db, actor.Tenant, filter, before, 50, ct);
        return new Page<AuditPage>(new
        {
            page.Entries,
            Next = page.Next?.ToString(),
            Query = query,
            Names = await names.OfAsync(actor.Tenant, page.Entries, ct),
        });
    }

    private static async Task<IResult> ShowAsync(Guid id, Actor actor, Db db, FindAuditEntry find, AuditNames names, CancellationToken ct)
    {
        if (await find.RunAsync(actor.Tenant, id, ct) is not { } detail)
        {
            return AuditProblems.NotFound;
        }

        return new Page<AuditEntryPage>(new
        {
            Detail = detail,
            Proof = await ProveInclusion.FindAsync(db, actor.Tenant, id, ct),
            Names = await names.OfAsync(actor.Tenant, detail, ct),
        });
    }

    private static async Task<IResult> VerifyAsync(HttpContext context, Actor actor, Origin origin, VerifyAudit verify, AuditWriter audit, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        // A text field sends CRLF, and people lose the last line's end.
        var witnessed = FormText.Of(form, "checkpoint") is { Length: > 0 } note ? note.ReplaceLineEndings("\n").TrimEnd('\n') + '\n' : null;
        if (VerifyAudit.Refuse(witnessed) is not null)
        {
            var error = new FieldError("checkpoint", "Paste the whole signed note, with its line ends.");
            return new Page<AuditVerifyPage>(new { Checkpoint = witnessed, Errors = new FormErrors([error]) }, StatusCodes.Status400BadRequest);
        }

        return new Page<AuditVerifyPage>(new { Result = await verify.RunOnRecordAsync(actor.Tenant, origin, witnessed, audit, ct), Checkpoint = witnessed });
    }

    private static DateTimeOffset? Since(string? name, DateTimeOffset now) => name switch
    {
        "hour" => now.AddHours(-1),
        "day" => now.AddDays(-1),
        "week" => now.AddDays(-7),
        "month" => now.AddDays(-30),
        _ => null,
    };
}
