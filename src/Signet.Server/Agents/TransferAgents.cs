using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Permissions;
using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>What can happen when the agents of a person are to be somebody else's.</summary>
public abstract record AgentTransfer
{
    private AgentTransfer()
    {
    }

    /// <param name="Agents">Those that changed hands; none where the person answered for none.</param>
    public sealed record Moved(IReadOnlyList<AgentId> Agents) : AgentTransfer;

    public sealed record Refused(Problem Problem) : AgentTransfer;
}

/// <summary>Gives all agents a person answers for to another, at once; what was decommissioned stays as it is. Of two transfers that race each agent goes with one.</summary>
public sealed class TransferAgents(Db db, UserDirectory users)
{
    /// <param name="From">Id or address of who answers for them now; an id also of who is gone.</param>
    /// <param name="To">Id or address of an active person of the tenant.</param>
    public sealed record Request(string From, string To);

    public sealed record Transferred(IReadOnlyList<AgentId> Agents);

    public static void Map(RouteGroupBuilder agents) =>
        agents.MapPost("/transfer", async (Request request, Actor actor, Origin origin, TransferAgents transfer, CancellationToken ct) =>
                await transfer.RunAsync(actor.Tenant, origin, request, ct) switch
                {
                    AgentTransfer.Moved moved => TypedResults.Ok(new Transferred(moved.Agents)),
                    AgentTransfer.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageAgents).Produces<Transferred>().WithSummary("Give all agents of a person to another.");

    public async Task<AgentTransfer> RunAsync(TenantId tenant, Origin origin, Request request, CancellationToken ct)
    {
        // Whoever is gone has agents still, and those are the ones that need somebody.
        UserId? from = UserId.TryParse(request.From, null, out var id) ? id
            : EmailAddress.TryParse(request.From) is { } address ? (await users.FindByEmailAsync(tenant, address, ct))?.Id
            : null;
        if (from is not { } before)
        {
            return new AgentTransfer.Refused(AgentProblems.Invalid.WithError("from", "is to be a person, by id or address"));
        }

        return await RegisterAgent.FindPersonAsync(users, tenant, request.To, ct) is { } after && after != before
            ? new AgentTransfer.Moved(await db.InTenantAsync(tenant, tx => MoveAsync(tx, origin, before, after, ct), ct))
            : new AgentTransfer.Refused(AgentProblems.Invalid.WithError("to", "is to be another person of this tenant, by id or address"));
    }

    private static async Task<IReadOnlyList<AgentId>> MoveAsync(Tx tx, Origin origin, UserId from, UserId to, CancellationToken ct)
    {
        var moved = await AgentRows.TransferAsync(tx, from, to, ct);
        foreach (var agent in moved)
        {
            tx.Emit(origin, new AgentTransferred(agent, from, to));
            tx.Notify(AgentDirectory.Topic, agent.ToString());
        }

        return moved;
    }
}
