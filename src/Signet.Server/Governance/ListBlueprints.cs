using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Permissions;

namespace Signet.Server.Governance;

/// <summary>Blueprints of the tenant, newest first, a page at a time. The agents of one are <c>GET /api/v1/agents?blueprint=</c>.</summary>
public static class ListBlueprints
{
    private const int LargestPage = 200;

    /// <param name="Next">Give it as <c>before</c> to get the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<BlueprintView> Blueprints, BlueprintId? Next);

    public static void Map(RouteGroupBuilder blueprints)
    {
        blueprints.MapGet("", HandleAsync).Requires(Permission.ReadAgents).Produces<Page>().WithSummary("List blueprints of agents.");
        blueprints.MapGet("/{id}", FindAsync).Requires(Permission.ReadAgents).Produces<BlueprintView>().WithSummary("One blueprint of agents.");
    }

    private static async Task<IResult> HandleAsync(
        Actor actor, BlueprintDirectory directory, CancellationToken ct, string? status = null, BlueprintId? before = null, int limit = 50)
    {
        if (status is not null && !SnakeCase.TryParse<BlueprintState>(status, out _))
        {
            return BlueprintProblems.Invalid.WithError("status", "one of active, retired");
        }

        var size = Math.Clamp(limit, 1, LargestPage);
        var found = await directory.ListAsync(actor.Tenant, status is null ? null : SnakeCase.Parse<BlueprintState>(status), before, size + 1, ct);
        return TypedResults.Ok(new Page([.. found.Take(size).Select(BlueprintView.Of)], found.Count > size ? found[size - 1].Id : null));
    }

    private static async Task<IResult> FindAsync(BlueprintId id, Actor actor, BlueprintDirectory directory, CancellationToken ct) =>
        await directory.FindAsync(actor.Tenant, id, ct) is { } found ? TypedResults.Ok(BlueprintView.Of(found)) : BlueprintProblems.NotFound;
}
