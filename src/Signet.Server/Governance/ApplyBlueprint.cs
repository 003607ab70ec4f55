using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Governance.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Governance;

/// <summary>What can happen when a blueprint is to be applied.</summary>
public abstract record BlueprintApplication
{
    private BlueprintApplication()
    {
    }

    public sealed record Done(ApplyBlueprint.Applied Applied) : BlueprintApplication;

    public sealed record Refused(Problem Problem) : BlueprintApplication;
}

/// <summary>
/// Makes the agents of a blueprint what it says now, each as if somebody had changed it, and with the same refusals. A few at a time, under the blueprint:
/// whoever is interrupted applies it again, and who already is as it says is left alone.
/// </summary>
public sealed class ApplyBlueprint(Db db, TenantSettingsDirectory settings)
{
    private const int AtOnce = 100;

    /// <param name="Code">Of the error.</param>
    public sealed record NotChanged([property: JsonPropertyName("agentId")] AgentId AgentId, string Code, string Message);

    /// <param name="Changed">Those that were not as the blueprint says.</param>
    /// <param name="Unchanged">How many were.</param>
    /// <param name="Refused">Those that can't be so, and why.</param>
    public sealed record Applied(IReadOnlyList<AgentId> Changed, int Unchanged, IReadOnlyList<NotChanged> Refused);

    public static void Map(RouteGroupBuilder blueprints) =>
        blueprints.MapPost("/{id}/apply", async (BlueprintId id, Actor actor, Origin origin, ApplyBlueprint apply, CancellationToken ct) =>
                await apply.RunAsync(actor.Tenant, origin, id, actor, ct) switch
                {
                    BlueprintApplication.Done done => TypedResults.Ok(done.Applied),
                    BlueprintApplication.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageAgents).Produces<Applied>().WithSummary("Make the agents of a blueprint what it says.");

    /// <param name="by">Null: the operator at the machine.</param>
    public async Task<BlueprintApplication> RunAsync(TenantId tenant, Origin origin, BlueprintId id, Actor? by, CancellationToken ct)
    {
        var limits = (await settings.FindAsync(tenant, ct)).Limits;
        var (changed, unchanged, refused) = (new List<AgentId>(), 0, new List<NotChanged>());
        for (AgentId? before = null; ;)
        {
            var from = before;
            var part = await db.InTenantAsync(tenant, tx => ApplyAsync(tx, origin, id, from, limits, by, ct), ct);
            if (part.Refusal is { } refusal)
            {
                return new BlueprintApplication.Refused(refusal);
            }

            changed.AddRange(part.Changed);
            refused.AddRange(part.Refused);
            unchanged += part.Unchanged;
            if (part.Last is null)
            {
                break;
            }

            before = part.Last;
        }

        await db.InTenantAsync(tenant, tx =>
        {
            tx.Emit(origin, new BlueprintApplied(id, changed.Count, unchanged, refused.Count));
            return Task.CompletedTask;
        }, ct);
        return new BlueprintApplication.Done(new Applied(changed, unchanged, refused));
    }

    private sealed record Part(Problem? Refusal, IReadOnlyList<AgentId> Changed, int Unchanged, IReadOnlyList<NotChanged> Refused, AgentId? Last);

    private static async Task<Part> ApplyAsync(Tx tx, Origin origin, BlueprintId id, AgentId? before, AgentLimits limits, Actor? by, CancellationToken ct)
    {
        if (await BlueprintRows.LockAsync(tx, id, ct) is not { } row)
        {
            return Refuse(BlueprintProblems.NotFound);
        }

        var blueprint = row.ToBlueprint();
        if (!AgentScopes.MayGive(by, blueprint.Scopes, blueprint.ApprovalScopes))
        {
            return Refuse(BlueprintProblems.BeyondYours);
        }

        // What the tenant allows may have shrunk since.
        if (BlueprintRules.Refuse(blueprint, limits) is { } stale)
        {
            return Refuse(stale);
        }

        var agents = await AgentDirectory.ListAsync(tx, new AgentsWanted(Blueprint: id), before, AtOnce, ct);
        var (changed, unchanged, refused) = (new List<AgentId>(), 0, new List<NotChanged>());
        foreach (var agent in agents.Where(agent => agent.State is not AgentState.Decommissioned))
        {
            if (Instances.WhatLacks(agent, blueprint) is not { } lacks)
            {
                unchanged++;
            }
            else if (await UpdateAgent.ChangeAsync(tx, origin, agent.Id, lacks, null, null, by, ct) is AgentChange.Refused { Problem: var problem })
            {
                refused.Add(new NotChanged(agent.Id, problem.Code, WordsOf(problem)));
            }
            else
            {
                changed.Add(agent.Id);
            }
        }

        return new Part(null, changed, unchanged, refused, agents.Count == AtOnce ? agents[^1].Id : null);
    }

    private static string WordsOf(Problem problem) =>
        problem.Errors is { Count: > 0 } errors ? string.Join("; ", errors.Select(error => $"{error.Key} {error.Value[0]}")) : problem.Title;

    private static Part Refuse(Problem problem) => new(problem, [], 0, [], null);
}
