using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Permissions;
using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>The kill switch: suspends every active agent of one owner, or of the tenant, and ends their tokens on every node with the commit.</summary>
public static class StopAgents
{
    /// <summary>One of the two: a slip in a name must not stop everything.</summary>
    /// <param name="Owner">Whose agents.</param>
    /// <param name="All">All agents of the tenant.</param>
    public sealed record Request(UserId? Owner = null, bool All = false);

    public sealed record Stopped(IReadOnlyList<AgentId> Agents);

    public static void Map(RouteGroupBuilder agents) =>
        agents.MapPost("/kill-switch", async (Request request, Actor actor, Origin origin, Db db, CancellationToken ct) =>
                request.All == request.Owner.HasValue
                    ? AgentProblems.Invalid.WithError("owner", "say whose agents, or all: true")
                    : (IResult)TypedResults.Ok(new Stopped(await db.InTenantAsync(actor.Tenant, tx => RunAsync(tx, origin, request.Owner, ct), ct))))
            .Requires(Permission.ManageAgents).Produces<Stopped>().WithSummary("Suspend all agents of an owner, or of the tenant.");

    /// <param name="owner">Null: all agents of the tenant.</param>
    public static async Task<IReadOnlyList<AgentId>> RunAsync(Tx tx, Origin origin, UserId? owner, CancellationToken ct)
    {
        var stopped = await AgentRows.StopAsync(tx, owner, ct);
        foreach (var agent in stopped)
        {
            tx.Emit(origin, new AgentSuspended(agent));
            tx.Notify(AgentDirectory.Topic, agent.ToString());
        }

        tx.Emit(origin, new AgentsStopped(owner is null ? "tenant" : "user", owner?.ToString() ?? tx.Tenant.ToString(), [.. stopped.Select(id => id.ToString())]));
        return stopped;
    }
}
