using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>
/// Changes an agent, its state among the rest. What is not named stays; the whole is checked as if it were new. An agent that is suspended or
/// decommissioned loses every token with the commit, and they do not come back with it.
/// </summary>
public sealed class UpdateAgent(Db db, UserDirectory users, TenantSettingsDirectory settings)
{
    public sealed record Request(
        [property: JsonPropertyName("agentType")] AgentType? AgentType = null,
        string? Version = null,
        IReadOnlyList<string>? Capabilities = null,
        string? Owner = null,
        string? Sponsor = null,
        [property: JsonPropertyName("deploymentEnv")] DeploymentEnv? DeploymentEnv = null,
        string? Description = null,
        IReadOnlyList<string>? Scopes = null,
        [property: JsonPropertyName("tokenAlgorithm")] string? TokenAlgorithm = null,
        [property: JsonPropertyName("tokenSeconds")] int? TokenSeconds = null,
        AgentState? Status = null,
        [property: JsonPropertyName("dpopRequired")] bool? DpopRequired = null,
        IReadOnlyDictionary<string, string>? Labels = null,
        [property: JsonPropertyName("approvalScopes")] IReadOnlyList<string>? ApprovalScopes = null)
    {
        /// <summary>Null takes the end away.</summary>
        [JsonPropertyName("expiresAt"), JsonConverter(typeof(GivenJson<DateTimeOffset>))]
        public Given<DateTimeOffset> ExpiresAt { get; init; }

        /// <summary>Null: as the tenant.</summary>
        [JsonPropertyName("monthlyTokens"), JsonConverter(typeof(GivenJson<int>))]
        public Given<int> MonthlyTokens { get; init; }

        /// <summary>1 to 366; null: nobody has to attest it any more.</summary>
        [JsonPropertyName("attestationDays"), JsonConverter(typeof(GivenJson<int>))]
        public Given<int> AttestationDays { get; init; }
    }

