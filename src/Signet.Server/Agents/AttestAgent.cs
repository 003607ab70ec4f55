using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Agents;

/// <summary>
/// A person says that an agent is still wanted: its owner, its sponsor, or who manages agents. No agent says so of any agent. An agent whose attestation had
/// run out stays stopped, whether the job came by already or not: somebody resumes it, and its old tokens stay dead.
/// </summary>
public sealed class AttestAgent(Db db, AgentMetrics metrics)
{
    public const int MostDays = 366;

    /// <param name="Status">An agent that came too late is suspended.</param>
    public sealed record Attested(
        [property: JsonPropertyName("agentId")] AgentId AgentId, AgentState Status, [property: JsonPropertyName("attestedUntil")] DateTimeOffset? AttestedUntil);

    public static void Map(RouteGroupBuilder agents) =>
        // Whoever has an account: the agent says who its people are. No token of an agent has this permission.
        agents.MapPost("/{id}/attest", async (AgentId id, Actor actor, Origin origin, AttestAgent attest, CancellationToken ct) =>
                await attest.RunAsync(actor.Tenant, origin, id, actor, ct) switch
                {
                    AgentChange.Done { Agent: var agent } => TypedResults.Ok(new Attested(agent.Id, agent.State, agent.AttestedUntil)),
                    AgentChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageOwnAccount).Produces<Attested>().WithSummary("Say that an agent is still wanted.");

    /// <param name="by">Null: the operator at the machine.</param>
    public async Task<AgentChange> RunAsync(TenantId tenant, Origin origin, AgentId id, Actor? by, CancellationToken ct)
    {
        var change = await db.InTenantAsync(tenant, tx => RunAsync(tx, origin, id, by, ct), ct);
        if (change is AgentChange.Done)
        {
            metrics.Attested();
        }

        return change;
    }

    private static async Task<AgentChange> RunAsync(Tx tx, Origin origin, AgentId id, Actor? by, CancellationToken ct)
    {
        if (await AgentRows.LockAsync(tx, id, ct) is not { } row || !MayAttest(by, row))
        {
            return new AgentChange.Refused(AgentProblems.NotFound);
        }

        if (row.ToAgent([]) is { State: AgentState.Decommissioned } or { AttestationDays: null })
        {
            return new AgentChange.Refused(row.State is AgentState.Decommissioned ? AgentProblems.Decommissioned : AgentProblems.NotAttested);
        }

        var before = await SuspendOverdueAsync(tx, origin, row.ToAgent([]), ct);
        var after = before with { AttestedUntil = tx.Now.AddDays(before.AttestationDays!.Value) };
        if (after.AttestedUntil != before.AttestedUntil)
        {
            await AgentRows.UpdateAsync(tx, AgentRow.Of(after with { UpdatedAt = tx.Now }), ct);
            tx.Emit(origin, new AgentAttested(id, after.AttestedUntil.Value));
            tx.Notify(AgentDirectory.Topic, id.ToString());
        }

        return new AgentChange.Done(after);
    }

    /// <summary>The agent as it is once what time did to it is written: before anything makes it hold again, its old tokens end.</summary>
    internal static async Task<Agent> SuspendOverdueAsync(Tx tx, Origin origin, Agent agent, CancellationToken ct)
    {
        if (agent.State is not AgentState.Active || !agent.IsOverdue(tx.Now))
        {
            return agent;
        }

        var suspended = agent with { State = AgentState.Suspended, Epoch = agent.Epoch + 1, UpdatedAt = tx.Now };
        await AgentRows.UpdateAsync(tx, AgentRow.Of(suspended), ct);
        tx.Emit(origin, new AgentSuspended(agent.Id) { Reason = SuspendedBecause.AttestationOverdue });
        tx.Notify(AgentDirectory.Topic, agent.Id.ToString());
        return suspended;
    }

    // To anybody else there is no such agent: an account alone shows none.
    private static bool MayAttest(Actor? by, AgentRow agent) =>
        by is null
        || (by.Kind is not ActorKind.Agent && (by.May(Permission.ManageAgents) || agent.OwnerId.Value == by.Id || agent.SponsorId?.Value == by.Id));
}
