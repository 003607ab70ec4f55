using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.Policy;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>What callers with access tokens may do: the rules in force, a question to try them with, and reading them again.</summary>
internal static class PolicyPages
{
    public static void Map(RouteGroupBuilder policy)
    {
        policy.MapGet("", (HttpContext context, Actor actor, PolicyDecisionPoint point) => (IResult)Show(context, actor, point, null)).Requires(Permission.EvaluatePolicy);
        policy.MapPost("", TryAsync).Requires(Permission.EvaluatePolicy);
        policy.MapPost("/reload", ReloadAsync).Requires(Permission.ManagePolicy);
    }

    private static Page<PolicyPage> Show(HttpContext context, Actor actor, PolicyDecisionPoint point, PolicyTrial? trial, Problem? refusal = null)
    {
        var policy = ShowPolicy.Run(actor, point);
        var query = TableQuery.From(context.Request);
        IReadOnlyList<PolicyRule> rules = query.Search is { Length: > 0 } part
            ? [.. policy.Rules.Where(rule => $"{rule.Method} {rule.Path} {string.Join(' ', rule.Scopes)}".Contains(part, StringComparison.OrdinalIgnoreCase))]
            : policy.Rules;
        return new Page<PolicyPage>(
            new { Policy = policy, Rules = rules, Query = query, Trial = trial, Refusal = refusal }, refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> TryAsync(
        HttpContext context, Actor actor, Origin origin, PolicyDecisionPoint point, AuditWriter audit, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var (method, path, scopes, agent) =
            (FormText.Of(form, "method").Trim(), FormText.Of(form, "path").Trim(), FormText.Of(form, "scopes").Trim(), FormText.Of(form, "agent").Trim());
        var input = new PolicyInput(
            method, path, scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries), agent.Length > 0 ? agent : null);
        var decision = await TryPolicy.RunAsync(point, audit, actor.Tenant, origin, input, ct);
        return Show(context, actor, point, new PolicyTrial(method, path, scopes, agent, decision));
    }

    private static async Task<IResult> ReloadAsync(
        HttpContext context, Actor actor, Origin origin, PolicyDecisionPoint point, ReloadPolicy reload, CancellationToken ct) =>
        await reload.RunAsync(actor.Tenant, origin, ct) switch
        {
            PolicyReload.Loaded => Done.To(context, "/console/policy", "policy-reloaded"),
            PolicyReload.Refused refused => Show(context, actor, point, null, PolicyProblems.NotReloaded with { Detail = refused.Fault }),
            PolicyReload.HeldByOpa => Show(context, actor, point, null, PolicyProblems.HeldByOpa),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}

/// <summary>A question as the form asks it, and what came of it.</summary>
public sealed record PolicyTrial(string Method, string Path, string Scopes, string AgentId, PolicyDecision Decision);
