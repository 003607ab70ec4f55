using Signet.Server.Agents;
using Signet.Server.Tenants;

namespace Signet.Server.AgentCards;

/// <summary>Identifiers that are an address of ours. <see href="https://w3c-ccg.github.io/did-method-web/"/></summary>
internal static class DidWeb
{
    public static string Of(Tenant tenant) => string.Join(':', PartsOf(tenant));

    public static string Of(Tenant tenant, AgentId agent) => string.Join(':', [.. PartsOf(tenant), "agents", agent.ToString()]);

    // did:web §3.1: colons for slashes; the one before a port is percent-encoded.
    private static IEnumerable<string> PartsOf(Tenant tenant)
    {
        var origin = new Uri(tenant.Origin);
        return ["did", "web", origin.IsDefaultPort ? origin.IdnHost : $"{origin.IdnHost}%3A{origin.Port}", .. origin.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries)];
    }
}