    public static void Map(RouteGroupBuilder agents)
    {
        agents.MapPatch("/{id}", async (AgentId id, Request request, Actor actor, Origin origin, UpdateAgent update, CancellationToken ct) =>
                await update.RunAsync(actor.Tenant, origin, id, request, actor, ct) switch
                {
                    AgentChange.Done done => TypedResults.Ok(AgentView.Of(done.Agent)),
                    AgentChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageAgents).Produces<AgentView>().WithSummary("Change, suspend or reactivate an agent.");
        agents.MapDelete("/{id}", async (AgentId id, Actor actor, Origin origin, UpdateAgent update, CancellationToken ct) =>
                await update.RunAsync(actor.Tenant, origin, id, new Request(Status: AgentState.Decommissioned), actor, ct) switch
                {
                    AgentChange.Refused refused => (IResult)refused.Problem,
                    _ => TypedResults.NoContent(),
                })
            .Requires(Permission.ManageAgents).WithSummary("Decommission an agent, for ever.");
    }

    /// <param name="by">Null: the operator at the machine.</param>
    public async Task<AgentChange> RunAsync(TenantId tenant, Origin origin, AgentId id, Request request, Actor? by, CancellationToken ct)
    {
        if (request.MonthlyTokens.IsGiven && AgentBudgets.Refuse(request.MonthlyTokens.Value, (await settings.FindAsync(tenant, ct)).Limits) is { } tooMuch)
        {
            return new AgentChange.Refused(tooMuch);
        }

        var owner = request.Owner is { } named ? await RegisterAgent.FindPersonAsync(users, tenant, named, ct) : null;
        var sponsor = request.Sponsor is { } second ? await RegisterAgent.FindPersonAsync(users, tenant, second, ct) : null;
        if ((request.Owner is not null && owner is null) || (request.Sponsor is not null && sponsor is null))
        {
            return new AgentChange.Refused(AgentProblems.Invalid.WithError(
                request.Owner is not null && owner is null ? "owner" : "sponsor", "is to be a person of this tenant, by id or address"));
        }

        return await db.InTenantAsync(tenant, tx => ChangeAsync(tx, origin, id, request, owner, sponsor, by, ct), ct);
    }

    /// <param name="owner">Who the request names, found; null: it names nobody.</param>
    internal static async Task<AgentChange> ChangeAsync(
        Tx tx, Origin origin, AgentId id, Request request, UserId? owner, UserId? sponsor, Actor? by, CancellationToken ct)
    {
        if (await AgentRows.LockAsync(tx, id, ct) is not { } row)
        {
            return new AgentChange.Refused(AgentProblems.NotFound);
        }

        var before = await AttestAgent.SuspendOverdueAsync(tx, origin, row.ToAgent([]), ct);
        var after = Merge(before, request, owner, sponsor, tx.Now);
        if (before.State is AgentState.Decommissioned || !AgentStates.CanBecome(before.State, after.State))
        {
            return new AgentChange.Refused(before.State is AgentState.Decommissioned ? AgentProblems.Decommissioned : AgentProblems.InvalidTransition);
        }

        if ((MetadataOf(after).Refuse() ?? AgentLabels.Refuse(request.Labels) ?? AgentAttestation.Refuse(after.AttestationDays)
                ?? RefuseRights(before, after, request, by) ?? RefuseReturn(before, after, tx.Now)) is { } refusal)
        {
            return new AgentChange.Refused(refusal);
        }

        await AgentRows.UpdateAsync(tx, AgentRow.Of(after), ct);
        if (after.State is AgentState.Decommissioned)
        {
            foreach (var credential in await CredentialRows.RevokeAllAsync(tx, id, ct))
            {
                tx.Emit(origin, new CredentialRevoked(id, credential));
            }
        }

        Announce(tx, origin, before, after, request);
        return new AgentChange.Done(after);
    }

    private static Problem? RefuseRights(Agent before, Agent after, Request request, Actor? by)
    {
        if (request.Scopes is not null && !AgentScopes.MayGive(by, after.Scopes, after.ApprovalScopes))
        {
            return AgentProblems.BeyondYours;
        }

        // A scope that needs no approval any more is given anew. And no agent frees an agent of asking, not even by taking the scope away: it could
        // give it back without.
        var freed = before.ApprovalScopes.Except(after.ApprovalScopes).ToList();
        return freed.Count > 0 && (by is { Kind: ActorKind.Agent } || !AgentScopes.MayGive(by, [.. freed.Intersect(after.Scopes)])) ? AgentProblems.BeyondYours
            : by is { Kind: ActorKind.Agent } && AgentAttestation.IsLooser(before.AttestationDays, after.AttestationDays) ? AgentProblems.AttestedByPeople
            : null;
    }

    // The job would only suspend it again.
    private static Problem? RefuseReturn(Agent before, Agent after, DateTimeOffset now) =>
        before.State is not AgentState.Suspended || after.State is not AgentState.Active ? null
        : after.IsOverdue(now) ? AgentProblems.AttestationOverdue
        : after.OrphanedAt is not null ? AgentProblems.Orphaned
        : null;

    private static Agent Merge(Agent agent, Request request, UserId? owner, UserId? sponsor, DateTimeOffset now)
    {
        var state = request.Status ?? agent.State;
        return agent with
        {
            Type = request.AgentType ?? agent.Type,
            Version = request.Version ?? agent.Version,
            Description = request.Description ?? agent.Description,
            Capabilities = request.Capabilities?.Distinct(StringComparer.Ordinal).ToList() ?? agent.Capabilities,
            DeploymentEnv = request.DeploymentEnv ?? agent.DeploymentEnv,
            Owner = owner ?? agent.Owner,
            Sponsor = sponsor ?? agent.Sponsor,
            Scopes = request.Scopes?.Distinct(StringComparer.Ordinal).ToList() ?? agent.Scopes,
            ApprovalScopes = request.ApprovalScopes?.Distinct(StringComparer.Ordinal).ToList() ?? agent.ApprovalScopes,
            TokenAlgorithm = request.TokenAlgorithm ?? agent.TokenAlgorithm,
            TokenLife = request.TokenSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : agent.TokenLife,
            ExpiresAt = request.ExpiresAt.Or(agent.ExpiresAt),
            DpopRequired = request.DpopRequired ?? agent.DpopRequired,
            Labels = request.Labels ?? agent.Labels,
            MonthlyTokens = request.MonthlyTokens.Or(agent.MonthlyTokens),
            AttestationDays = request.AttestationDays.Or(agent.AttestationDays),
            AttestedUntil = AgentAttestation.After(agent, request.AttestationDays.Or(agent.AttestationDays), now),
            // Only who is there is ever named.
            OrphanedAt = owner is null ? agent.OrphanedAt : null,
            State = state,
            // What was issued to an agent that stops stays dead when it comes back.
            Epoch = state is not AgentState.Active && state != agent.State ? agent.Epoch + 1 : agent.Epoch,
            UpdatedAt = now,
        };
    }

    private static AgentMetadata MetadataOf(Agent agent) => new()
    {
        Email = agent.Email,
        Version = agent.Version,
        Description = agent.Description,
        Capabilities = agent.Capabilities,
        Scopes = agent.Scopes,
        ApprovalScopes = agent.ApprovalScopes,
        TokenAlgorithm = agent.TokenAlgorithm,
        TokenSeconds = (int)agent.TokenLife.TotalSeconds,
    };

    private static void Announce(Tx tx, Origin origin, Agent before, Agent after, Request request)
    {
        (string Name, bool Named)[] all =
        [
            ("agent_type", request.AgentType is not null), ("version", request.Version is not null), ("capabilities", request.Capabilities is not null),
            ("owner", request.Owner is not null), ("sponsor", request.Sponsor is not null), ("deployment_env", request.DeploymentEnv is not null),
            ("description", request.Description is not null), ("scopes", request.Scopes is not null),
            ("approval_scopes", request.ApprovalScopes is not null),
            ("token_algorithm", request.TokenAlgorithm is not null), ("token_seconds", request.TokenSeconds is not null),
            ("expires_at", request.ExpiresAt.IsGiven), ("dpop_required", request.DpopRequired is not null),
            ("labels", request.Labels is not null),
            ("monthly_tokens", request.MonthlyTokens.IsGiven), ("attestation_days", request.AttestationDays.IsGiven),
        ];
        string[] fields = [.. all.Where(field => field.Named).Select(field => field.Name)];
        if (fields.Length > 0)
        {
            tx.Emit(origin, new AgentUpdated(after.Id, fields));
        }

        if (after.Owner != before.Owner)
        {
            tx.Emit(origin, new AgentTransferred(after.Id, before.Owner, after.Owner));
        }

        if (after.State != before.State)
        {
            tx.Emit(origin, after.State switch
            {
                AgentState.Active => new AgentReactivated(after.Id),
                AgentState.Suspended => new AgentSuspended(after.Id),
                AgentState.Decommissioned => (AgentEvent)new AgentDecommissioned(after.Id),
            });
        }

        tx.Notify(AgentDirectory.Topic, after.Id.ToString());
    }
}
