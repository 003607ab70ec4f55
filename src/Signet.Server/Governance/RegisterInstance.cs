using System.Text.Json.Nodes;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Governance.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Governance;

/// <summary>
/// Registers an agent of a blueprint: who it is comes with the request, what it is and may from the blueprint. The blueprint is held meanwhile, so the
/// agent is made of what it says, and of several at once none goes past <c>maxInstances</c> or past a retirement.
/// </summary>
public sealed class RegisterInstance(RegisterAgent register)
{
    /// <param name="Owner">Id or address of a person of the tenant; left out: who registers it.</param>
    /// <param name="Sponsor">Who stands in for the owner.</param>
    /// <param name="Description">Left out: the blueprint's.</param>
    /// <param name="Labels">Beside those of the blueprint, which win.</param>
    public sealed record Request(
        string Email, string? Owner = null, string? Sponsor = null, string? Description = null, IReadOnlyDictionary<string, string>? Labels = null);

    public static void Map(RouteGroupBuilder blueprints) =>
        blueprints.MapPost("/{id}/instances", async (BlueprintId id, Request request, Actor actor, Origin origin, RegisterInstance register, CancellationToken ct) =>
                await register.RunAsync(actor.Tenant, origin, id, request, actor, ct) switch
                {
                    AgentChange.Done done => TypedResults.Created($"/api/v1/agents/{done.Agent.Id}", AgentView.Of(done.Agent)),
                    AgentChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageAgents).Produces<AgentView>(StatusCodes.Status201Created).WithSummary("Register an agent of a blueprint.");

    /// <param name="by">Who answers for it, if a person, where the request names nobody. Null: the operator at the machine.</param>
    public Task<AgentChange> RunAsync(TenantId tenant, Origin origin, BlueprintId id, Request request, Actor? by, CancellationToken ct) =>
        register.RunAsync(tenant, origin, request.Owner, request.Sponsor, by, tx => SayAsync(tx, id, request, by, ct), ct);

    private static async Task<RegisterAgent.Said> SayAsync(Tx tx, BlueprintId id, Request request, Actor? by, CancellationToken ct)
    {
        if (await BlueprintRows.LockAsync(tx, id, ct) is not { } row)
        {
            return Refuse(BlueprintProblems.NotFound);
        }

        var blueprint = row.ToBlueprint();
        if (blueprint.State is BlueprintState.Retired)
        {
            return Refuse(BlueprintProblems.Retired);
        }

        if (!AgentScopes.MayGive(by, blueprint.Scopes, blueprint.ApprovalScopes))
        {
            return Refuse(BlueprintProblems.BeyondYours);
        }

        if (!await Instances.HaveRoomAsync(tx, id, blueprint.MaxInstances, ct))
        {
            return Refuse(BlueprintProblems.Full with
            {
                Extensions = new Dictionary<string, JsonNode?> { ["details"] = new JsonObject { ["limit"] = blueprint.MaxInstances } },
            });
        }

        return new RegisterAgent.Said(RequestOf(blueprint, request, tx.Now), id, null);
    }

    private static RegisterAgent.Request RequestOf(Blueprint blueprint, Request request, DateTimeOffset now) => new(
        request.Email, blueprint.Type, blueprint.Version, blueprint.Capabilities, blueprint.DeploymentEnv, request.Owner, request.Sponsor,
        request.Description ?? blueprint.Description, blueprint.Scopes, blueprint.TokenAlgorithm, blueprint.TokenSeconds,
        blueprint.LifetimeDays is { } days ? now.AddDays(days) : null, blueprint.DpopRequired, Instances.LabelsOf(blueprint, request.Labels), blueprint.MonthlyTokens,
        blueprint.ApprovalScopes, blueprint.AttestationDays);

    private static RegisterAgent.Said Refuse(Problem problem) => new(null, null, problem);
}
