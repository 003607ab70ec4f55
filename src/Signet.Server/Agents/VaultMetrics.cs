using System.Diagnostics.Metrics;

namespace Signet.Server.Agents;

/// <summary>What is counted of requests to Vault.</summary>
public sealed class VaultMetrics(IMeterFactory meters)
{
    private readonly Counter<long> requests = meters.Create("Signet.Agents").CreateCounter<long>(
        "signet_vault_requests_total", description: "Requests to Vault, by operation (read, write, destroy) and outcome (answered, unavailable).");

    internal void Asked(string operation, string outcome) =>
        requests.Add(1, new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("outcome", outcome));
}
