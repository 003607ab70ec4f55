using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Clients;
using Signet.Server.Sessions;
using Signet.Server.Users;

namespace Signet.Server.Console;

/// <summary>How many of each there are, counted no further than a person cares: a tenant of millions costs no more than one of thousands.</summary>
public sealed class CountRecords(UserDirectory users, ClientDirectory clients, AgentDirectory agents, BrowserSessions sessions)
{
    public const int Most = 1000;

    public sealed record Counts(long Users, long Clients, long Agents, long Sessions);

    public async Task<Counts> RunAsync(TenantId tenant, CancellationToken ct) => new(
        await users.CountAsync(tenant, Most + 1, ct), await clients.CountAsync(tenant, Most + 1, ct),
        await agents.CountAsync(tenant, Most + 1, ct), await sessions.CountAsync(tenant, Most + 1, ct));

    public static string Words(long count) => count > Most ? $"{Most:N0}+" : count.ToString("N0");
}
