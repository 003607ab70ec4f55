using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Governance.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Governance;

/// <summary>What can happen when a blueprint is to be made or changed.</summary>
public abstract record BlueprintChange
{
    private BlueprintChange()
    {
    }

    public sealed record Done(Blueprint Blueprint) : BlueprintChange;

    public sealed record Refused(Problem Problem) : BlueprintChange;
}

/// <summary>Makes a blueprint of agents.</summary>
public sealed class CreateBlueprint(Db db, TenantSettingsDirectory settings)
{
    private const int MostBlueprints = 500;

    /// <param name="Description">Of agents that have none of their own.</param>
    /// <param name="MonthlyTokens">Most access tokens of each agent in a calendar month (UTC); left out: as the tenant.</param>
    /// <param name="LifetimeDays">1 to 3650: when a new agent expires; left out: never.</param>
    /// <param name="AttestationDays">1 to 366: how often a person has to say that an agent is still wanted; left out: never.</param>
    /// <param name="MaxInstances">1 to 100000: most agents of it that are not decommissioned; left out: as many as one likes.</param>
    public sealed record Request(
        string Name,
        IReadOnlyList<string> Capabilities,
        string Description = "",
        [property: JsonPropertyName("agentType")] AgentType AgentType = AgentType.Custom,
        string Version = "1.0.0",
        [property: JsonPropertyName("deploymentEnv")] DeploymentEnv DeploymentEnv = DeploymentEnv.Development,
        IReadOnlyList<string>? Scopes = null,
        [property: JsonPropertyName("approvalScopes")] IReadOnlyList<string>? ApprovalScopes = null,
        [property: JsonPropertyName("tokenAlgorithm")] string TokenAlgorithm = "ES256",
        [property: JsonPropertyName("tokenSeconds")] int TokenSeconds = 3600,
        [property: JsonPropertyName("dpopRequired")] bool DpopRequired = false,
        [property: JsonPropertyName("monthlyTokens")] int? MonthlyTokens = null,
        [property: JsonPropertyName("lifetimeDays")] int? LifetimeDays = null,
        [property: JsonPropertyName("attestationDays")] int? AttestationDays = null,
        IReadOnlyDictionary<string, string>? Labels = null,
        [property: JsonPropertyName("maxInstances")] int? MaxInstances = null);

    public static void Map(RouteGroupBuilder blueprints) =>
        blueprints.MapPost("", async (Request request, Actor actor, Origin origin, CreateBlueprint create, CancellationToken ct) =>
                await create.RunAsync(actor.Tenant, origin, request, actor, ct) switch
                {
                    BlueprintChange.Done done => TypedResults.Created($"/api/v1/agent-blueprints/{done.Blueprint.Id}", BlueprintView.Of(done.Blueprint)),
                    BlueprintChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageAgents).Produces<BlueprintView>(StatusCodes.Status201Created).WithSummary("Make a blueprint of agents.");

    /// <param name="by">Null: the operator at the machine.</param>
    public async Task<BlueprintChange> RunAsync(TenantId tenant, Origin origin, Request request, Actor? by, CancellationToken ct)
    {
        var limits = (await settings.FindAsync(tenant, ct)).Limits;
        return await db.InTenantAsync(tenant, tx => InsertAsync(tx, origin, request, limits, by, ct), ct);
    }

    private static async Task<BlueprintChange> InsertAsync(Tx tx, Origin origin, Request request, AgentLimits limits, Actor? by, CancellationToken ct)
    {
        var blueprint = new Blueprint(
            tx.NewId<BlueprintId>(), request.Name.Trim(), request.Description, request.AgentType, request.Version, Distinct(request.Capabilities), request.DeploymentEnv,
            Distinct(request.Scopes ?? AgentScopes.Usual), Distinct(request.ApprovalScopes ?? []), request.TokenAlgorithm, request.TokenSeconds, request.DpopRequired,
            request.Labels ?? AgentLabels.None, BlueprintState.Active, tx.Now, tx.Now)
        {
            MonthlyTokens = request.MonthlyTokens,
            LifetimeDays = request.LifetimeDays,
            AttestationDays = request.AttestationDays,
            MaxInstances = request.MaxInstances,
        };
        if ((BlueprintRules.Refuse(blueprint, limits) ?? BlueprintRules.RefuseRights(null, blueprint, by)) is { } refusal)
        {
            return new BlueprintChange.Refused(refusal);
        }

        await BlueprintRows.QueueAsync(tx, ct);
        if (await BlueprintRows.CountAsync(tx, ct) >= MostBlueprints)
        {
            return new BlueprintChange.Refused(BlueprintProblems.TooMany);
        }

        await BlueprintRows.InsertAsync(tx, BlueprintRow.Of(blueprint), ct);
        tx.Emit(origin, new BlueprintCreated(blueprint.Id, blueprint.Name, blueprint.Scopes));
        return new BlueprintChange.Done(blueprint);
    }

    internal static string[] Distinct(IEnumerable<string> words) => [.. words.Distinct(StringComparer.Ordinal)];
}
