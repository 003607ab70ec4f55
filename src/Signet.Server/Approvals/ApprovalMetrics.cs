using System.Diagnostics.Metrics;
using Signet.Platform.Data;

namespace Signet.Server.Approvals;

/// <summary>What is counted of approvals.</summary>
public sealed class ApprovalMetrics(IMeterFactory meters)
{
    private readonly Counter<long> approvals = meters.Create("Signet.Approvals").CreateCounter<long>(
        "signet_approvals_total", description: "Approvals of agents' actions, by what became of them.");

    /// <param name="outcome"><see cref="ApprovalState.Waiting"/>: one was asked for.</param>
    internal void Became(ApprovalState outcome, long number = 1) =>
        approvals.Add(number, new KeyValuePair<string, object?>("outcome", outcome is ApprovalState.Waiting ? "requested" : SnakeCase.Of(outcome)));
}
