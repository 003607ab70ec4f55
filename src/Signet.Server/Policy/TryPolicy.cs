using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit;

namespace Signet.Server.Policy;

/// <summary>Decides one question on record, in the policy's own terms: for a person who wants to see what it says.</summary>
public static class TryPolicy
{
    public static async Task<PolicyDecision> RunAsync(
        PolicyDecisionPoint point, AuditWriter audit, TenantId tenant, Origin origin, PolicyInput input, CancellationToken ct)
    {
        var record = new DecisionRecord();
        var decision = await point.DecideAsync(input, ct);
        if (input.Fault is { } part)
        {
            record.AddInvalid(part);
        }
        else
        {
            record.Add(input, input.AgentId is { } agent ? $"agent:{agent}" : "nobody", decision);
        }

        await audit.RecordAsync(tenant, origin, record.ToEvent(point.InForce.Engine, null), ct);
        return decision;
    }
}
