using System.Diagnostics;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Server.Permissions;

namespace Signet.Server.Policy.AuthZen;

/// <summary>Answers one question or a batch of them, once all that it decided is on record, in one record.</summary>
internal sealed class EvaluateAccess(PolicyDecisionPoint point, AuditWriter audit)
{
    private const int MostEvaluations = 100;
    private const long MostBytes = 256 * 1024;

    public static void Map(RouteGroupBuilder access)
    {
        access.MapPost("/evaluation", HandleOneAsync).Requires(Permission.EvaluatePolicy).WithTags("Policy").Produces<AccessResponse>()
            .WithMetadata(new CallerNamesRequest()).WithSummary("Decide whether a subject may do something to a resource.");
        access.MapPost("/evaluations", HandleManyAsync).Requires(Permission.EvaluatePolicy).WithTags("Policy").Produces<AccessResponses>()
            .WithMetadata(new CallerNamesRequest()).LimitsBody(MostBytes).WithSummary("Decide up to a hundred such questions at once.");
    }

    private static Task<IResult> HandleOneAsync(
        AccessRequest request, HttpContext context, Actor actor, Origin origin, EvaluateAccess evaluate, CancellationToken ct) =>
        evaluate.AnswerAsync(request, actor.Tenant, origin, CallerNamesRequest.Of(context), ct);

    private static async Task<IResult> HandleManyAsync(
        AccessRequests request, HttpContext context, Actor actor, Origin origin, EvaluateAccess evaluate, CancellationToken ct)
    {
        // AuthZEN §7.1: without a list it is the request of the other endpoint.
        if (request.Evaluations is not { Count: > 0 } list)
        {
            var one = new AccessRequest(request.Subject, request.Action, request.Resource, request.Context);
            return await evaluate.AnswerAsync(one, actor.Tenant, origin, CallerNamesRequest.Of(context), ct);
        }

        if (list.Count > MostEvaluations)
        {
            return PolicyProblems.RequestInvalid.WithError("evaluations", $"are to be at most {MostEvaluations}");
        }

        // AuthZEN §7.1.1: what a question says itself comes first, each of the four as a whole.
        var questions = list.Select(own => AccessQuestion.Read(new AccessRequest(
            own?.Subject ?? request.Subject, own?.Action ?? request.Action, own?.Resource ?? request.Resource, own?.Context ?? request.Context)));
        var semantic = request.Options?.EvaluationsSemantic ?? EvaluationsSemantic.ExecuteAll;
        return TypedResults.Ok(new AccessResponses(await evaluate.RunAsync(questions, semantic, actor.Tenant, origin, CallerNamesRequest.Of(context), ct)));
    }

    private async Task<IResult> AnswerAsync(AccessRequest request, TenantId tenant, Origin origin, string? callerId, CancellationToken ct) =>
        AccessQuestion.Read(request) switch
        {
            AccessQuestion.Invalid invalid => PolicyProblems.RequestInvalid.WithError(invalid.Field, invalid.Message),
            var question => TypedResults.Ok((await RunAsync([question], EvaluationsSemantic.ExecuteAll, tenant, origin, callerId, ct))[0]),
        };

    private async Task<List<AccessResponse>> RunAsync(
        IEnumerable<AccessQuestion> questions, EvaluationsSemantic semantic, TenantId tenant, Origin origin, string? callerId, CancellationToken ct)
    {
        var record = new DecisionRecord();
        var answers = new List<AccessResponse>();
        foreach (var question in questions)
        {
            var answer = await AnswerAsync(question, record, ct);
            answers.Add(answer);
            // AuthZEN §7.1.2: "and" stops at the first denial, "or" at the first permit.
            if (semantic == (answer.Decision ? EvaluationsSemantic.PermitOnFirstPermit : EvaluationsSemantic.DenyOnFirstDeny))
            {
                break;
            }
        }

        await audit.RecordAsync(tenant, origin, record.ToEvent(point.InForce.Engine, callerId), ct);
        return answers;
    }

    private async Task<AccessResponse> AnswerAsync(AccessQuestion question, DecisionRecord record, CancellationToken ct)
    {
        switch (question)
        {
            case AccessQuestion.Valid valid:
                var decision = await point.DecideAsync(valid.Input, ct);
                record.Add(valid.Input, valid.Subject, decision);
                return AccessResponse.Of(decision);
            case AccessQuestion.Invalid invalid:
                record.AddInvalid(invalid.Field);
                return AccessResponse.OfFault($"{invalid.Field} {invalid.Message}");
            default:
                throw new UnreachableException();
        }
    }
}
