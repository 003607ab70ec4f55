using Signet.Server.Agents;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.AgentCards;

/// <summary>What is stated of an agent, to the tenant's own people: also where it is not published.</summary>
public static class ShowCard
{
    public static void Map(RouteGroupBuilder card) =>
        card.MapGet("", HandleAsync).Requires(Permission.ReadAgents).Produces<CardView>().WithSummary("Show the card of an agent.");

    private static async Task<IResult> HandleAsync(
        AgentId id, Tenant tenant, AgentDirectory agents, CardDirectory cards, TimeProvider time, CancellationToken ct) =>
        await agents.FindAsync(tenant.Id, id, ct) is not { } agent ? AgentProblems.NotFound
        : await cards.FindAsync(tenant.Id, id, ct) is not { } card ? CardProblems.NotFound
        : TypedResults.Ok(CardView.Of(tenant, agent, card, time.GetUtcNow()));
}
