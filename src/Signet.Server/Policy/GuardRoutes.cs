using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Server.Permissions;

namespace Signet.Server.Policy;

/// <summary>Asks the policy about every request to our own API that an access token speaks for. What it denies is on record; what it allows records itself.</summary>
internal sealed class GuardRoutes(PolicyDecisionPoint point, AuditWriter audit)
{
    /// <summary>A <see cref="TokenRule"/>.</summary>
    public async ValueTask<TokenDenial?> RunAsync(HttpContext context, Actor actor, IReadOnlyList<string> scopes)
    {
        var input = new PolicyInput(context.Request.Method, context.Request.Path.Value!, scopes, actor.Id.ToString());
        if (await point.DecideAsync(input, context.RequestAborted) is not PolicyDecision.Denied denied)
        {
            return null;
        }

        var record = new DecisionRecord();
        record.Add(input, $"agent:{actor.Id}", denied);
        await audit.RecordAsync(actor.Tenant, context.Features.Get<Origin>()!, record.ToEvent(point.InForce.Engine, null), context.RequestAborted);
        return new TokenDenial(PolicyProblems.Denied(denied.Reason), PolicyReasons.MissingIn(denied.Reason));
    }
}
