using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Governance.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Governance;

/// <summary>Changes or retires a blueprint. What is not named stays; the whole is checked as if it were new. Its agents stay as they are until it is applied.</summary>
public sealed class UpdateBlueprint(Db db, TenantSettingsDirectory settings)
{
    public sealed record Request(
        string? Name = null,
        string? Description = null,
        [property: JsonPropertyName("agentType")] AgentType? AgentType = null,
        string? Version = null,
        IReadOnlyList<string>? Capabilities = null,
        [property: JsonPropertyName("deploymentEnv")] DeploymentEnv? DeploymentEnv = null,
        IReadOnlyList<string>? Scopes = null,
        [property: JsonPropertyName("approvalScopes")] IReadOnlyList<string>? ApprovalScopes = null,
        [property: JsonPropertyName("tokenAlgorithm")] string? TokenAlgorithm = null,
        [property: JsonPropertyName("tokenSeconds")] int? TokenSeconds = null,
        [property: JsonPropertyName("dpopRequired")] bool? DpopRequired = null,
        IReadOnlyDictionary<string, string>? Labels = null)
    {
        /// <summary>Null: as the tenant.</summary>
        [JsonPropertyName("monthlyTokens"), JsonConverter(typeof(GivenJson<int>))]
        public Given<int> MonthlyTokens { get; init; }

        /// <summary>Of agents made from now on; null: they never expire.</summary>
        [JsonPropertyName("lifetimeDays"), JsonConverter(typeof(GivenJson<int>))]
        public Given<int> LifetimeDays { get; init; }

        /// <summary>Null: nobody has to attest them.</summary>
        [JsonPropertyName("attestationDays"), JsonConverter(typeof(GivenJson<int>))]
        public Given<int> AttestationDays { get; init; }

        /// <summary>Null: as many as one likes. Below what there is: no more.</summary>
        [JsonPropertyName("maxInstances"), JsonConverter(typeof(GivenJson<int>))]
        public Given<int> MaxInstances { get; init; }
    }

    public static void Map(RouteGroupBuilder blueprints)
    {
        blueprints.MapPatch("/{id}", async (BlueprintId id, Request request, Actor actor, Origin origin, UpdateBlueprint update, CancellationToken ct) =>
                await update.RunAsync(actor.Tenant, origin, id, request, actor, ct) switch
                {
                    BlueprintChange.Done done => TypedResults.Ok(BlueprintView.Of(done.Blueprint)),
                    BlueprintChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageAgents).Produces<BlueprintView>().WithSummary("Change a blueprint of agents.");
        blueprints.MapDelete("/{id}", async (BlueprintId id, Actor actor, Origin origin, UpdateBlueprint update, CancellationToken ct) =>
                await update.RetireAsync(actor.Tenant, origin, id, ct) ? TypedResults.NoContent() : (IResult)BlueprintProblems.NotFound)
            .Requires(Permission.ManageAgents).WithSummary("Retire a blueprint, for ever: no more agents are made of it.");
    }

    /// <param name="by">Null: the operator at the machine.</param>
    public async Task<BlueprintChange> RunAsync(TenantId tenant, Origin origin, BlueprintId id, Request request, Actor? by, CancellationToken ct)
    {
        var limits = (await settings.FindAsync(tenant, ct)).Limits;
        return await db.InTenantAsync(tenant, tx => ChangeAsync(tx, origin, id, request, limits, by, ct), ct);
    }

    /// <summary>False where there is no such blueprint; to be retired already is no fault.</summary>
    public Task<bool> RetireAsync(TenantId tenant, Origin origin, BlueprintId id, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx =>
        {
            if (await BlueprintRows.RetireAsync(tx, id, ct))
            {
                tx.Emit(origin, new BlueprintRetired(id));
                return true;
            }

            return await BlueprintRows.FindAsync(tx, id, ct) is not null;
        }, ct);

    private static async Task<BlueprintChange> ChangeAsync(
        Tx tx, Origin origin, BlueprintId id, Request request, AgentLimits limits, Actor? by, CancellationToken ct)
    {
        if (await BlueprintRows.LockAsync(tx, id, ct) is not { } row)
        {
            return new BlueprintChange.Refused(BlueprintProblems.NotFound);
        }

        var before = row.ToBlueprint();
        var after = Merge(before, request, tx.Now);
        if ((BlueprintRules.Refuse(after, limits) ?? BlueprintRules.RefuseRights(before, after, by)) is { } refusal)
        {
            return new BlueprintChange.Refused(refusal);
        }

        (string Name, bool Named)[] all =
        [
            ("name", request.Name is not null), ("description", request.Description is not null), ("agent_type", request.AgentType is not null),
            ("version", request.Version is not null), ("capabilities", request.Capabilities is not null), ("deployment_env", request.DeploymentEnv is not null),
            ("scopes", request.Scopes is not null), ("approval_scopes", request.ApprovalScopes is not null), ("token_algorithm", request.TokenAlgorithm is not null),
            ("token_seconds", request.TokenSeconds is not null), ("dpop_required", request.DpopRequired is not null), ("labels", request.Labels is not null),
            ("monthly_tokens", request.MonthlyTokens.IsGiven), ("lifetime_days", request.LifetimeDays.IsGiven),
            ("attestation_days", request.AttestationDays.IsGiven), ("max_instances", request.MaxInstances.IsGiven),
        ];
        string[] fields = [.. all.Where(field => field.Named).Select(field => field.Name)];
        if (fields.Length == 0)
        {
            return new BlueprintChange.Done(before);
        }

        await BlueprintRows.UpdateAsync(tx, BlueprintRow.Of(after), ct);
        tx.Emit(origin, new BlueprintUpdated(id, fields));
        return new BlueprintChange.Done(after);
    }

    private static Blueprint Merge(Blueprint before, Request request, DateTimeOffset now) => before with
    {
        Name = request.Name?.Trim() ?? before.Name,
        Description = request.Description ?? before.Description,
        Type = request.AgentType ?? before.Type,
        Version = request.Version ?? before.Version,
        Capabilities = request.Capabilities is { } capabilities ? CreateBlueprint.Distinct(capabilities) : before.Capabilities,
        DeploymentEnv = request.DeploymentEnv ?? before.DeploymentEnv,
        Scopes = request.Scopes is { } scopes ? CreateBlueprint.Distinct(scopes) : before.Scopes,
        ApprovalScopes = request.ApprovalScopes is { } onApproval ? CreateBlueprint.Distinct(onApproval) : before.ApprovalScopes,
        TokenAlgorithm = request.TokenAlgorithm ?? before.TokenAlgorithm,
        TokenSeconds = request.TokenSeconds ?? before.TokenSeconds,
        DpopRequired = request.DpopRequired ?? before.DpopRequired,
        Labels = request.Labels ?? before.Labels,
        MonthlyTokens = request.MonthlyTokens.Or(before.MonthlyTokens),
        LifetimeDays = request.LifetimeDays.Or(before.LifetimeDays),
        AttestationDays = request.AttestationDays.Or(before.AttestationDays),
        MaxInstances = request.MaxInstances.Or(before.MaxInstances),
        UpdatedAt = now,
    };
}
