using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Permissions;
using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>The kill switch: suspends every active agent of one owner, of one blueprint, or of the tenant, and ends their tokens on every node with the commit.</summary>
public static class StopAgents
{
    /// <summary>One of the three: a slip in a name must not stop everything.</summary>
    /// <param name="Owner">Whose agents.</param>
    /// <param name="All">All agents of the tenant.</param>
    /// <param name="Blueprint">Those made of it.</param>
    public sealed record Request(UserId? Owner = null, bool All = false, BlueprintId? Blueprint = null);

    public sealed record Stopped(IReadOnlyList<AgentId> Agents);

    public static void Map(RouteGroupBuilder agents) =>
        agents.MapPost("/kill-switch", async (Request request, Actor actor, Origin origin, Db db, CancellationToken ct) =>
                (request.All ? 1 : 0) + (request.Owner.HasValue ? 1 : 0) + (request.Blueprint.HasValue ? 1 : 0) != 1
                    ? AgentProblems.Invalid.WithError("owner", "say one of owner, blueprint, or all: true")
                    : (IResult)TypedResults.Ok(new Stopped(await db.InTenantAsync(
                        actor.Tenant, tx => request.Blueprint is { } blueprint ? RunAsync(tx, origin, blueprint, ct) : RunAsync(tx, origin, request.Owner, ct), ct))))
            .Requires(Permission.ManageAgents).Produces<Stopped>().WithSummary("Suspend all agents of an owner, of a blueprint, or of the tenant.");

    /// <param name="owner">Null: all agents of the tenant.</param>
    public static async Task<IReadOnlyList<AgentId>> RunAsync(Tx tx, Origin origin, UserId? owner, CancellationToken ct) => Announce(
        tx, origin, await AgentRows.StopAsync(tx, owner, null, ct), owner is null ? "tenant" : "user", owner?.ToString() ?? tx.Tenant.ToString());

    /// <summary>Those made of this blueprint, with one that is being made just now. Another may be made of it afterwards, unless it is retired.</summary>
    public static async Task<IReadOnlyList<AgentId>> RunAsync(Tx tx, Origin origin, BlueprintId blueprint, CancellationToken ct)
    {
        await AgentRows.QueueAsync(tx, blueprint, ct);
        return Announce(tx, origin, await AgentRows.StopAsync(tx, null, blueprint, ct), "blueprint", blueprint.ToString());
    }

    private static List<AgentId> Announce(Tx tx, Origin origin, List<AgentId> stopped, string scope, string of)
    {
        foreach (var agent in stopped)
        {
            tx.Emit(origin, new AgentSuspended(agent));
            tx.Notify(AgentDirectory.Topic, agent.ToString());
        }

        tx.Emit(origin, new AgentsStopped(scope, of, [.. stopped.Select(id => id.ToString())]));
        return stopped;
    }
}
