using System.Diagnostics.Metrics;
using Signet.Platform.Data;

namespace Signet.Server.Agents;

/// <summary>What is counted of agents.</summary>
public sealed class AgentMetrics(IMeterFactory meters)
{
    private readonly Counter<long> registered = meters.Create("Signet.Agents").CreateCounter<long>(
        "signet_agents_registered_total", description: "Agents registered, by environment.");

    internal void Registered(DeploymentEnv environment) => registered.Add(1, new KeyValuePair<string, object?>("deployment_env", SnakeCase.Of(environment)));
}
