using Signet.Server.Agents;
using Signet.Server.Permissions;

namespace Signet.Server.Workloads;

/// <summary>Trust policies of the tenant, newest first, a page at a time.</summary>
public static class ListTrustPolicies
{
    private const int LargestPage = 200;

    /// <param name="Next">Give it as <c>before</c> to get the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<TrustPolicyView> Policies, TrustPolicyId? Next);

    public static void Map(RouteGroupBuilder policies)
    {
        policies.MapGet("", HandleAsync).Requires(Permission.ReadAgents).Produces<Page>().WithSummary("List trust policies.");
        policies.MapGet("/{id}", FindAsync).Requires(Permission.ReadAgents).Produces<TrustPolicyView>().WithSummary("One trust policy.");
    }

    private static async Task<IResult> HandleAsync(
        Actor actor, TrustDirectory directory, CancellationToken ct, AgentId? agent = null, TrustPolicyId? before = null, int limit = 50)
    {
        var size = Math.Clamp(limit, 1, LargestPage);
        var found = await directory.ListAsync(actor.Tenant, agent, before, size + 1, ct);
        return TypedResults.Ok(new Page([.. found.Take(size).Select(TrustPolicyView.Of)], found.Count > size ? found[size - 1].Id : null));
    }

    private static async Task<IResult> FindAsync(TrustPolicyId id, Actor actor, TrustDirectory directory, CancellationToken ct) =>
        await directory.FindAsync(actor.Tenant, id, ct) is { } trust ? TypedResults.Ok(TrustPolicyView.Of(trust)) : TrustPolicyProblems.NotFound;
}
