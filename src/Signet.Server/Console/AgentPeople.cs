using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Users;

namespace Signet.Server.Console;

/// <summary>Who answers for an agent, as they are called now; null for who is gone.</summary>
public sealed record AgentPeople(UserId OwnerId, User? Owner, UserId? SponsorId, User? Sponsor)
{
    public string OwnerAddress => Owner?.Email.Value ?? OwnerId.ToString();

    public static async Task<AgentPeople> FindAsync(UserDirectory users, Agent agent, TenantId tenant, CancellationToken ct) => new(
        agent.Owner, await users.FindAsync(tenant, agent.Owner, ct),
        agent.Sponsor, agent.Sponsor is { } sponsor ? await users.FindAsync(tenant, sponsor, ct) : null);

    public AgentForm ToForm(Agent agent) => AgentForm.Of(agent, OwnerAddress, Sponsor?.Email.Value ?? SponsorId?.ToString() ?? "");
}
