using System.Diagnostics.Metrics;
using Signet.Platform.Data;

namespace Signet.Server.Agents;

/// <summary>What is counted of agents.</summary>
public sealed class AgentMetrics
{
    private readonly Counter<long> registered;
    private readonly Counter<long> ofBlueprints;
    private readonly Counter<long> attested;
    private readonly Counter<long> orphaned;
    private readonly Counter<long> suspended;

    public AgentMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Signet.Agents");
        registered = meter.CreateCounter<long>("signet_agents_registered_total", description: "Agents registered, by environment.");
        ofBlueprints = meter.CreateCounter<long>("signet_agents_of_blueprints_total", description: "Those of the agents registered that were made of a blueprint.");
        attested = meter.CreateCounter<long>("signet_agents_attested_total", description: "Agents a person said are still wanted.");
        orphaned = meter.CreateCounter<long>("signet_agents_orphaned_total", description: "Agents whose owner left.");
        suspended = meter.CreateCounter<long>("signet_agents_suspended_by_rule_total", description: "Agents nobody suspended but a rule, by its reason.");
    }

    internal void Registered(Agent agent)
    {
        registered.Add(1, new KeyValuePair<string, object?>("deployment_env", SnakeCase.Of(agent.DeploymentEnv)));
        if (agent.Blueprint is not null)
        {
            ofBlueprints.Add(1);
        }
    }

    internal void Attested() => attested.Add(1);

    internal void Orphaned(int agents) => orphaned.Add(agents);

    /// <param name="reason">One of <see cref="SuspendedBecause"/>.</param>
    internal void Suspended(string reason, int agents) => suspended.Add(agents, new KeyValuePair<string, object?>("reason", reason));
}

/// <summary>Why an agent was suspended where nobody did it.</summary>
internal static class SuspendedBecause
{
    public const string AttestationOverdue = "attestation_overdue";
    public const string Orphaned = "orphaned";
}
